"""What demisto-sdk lets pass although the platform could not use it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cado_sentinelone.models.runner import Problem
from cado_sentinelone_manifests.checks import missing, python_problems, read_json
from cado_sentinelone_manifests.versions import from_one_on

ID = "CadoSentinelOne"
VERSION = from_one_on()
_FOLDER = f"Integrations/{ID}"
_YAML, _CODE, _README = f"{_FOLDER}/{ID}.yml", f"{_FOLDER}/{ID}.py", f"{_FOLDER}/README.md"
FILES = (
    "pack_metadata.json", "README.md", _YAML, _CODE, _README,
    f"{_FOLDER}/{ID}_image.png", f"{_FOLDER}/{ID}_description.md",
)  # fmt: skip
_PARAMETER_TYPES = {0, 1, 4, 8, 9, 12, 13, 14, 15, 16, 17, 18, 19}
_OUTPUT_TYPES = {"String", "Number", "Boolean", "Date", "Unknown"}
_COMMAND = re.compile(r"cado-s1(-[a-z0-9]+){2,}")


def check(folder: Path) -> Iterator[Problem]:
    """Problems of a rendered pack."""
    lacking = list(missing(folder, FILES))
    yield from lacking
    if lacking:
        return
    metadata, problems = read_json(folder, "pack_metadata.json")
    yield from problems
    if metadata is not None:
        version = str(metadata.get("currentVersion"))
        notes = f"ReleaseNotes/{version.replace('.', '_')}.md"
        if not (folder / notes).is_file():
            yield Problem(notes, f"is missing for version {version}")
    yield from python_problems(folder, _CODE)
    configuration, commands, arguments, outputs = _read(folder / _YAML)
    for one in configuration:
        if one.get("type") not in _PARAMETER_TYPES:
            yield Problem(_YAML, f"{one.get('name')} has the type {one.get('type')!r}")
    secrets = {one.get("name") for one in configuration if one.get("type") in (4, 9, 14)}
    for name in sorted({"sentinelone_token", "cado_api_key"} - secrets):
        yield Problem(_YAML, f"{name} is no credential")
    for one in outputs:
        if one.get("type") not in _OUTPUT_TYPES:
            yield Problem(_YAML, f"{one.get('contextPath')} has the type {one.get('type')!r}")
    if not all(one.get("description") for one in (*arguments, *outputs)):
        yield Problem(_YAML, "an argument or an output has no description")
    yield from _commands(folder, commands)


def _commands(folder: Path, commands: list[str]) -> Iterator[Problem]:
    readme = (folder / _README).read_text(encoding="utf-8")
    code = (folder / _CODE).read_text(encoding="utf-8")
    for name in commands:
        if not _COMMAND.fullmatch(name):
            yield Problem(_YAML, f"the command {name!r} is not named prefix-verb-noun")
        if f"### {name}\n" not in readme:
            yield Problem(_README, f"does not tell of the command {name}")
        if f"'{name}'" not in code and f'"{name}"' not in code:
            yield Problem(_CODE, f"does not run the command {name}")


def _read(
    path: Path,
) -> tuple[list[dict[str, Any]], list[str], list[dict[str, Any]], list[dict[str, Any]]]:
    """Parameters, commands, arguments and outputs, as our template writes them: JSON, one a line."""
    configuration: list[dict[str, Any]] = []
    arguments: list[dict[str, Any]] = []
    outputs: list[dict[str, Any]] = []
    commands: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text.startswith("- {"):
            try:
                one = json.loads(text.removeprefix("- "))
            except ValueError:
                one = {}
            if line.startswith("- "):
                configuration.append(one)
            elif "contextPath" in one:
                outputs.append(one)
            else:
                arguments.append(one)
        elif line.startswith("  - name: "):
            commands.append(text.removeprefix("- name: ").strip('"'))
    return configuration, commands, arguments, outputs
