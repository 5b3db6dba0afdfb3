"""What Cortex would find only when somebody enables a flavor, or when a job has failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cado_sentinelone.models.runner import Problem
from cado_sentinelone_manifests.checks import python_problems, read_json

_NAME = re.compile(r"\w+")
_TYPES = {"string", "number", "boolean"}
_WANTED = (
    "name", "version", "author", "url", "license", "description", "dataTypeList", "command",
    "baseConfig", "config", "configurationItems",
)  # fmt: skip
_SECRET = re.compile("token|proxy_url|ledger_url|passphrase")
_MASKED = re.compile("key|password|secret")


def check(folder: Path) -> Iterator[Problem]:
    """Problems of the rendered folders."""
    for kind in ("analyzers", "responders"):
        place = folder / kind / "CadoSentinelOne"
        script = f"{kind}/CadoSentinelOne/{kind}.py"
        found = sorted(place.glob("*.json"))
        if not found:
            yield Problem(f"{kind}/CadoSentinelOne", "has no flavor; render the bundle again")
        if not (folder / script).is_file():
            yield Problem(script, "is missing; render the bundle again")
            continue
        if not (folder / script).stat().st_mode & 0o100:
            yield Problem(script, "is not executable, and Cortex starts it as a program")
        yield from python_problems(folder, script)
        for path in found:
            name = path.relative_to(folder).as_posix()
            flavor, problems = read_json(folder, name)
            yield from problems
            if flavor is not None:
                yield from _flavor(flavor, name, kind)


def _flavor(flavor: dict[str, Any], name: str, kind: str) -> Iterator[Problem]:
    for key in _WANTED:
        if not flavor.get(key):
            yield Problem(name, f"{key} is missing or empty")
            return
    if not _NAME.fullmatch(flavor["name"]) or f"{flavor['name']}.json" != Path(name).name:
        yield Problem(name, "name is not the file's name, without blanks")
    if flavor["command"] != f"CadoSentinelOne/{kind}.py":
        yield Problem(name, f"command is not CadoSentinelOne/{kind}.py")
    if not flavor["config"].get("service"):
        yield Problem(name, "config.service names no action")
    for item in flavor["configurationItems"]:
        if item.get("type") not in _TYPES:
            yield Problem(name, f"{item.get('name')} has the type {item.get('type')!r}")
        if not {"name", "description", "multi", "required"} <= item.keys():
            yield Problem(
                name, f"{item.get('name')} lacks one of name, description, multi, required"
            )
        elif _SECRET.search(item["name"]) and not _MASKED.search(item["name"]):
            yield Problem(
                name, f"{item['name']} is a secret that Cortex would not mask by its name"
            )
