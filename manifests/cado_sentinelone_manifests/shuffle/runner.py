"""The bundle for Shuffle: the folder of one version of an app."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence

from cado_sentinelone import __version__
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.description import Description, describe
from cado_sentinelone_manifests.fields import Parameter
from cado_sentinelone_manifests.pictures import picture
from cado_sentinelone_manifests.rendering import render
from cado_sentinelone_manifests.shuffle.check import check
from cado_sentinelone_manifests.shuffle.presenter import SETTING_PREFIX

PACKAGE = "cado_sentinelone_manifests.shuffle"
FOLDER = f"cado_sentinelone/{__version__}"


def files(actions: Sequence[Action]) -> Iterable[File]:
    """api.yaml and app.py with one function per action, and what the app is built from."""
    description = describe(actions)
    values = {
        "description": description,
        "settings": settings(description),
        "logo": f"data:image/png;base64,{b64encode(picture('logo-174x174.png')).decode()}",
    }
    for template, path in (
        ("api.yaml.j2", "api.yaml"),
        ("app.py.j2", "src/app.py"),
        ("Dockerfile.j2", "Dockerfile"),
        ("requirements.txt.j2", "requirements.txt"),
    ):
        yield File(path, render(PACKAGE, template, **values))


def settings(description: Description) -> list[tuple[str, Parameter]]:
    """The asset's settings and what each is called: an action's parameters share their names."""
    taken = {one.name for action in description.actions for one in action.parameters}
    return [
        (f"{SETTING_PREFIX}{one.name}" if one.name in taken else one.name, one)
        for one in description.asset
    ]


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="shuffle",
        title="Shuffle",
        render=files,
        check=check,
        bundle=Bundle(
            archive="zip", name=f"shuffle-cado-sentinelone-{__version__}.zip", top=FOLDER
        ),
        proven="run by its SDK, every action; it has no validator of its own",
    )
