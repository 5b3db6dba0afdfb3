"""What the SDK's loader lets pass although the platform could not use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from cado_sentinelone.models.runner import Problem
from cado_sentinelone_manifests.checks import missing, python_problems, read_json

NAME = "cadosentinelone"
MANIFEST = f"{NAME}.json"
APP_ID = "b0f6a0c2-6f0c-4f3e-8d0a-0c5a3f1f7e62"
FILES = (MANIFEST, f"{NAME}_connector.py", f"{NAME}.svg", f"{NAME}_dark.svg", "readme.html")
_TYPES = {"string", "numeric", "boolean", "password", "file", "timezone", "python_script", "ph"}
_OUTPUT_TYPES = {"string", "numeric", "boolean", "password"}
_KINDS = {
    "test", "investigate", "contain", "correct", "generic", "ingest", "action", "endpoint",
}  # fmt: skip
_SECRETS = ("sentinelone_token", "cado_api_key")


def check(folder: Path) -> Iterator[Problem]:
    """Problems of a rendered app."""
    lacking = list(missing(folder, FILES))
    yield from lacking
    if lacking:
        return
    manifest, problems = read_json(folder, MANIFEST)
    yield from problems
    yield from python_problems(folder, f"{NAME}_connector.py")
    if manifest is not None:
        for words in _problems(folder, manifest):
            yield Problem(MANIFEST, words)


def _problems(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    try:
        UUID(str(manifest.get("appid")))
    except ValueError:
        yield "appid is no UUID"
    if not (folder / str(manifest.get("main_module"))).is_file():
        yield f"main_module {manifest.get('main_module')!r} is not there"
    for name in ("logo", "logo_dark"):
        if not (folder / str(manifest.get(name))).is_file():
            yield f"{name} {manifest.get(name)!r} is not there"
    for name, setting in manifest.get("configuration", {}).items():
        if setting.get("data_type") not in _TYPES:
            yield f"{name} of the configuration has the data_type {setting.get('data_type')!r}"
    for name in _SECRETS:
        if manifest.get("configuration", {}).get(name, {}).get("data_type") != "password":
            yield f"{name} of the configuration is not a password"
    actions = manifest.get("actions", [])
    if not any(one.get("identifier") == "test_connectivity" for one in actions):
        yield "has no action test connectivity"
    code = (folder / f"{NAME}_connector.py").read_text(encoding="utf-8")
    for one in actions:
        yield from _action(one, code)


def _action(action: dict[str, Any], code: str) -> Iterator[str]:
    name = str(action.get("identifier"))
    if action.get("type") not in _KINDS:
        yield f"{name} has the type {action.get('type')!r}"
    if not re.search(rf"['\"]{re.escape(name)}['\"]:", code):
        yield f"the connector does not know {name}"
    for output in action.get("output", []):
        if output.get("data_type") not in _OUTPUT_TYPES:
            yield f"{output.get('data_path')} has the data_type {output.get('data_type')!r}"
    columns = [one["column_order"] for one in action.get("output", []) if "column_order" in one]
    if columns != list(range(len(columns))):
        yield f"the columns of {name} are not numbered one after the other"
