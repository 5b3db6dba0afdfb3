"""What StackStorm's registration would refuse, or would let pass although nothing could run it.

Our templates write YAML whose values are JSON, one attribute a line, so it is read without a YAML
library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cado_sentinelone.models.runner import Problem
from cado_sentinelone_manifests.checks import missing, python_problems

PACK = "cado_sentinelone"
FILES = (
    "pack.yaml", "config.schema.yaml", "requirements.txt", "README.md", "icon.png",
    "actions/run.py", "actions/collect.yaml", "actions/workflows/collect.yaml",
)  # fmt: skip
_LINE = re.compile(r"(  )?(\w+): (.+)")
_REFERENCE = re.compile(rf'(?:action|ref): "{PACK}\.(\w+)"')
_TYPES = {"string", "number", "integer", "object", "boolean", "array", "null"}
_ATTRIBUTES = {
    "type", "description", "required", "secret", "default", "enum", "items", "position", "immutable",
}  # fmt: skip
_RUNNERS = {"python-script", "orquesta"}


def check(folder: Path) -> Iterator[Problem]:
    """Problems of a rendered pack."""
    lacking = list(missing(folder, FILES))
    yield from lacking
    if lacking:
        return
    yield from python_problems(folder, "actions/run.py")
    yield from _pack(folder)
    names = set()
    for path in sorted((folder / "actions").glob("*.yaml")):
        names.add(path.stem)
        yield from _action(folder, path)
    for place in ("actions/workflows/collect.yaml", "rules/collect_on_threat.yaml"):
        if (folder / place).is_file():
            for name in _REFERENCE.findall((folder / place).read_text(encoding="utf-8")):
                if name not in names:
                    yield Problem(place, f"calls {PACK}.{name}, which is not in the pack")


def _pack(folder: Path) -> Iterator[Problem]:
    top, _ = _read(folder / "pack.yaml")
    for name in ("ref", "name"):
        if not re.fullmatch(r"[a-z0-9_]+", str(top.get(name))):
            yield Problem("pack.yaml", f"{name} is not of small letters, digits and _")
    if not re.fullmatch(r"\d+\.\d+\.\d+", str(top.get("version"))):
        yield Problem("pack.yaml", "version does not have three numbers")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", str(top.get("email"))):
        yield Problem("pack.yaml", "email is no address, and StackStorm wants one")
    _, settings = _read(folder / "config.schema.yaml", of="")
    for name, attributes in settings.items():
        yield from _attributes("config.schema.yaml", name, attributes)
        if name in ("sentinelone_token", "cado_api_key") and attributes.get("secret") is not True:
            yield Problem("config.schema.yaml", f"{name} is not marked as secret")


def _action(folder: Path, path: Path) -> Iterator[Problem]:
    place = path.relative_to(folder).as_posix()
    top, parameters = _read(path)
    if top.get("name") != path.stem:
        yield Problem(place, "name is not the file's name")
    if top.get("runner_type") not in _RUNNERS:
        yield Problem(place, f"runner_type {top.get('runner_type')!r} is none that this pack uses")
    if not (path.parent / str(top.get("entry_point"))).is_file():
        yield Problem(place, f"entry_point {top.get('entry_point')!r} is not there")
    for name, attributes in parameters.items():
        yield from _attributes(place, name, attributes)


def _attributes(place: str, name: str, attributes: dict[str, Any]) -> Iterator[Problem]:
    if attributes.get("type") not in _TYPES:
        yield Problem(place, f"{name} has the type {attributes.get('type')!r}")
    if unknown := attributes.keys() - _ATTRIBUTES:
        yield Problem(place, f"{name} has attributes nobody knows: {', '.join(sorted(unknown))}")


def _read(path: Path, of: str = "parameters") -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The attributes at the top, and those below `of` (or all, for "") that are objects."""
    top: dict[str, Any] = {}
    below: dict[str, dict[str, Any]] = {}
    inside = not of
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            inside = not of or line == f"{of}:"
        if not (found := _LINE.fullmatch(line)):
            continue
        indented, name, text = found.groups()
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        if inside and isinstance(value, dict) and bool(indented) is bool(of):
            below[name] = value
        elif not indented:
            top[name] = value
    return top, below
