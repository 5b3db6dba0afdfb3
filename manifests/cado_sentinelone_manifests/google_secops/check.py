"""What the content hub's own validator looks for, as far as its rules are public, and what it lets
pass. Values are read as our templates write them: JSON, one attribute a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cado_sentinelone.models.runner import Problem
from cado_sentinelone_manifests.checks import missing, python_problems, read_json
from cado_sentinelone_manifests.google_secops.words import INTEGRATION

FILES = (
    "definition.yaml", "pyproject.toml", "release_notes.yaml", ".python-version",
    "resources/logo.svg", "resources/image.png", "tests/config.json",
    "actions/Ping.py", "actions/Ping.yaml",
)  # fmt: skip
_LINE = re.compile(r"(?:- )?(\w+): (.+)")
_SETTING_TYPES = {
    "boolean", "integer", "string", "password", "ip", "ip_or_host", "url", "domain", "email",
    "values", "values_as_semicolon_separated", "multi_value_selection", "script", "numerical_values",
}  # fmt: skip
_PARAMETER_TYPES = {
    "string", "integer", "boolean", "playbook_name", "user", "stage", "close_case_reasons",
    "close_root_cause", "case_priorities", "email_content", "content", "password", "entity_type",
    "multi_values", "ddl", "code", "time_span_seconds", "multi_choice_parameter",
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z0-9\-_, ]{1,150}")
_MOST_WORDS = 13
_MOST_PARAMETERS = 50


def check(folder: Path) -> Iterator[Problem]:
    """Problems of a rendered integration."""
    lacking = list(missing(folder, FILES))
    yield from lacking
    if lacking:
        return
    yield from _definition(folder)
    yield from _versions(folder)
    ping = (folder / "actions/Ping.py").read_text(encoding="utf-8")
    if "google_secops.presenter import ping" not in ping:
        yield Problem("actions/Ping.py", "does not test the connection with the presenter's ping")
    for path in sorted((folder / "actions").glob("*.yaml")):
        yield from _action(folder, path)
    _, problems = read_json(folder, "tests/config.json")
    yield from problems


def _definition(folder: Path) -> Iterator[Problem]:
    name = "definition.yaml"
    top, settings = _read(folder / name)
    if top.get("identifier") != INTEGRATION:
        yield Problem(name, f"identifier is not {INTEGRATION}")
    if not any("Verify SSL" == one.get("name") for one in settings):
        yield Problem(name, 'has no setting "Verify SSL"')
    yield from _parameters(name, settings, _SETTING_TYPES)
    for one in settings:
        if one.get("integration_identifier") != INTEGRATION:
            yield Problem(name, f"{one.get('name')} belongs to another integration")


def _action(folder: Path, path: Path) -> Iterator[Problem]:
    place = path.relative_to(folder).as_posix()
    top, parameters = _read(path)
    script = f"actions/{path.stem}.py"
    if not (folder / script).is_file():
        yield Problem(script, "is missing; render the bundle again")
    else:
        yield from python_problems(folder, script)
    if top.get("integration_identifier") != INTEGRATION:
        yield Problem(place, "belongs to another integration, which the platform does not report")
    if not _NAME.fullmatch(str(top.get("name"))):
        yield Problem(place, f"the name {top.get('name')!r} has characters that are not allowed")
    if top.get("script_result_name") != "is_success":
        yield Problem(place, "script_result_name is not is_success")
    example = f"resources/{path.stem}_JsonResult_example.json"
    if path.stem != "Ping":
        if not (folder / example).is_file():
            yield Problem(example, "is missing; render the bundle again")
        else:
            yield from read_json(folder, example)[1]
    yield from _parameters(place, parameters, _PARAMETER_TYPES)


def _parameters(place: str, parameters: list[dict[str, Any]], types: set[str]) -> Iterator[Problem]:
    if len(parameters) > _MOST_PARAMETERS:
        yield Problem(place, f"has more than {_MOST_PARAMETERS} parameters")
    for one in parameters:
        name = str(one.get("name"))
        if not _NAME.fullmatch(name) or len(name.split()) > _MOST_WORDS:
            yield Problem(place, f"the parameter's name {name!r} is not allowed")
        if one.get("type") not in types:
            yield Problem(place, f"{name} has the type {one.get('type')!r}")
        if one.get("type") == "ddl" and one.get("default_value", "") not in (
            "",
            *one.get("optional_values", ()),
        ):
            yield Problem(place, f"the default of {name} is none of its values")
        if not one.get("description") or "is_mandatory" not in one:
            yield Problem(place, f"{name} lacks a description or is_mandatory")


def _versions(folder: Path) -> Iterator[Problem]:
    found = {
        re.search(r"^version = \"(.+)\"", (folder / "pyproject.toml").read_text(), re.MULTILINE),
        re.search(r"version: (\d+\.\d+)", (folder / "release_notes.yaml").read_text()),
    }
    if len({match and match[1] for match in found}) != 1 or None in found:
        yield Problem("release_notes.yaml", "has another version than pyproject.toml")


def _read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The attributes at the top, and the objects of the list `parameters`."""
    top: dict[str, Any] = {}
    parameters: list[dict[str, Any]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("  - {"):
            try:
                parameters.append(json.loads(line.removeprefix("  - ")))
            except ValueError:
                parameters.append({})
        elif found := _LINE.fullmatch(line):
            try:
                top[found[1]] = json.loads(found[2])
            except ValueError:
                top[found[1]] = found[2]
    return top, [one for one in parameters if "result_name" not in one]
