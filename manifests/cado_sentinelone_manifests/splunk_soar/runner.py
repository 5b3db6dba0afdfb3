"""The bundle for Splunk SOAR: the tgz of a classic app, with every wheel that it needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cado_sentinelone import __version__
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.pictures import picture
from cado_sentinelone_manifests.rendering import render
from cado_sentinelone_manifests.splunk_soar import words
from cado_sentinelone_manifests.splunk_soar.check import APP_ID, MANIFEST, NAME, check

PACKAGE = "cado_sentinelone_manifests.splunk_soar"
PYTHON = "3.13"
TEMPLATES = (
    ("app.json.j2", MANIFEST),
    ("connector.py.j2", f"{NAME}_connector.py"),
    ("init.py.j2", "__init__.py"),
    ("readme.html.j2", "readme.html"),
    ("README.md.j2", "README.md"),
    ("release_notes.md.j2", f"release_notes/{__version__}.md"),
)


def files(actions: Sequence[Action]) -> Iterable[File]:
    """The manifest, the connector module, pages and logos."""
    description = describe(actions)
    values = {
        "app_id": APP_ID,
        "app": NAME,
        "python": PYTHON,
        "description": description,
        "configuration": words.configuration(description),
        "actions": [
            {
                "action": words.action_name(action),
                "identifier": action.function_name,
                "description": action.summary,
                "verbose": _verbose(action.identifier),
                "type": words.kind(action),
                "read_only": action.read_only,
                "parameters": words.parameters(action),
                "output": words.outputs(action),
                **(
                    {}
                    if words.kind(action) == "test"
                    else {
                        "render": {
                            "type": "table",
                            "width": 12,
                            "height": 5,
                            "title": action.title,
                        }
                    }
                ),
                "versions": "EQ(*)",
            }
            for action in description.actions
        ],
        "identifiers": {one.function_name: one.identifier for one in description.actions},
    }
    for template, path in TEMPLATES:
        yield File(path, render(PACKAGE, template, **values))
    yield File(f"{NAME}.svg", picture("logo.svg"))
    yield File(f"{NAME}_dark.svg", picture("logo_dark.svg"))


def with_wheels(rendered: list[File], wheels: Sequence[str]) -> list[File]:
    """The files with the wheels named in the manifest, which is how the platform finds them."""
    dependencies = {
        "wheel": [
            {"module": path.rpartition("/")[2].partition("-")[0], "input_file": path}
            for path in wheels
        ]
    }
    found = []
    for file in rendered:
        if file.path == MANIFEST:
            manifest = json.loads(file.content) | {"pip313_dependencies": dependencies}
            content = json.dumps(manifest, indent=4, ensure_ascii=False).encode() + b"\n"
            file = replace(file, content=content)
        found.append(file)
    return found


def _verbose(identifier: str) -> str:
    if identifier == "run_collection":
        return (
            "Returns at once with the collection's id. Look with the action 'get task status' until "
            "'terminal' is true; running this again gives the same collection back."
        )
    return ""


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="splunk_soar",
        title="Splunk SOAR",
        render=files,
        check=check,
        bundle=Bundle(
            archive="tgz",
            name=f"{NAME}-{__version__}.tgz",
            top=NAME,
            wheels="wheels/py313",
            python=PYTHON,
        ),
        proven="read by the SDK's own loader of classic apps, run on the SDK's stand-in for the "
        "platform's BaseConnector",
        with_wheels=with_wheels,
    )
