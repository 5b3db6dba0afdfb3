"""The bundle for StackStorm: the folder of one pack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cado_sentinelone import __version__
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.fields import Parameter
from cado_sentinelone_manifests.pictures import picture
from cado_sentinelone_manifests.rendering import render
from cado_sentinelone_manifests.stackstorm.check import PACK, check
from cado_sentinelone_manifests.stackstorm.presenter import ACTION

PACKAGE = "cado_sentinelone_manifests.stackstorm"
TEMPLATES = (
    "pack.yaml", "config.schema.yaml", "requirements.txt", "README.md", "CHANGES.md",
    "actions/run.py", "actions/collect.yaml", "actions/workflows/collect.yaml",
    "rules/collect_on_threat.yaml",
)  # fmt: skip
_TYPES: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "integers": {"type": "array", "items": {"type": "integer"}},
    "object": {"type": "object"},
}


def files(actions: Sequence[Action]) -> Iterable[File]:
    """Metadata and one runner for all actions, the workflow that collects, waits and enriches."""
    description = describe(actions)
    values = {
        "description": description,
        "configuration": {one.name: _attributes(one) for one in description.asset},
        "action_parameter": ACTION,
    }
    for path in TEMPLATES:
        yield File(path, render(PACKAGE, f"{path}.j2", **values))
    for action in description.actions:
        content = render(
            PACKAGE,
            "action.yaml.j2",
            action=action,
            action_parameter=ACTION,
            parameters={one.name: _attributes(one) for one in action.parameters},
        )
        yield File(f"actions/{action.function_name}.yaml", content)
    yield File("icon.png", picture("logo-128x128.png"))


def _attributes(one: Parameter) -> dict[str, Any]:
    """A parameter or a setting in StackStorm's words, which are JSON Schema's and a few more."""
    attributes = dict(_TYPES.get(one.kind, {"type": "string"}))
    attributes["description"] = one.description or one.title
    if one.kind == "secret":
        attributes["secret"] = True
    if one.required:
        attributes["required"] = True
    if one.kind == "choice":
        attributes["enum"] = list(one.choices)
    if one.default not in (None, "", []):
        attributes["default"] = one.default
    return attributes


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="stackstorm",
        title="StackStorm",
        render=files,
        check=check,
        bundle=Bundle(
            archive="tgz", name=f"stackstorm-cado-sentinelone-{__version__}.tgz", top=PACK
        ),
        proven="its workflow engine conducts the workflow over the real actions; the pack's metadata "
        "is held to StackStorm's rules by our own check",
    )
