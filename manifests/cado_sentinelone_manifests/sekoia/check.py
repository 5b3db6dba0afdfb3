"""What SEKOIA.io's own compliance check lets pass: actions that nothing runs, or that take nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cado_sentinelone.models.runner import Problem
from cado_sentinelone_manifests.checks import missing, python_problems, read_json

FILES = ("manifest.json", "main.py", "logo.png", "CHANGELOG.md", "Dockerfile", "pyproject.toml")
MODULE = "cado_sentinelone_module"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"\d+\.\d+\.\d+")


def check(folder: Path) -> Iterator[Problem]:
    """Problems of a rendered module."""
    lacking = list(missing(folder, FILES))
    yield from lacking
    if lacking:
        return
    broken = [
        problem
        for name in ("main.py", f"{MODULE}/actions.py", f"{MODULE}/module.py")
        for problem in python_problems(folder, name)
    ]
    yield from broken
    manifest, problems = read_json(folder, "manifest.json")
    yield from problems
    if broken or problems:
        return
    yield from _manifest(manifest)
    registered = _registered(folder / "main.py")
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("action_*.json")):
        action, problems = read_json(folder, path.name)
        yield from problems
        if action is None:
            continue
        yield from _action(action, path.name, registered)
        if action.get("uuid") in seen:
            yield Problem(path.name, f"has the uuid of {seen[action['uuid']]}")
        seen[action.get("uuid", "")] = path.name
        registered.discard(action.get("docker_parameters", ""))
    for name in sorted(registered):
        yield Problem("main.py", f"registers {name}, for which there is no manifest")


def _manifest(manifest: dict[str, Any]) -> Iterator[Problem]:
    name = "manifest.json"
    if not _UUID.fullmatch(str(manifest.get("uuid"))):
        yield Problem(name, "uuid is no UUID")
    if not _SLUG.fullmatch(str(manifest.get("slug"))):
        yield Problem(name, "slug is not of small letters and dashes")
    if not _VERSION.fullmatch(str(manifest.get("version"))):
        yield Problem(name, "version does not have three numbers")
    configuration = manifest.get("configuration", {})
    unknown = set(configuration.get("secrets", ())) - configuration.get("properties", {}).keys()
    if unknown or not configuration.get("secrets"):
        yield Problem(name, "configuration.secrets does not name the settings that are secret")


def _action(action: dict[str, Any], name: str, registered: set[str]) -> Iterator[Problem]:
    if not _UUID.fullmatch(str(action.get("uuid"))):
        yield Problem(name, "uuid is no UUID")
    if not isinstance(action.get("arguments"), dict) or not isinstance(action.get("results"), dict):
        yield Problem(name, "has no schema of its arguments or its results")
    if action.get("docker_parameters") not in registered:
        yield Problem(name, f"main.py does not register {action.get('docker_parameters')!r}")


def _registered(path: Path) -> set[str]:
    return {
        str(node.args[1].value)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "register"
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
    }
