"""What the SDK lets pass although the app could not work."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from cado_sentinelone.models.runner import Problem
from cado_sentinelone_manifests.checks import missing, python_problems

APP_ID = "3d0f3c35-4c61-4b0e-9b0f-6a8a52a5c9e4"
PROJECT, SOURCE = "pyproject.toml", "src/app.py"
FILES = (PROJECT, SOURCE, "src/__init__.py", "logo.svg", "logo_dark.svg", "README.md")
_SECRETS = ("sentinelone_token", "cado_api_key")


def check(folder: Path) -> Iterator[Problem]:
    """Problems of a rendered app."""
    lacking = [*missing(folder, FILES)]
    lacking += [] if lacking else python_problems(folder, SOURCE)
    yield from lacking
    if lacking:
        return
    try:
        project = tomllib.loads((folder / PROJECT).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        yield Problem(PROJECT, f"is not TOML: {error}")
        return
    if project.get("tool", {}).get("soar", {}).get("app", {}).get("main_module") != "src.app:app":
        yield Problem(PROJECT, "names another main_module than src.app:app")
    tree = ast.parse((folder / SOURCE).read_bytes())
    classes = {one.name: one for one in tree.body if isinstance(one, ast.ClassDef)}
    settings = _settings(classes["Asset"]) if "Asset" in classes else {}
    for name in _SECRETS:
        if "sensitive=True" not in settings.get(name, ""):
            yield Problem(SOURCE, f"{name} of the asset is not sensitive: it would be shown")
    decorated = {
        ast.unparse(decorator.func)
        for one in tree.body
        if isinstance(one, ast.FunctionDef)
        for decorator in one.decorator_list
        if isinstance(decorator, ast.Call)
    }
    if "app.test_connectivity" not in decorated:
        yield Problem(SOURCE, "has no connectivity test")


def _settings(asset: ast.ClassDef) -> dict[str, str]:
    """The asset's fields with what they are given."""
    return {
        one.target.id: ast.unparse(one.value)
        for one in asset.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value
    }
