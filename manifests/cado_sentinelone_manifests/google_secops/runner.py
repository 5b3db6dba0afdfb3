"""The bundle for Google SecOps: the folder of one integration of the content hub."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from cado_sentinelone import __version__
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.description import ActionDescription, describe
from cado_sentinelone_manifests.google_secops import words
from cado_sentinelone_manifests.google_secops.check import check
from cado_sentinelone_manifests.pictures import picture
from cado_sentinelone_manifests.rendering import render
from cado_sentinelone_manifests.versions import counted

PACKAGE = "cado_sentinelone_manifests.google_secops"
# The platform compares an integration's versions as numbers.
VERSION = counted()
TEMPLATES = (
    ("definition.yaml.j2", "definition.yaml"),
    ("pyproject.toml.j2", "pyproject.toml"),
    ("release_notes.yaml.j2", "release_notes.yaml"),
    ("Ping.py.j2", "actions/Ping.py"),
    ("Ping.yaml.j2", "actions/Ping.yaml"),
)


def files(actions: Sequence[Action]) -> Iterable[File]:
    """The definition, an action with its metadata and its example for each, Ping among them."""
    description = describe(actions)
    names = {one.name: words.name_of(one) for one in description.asset}
    values = {
        "description": description,
        "integration": words.INTEGRATION,
        "version": VERSION,
        "settings": [words.setting(one) for one in description.asset],
        "setting_names": names,
    }
    for template, path in TEMPLATES:
        yield File(path, render(PACKAGE, template, **values))
    for action in description.actions:
        more = values | {
            "action": action,
            "parameters": [words.parameter(one) for one in action.parameters],
            "parameter_names": {one.name: words.name_of(one) for one in action.parameters},
            "is_async": is_async(action),
        }
        for suffix in ("py", "yaml"):
            content = render(PACKAGE, f"action.{suffix}.j2", **more)
            yield File(f"actions/{action.class_name}.{suffix}", content)
        yield File(
            f"resources/{action.class_name}_JsonResult_example.json",
            json.dumps(_example(action), indent=2, ensure_ascii=False).encode() + b"\n",
        )
    for package in (".", "actions", "core", "tests"):
        yield File(f"{package}/__init__.py".removeprefix("./"), b"")
    yield File(".python-version", b"3.11\n")
    sample = {name: "" for name in names.values()} | {"Verify SSL": "false"}
    yield File("tests/config.json", json.dumps(sample).encode() + b"\n")
    yield File("resources/logo.svg", picture("logo.svg"))
    yield File("resources/image.png", picture("logo-512x512.png"))


def is_async(action: ActionDescription) -> bool:
    """Whether the action launches a collection, which the platform may come back for."""
    places = {result.dotted for result in action.results}
    return action.long_running and {"collection_id", "state", "deduplicated"} <= places


def _example(action: ActionDescription) -> dict[str, object]:
    return {
        "action": action.identifier,
        "status": "success",
        "message": f"1 {action.noun[0]}",
        "summary": {},
        "data": [action.example_record],
        "error": None,
        "warnings": [],
        "run_id": "5f0c7a3a9d1e4b62",
    }


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="google_secops",
        title="Google SecOps SOAR",
        render=files,
        check=check,
        bundle=Bundle(
            archive="zip",
            name=f"google-secops-cado-sentinelone-{__version__}.zip",
            top="cado_sentinelone",
        ),
        proven="held to the content hub's rules by our own check and run on a stand-in for its SDK; "
        "neither is in a package index",
    )
