"""The bundle for SEKOIA.io: the folder of one module."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cado_sentinelone import __version__
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.pictures import picture
from cado_sentinelone_manifests.rendering import render
from cado_sentinelone_manifests.sekoia import schemas
from cado_sentinelone_manifests.sekoia.check import check

PACKAGE = "cado_sentinelone_manifests.sekoia"
TEMPLATES = (
    ("main.py.j2", "main.py"),
    ("actions.py.j2", "cado_sentinelone_module/actions.py"),
    ("module.py.j2", "cado_sentinelone_module/module.py"),
    ("init.py.j2", "cado_sentinelone_module/__init__.py"),
    ("CHANGELOG.md.j2", "CHANGELOG.md"),
    ("Dockerfile.j2", "Dockerfile"),
    ("pyproject.toml.j2", "pyproject.toml"),
)


def files(actions: Sequence[Action]) -> Iterable[File]:
    """The module's manifest, a manifest and a class per action, and what its image is built from."""
    description = describe(actions)
    for template, path in TEMPLATES:
        yield File(path, render(PACKAGE, template, description=description))
    manifest = render(
        PACKAGE,
        "manifest.json.j2",
        description=description,
        uuid=schemas.uuid_of("module"),
        configuration=schemas.configuration(description),
    )
    yield File("manifest.json", manifest)
    for action in description.actions:
        content = render(
            PACKAGE,
            "action.json.j2",
            action=action,
            uuid=schemas.uuid_of(action.identifier),
            arguments=schemas.arguments(action),
            results=schemas.results(action),
        )
        yield File(f"action_{action.function_name}.json", content)
    yield File("logo.png", picture("logo-512x512.png"))


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="sekoia",
        title="SEKOIA.io",
        render=files,
        check=check,
        bundle=Bundle(
            archive="zip", name=f"sekoia-cado-sentinelone-{__version__}.zip", top="CadoSentinelOne"
        ),
        proven="run by its SDK's run-action, which holds arguments and results to their schemas",
    )
