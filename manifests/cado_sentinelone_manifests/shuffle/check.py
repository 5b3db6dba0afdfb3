"""What Shuffle would not notice before a workflow fails: its loader reads neither file against the
other.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from cado_sentinelone.models.runner import Problem
from cado_sentinelone_manifests.checks import missing, python_problems

FILES = ("api.yaml", "src/app.py", "Dockerfile", "requirements.txt")
# Our template writes one JSON value a line, so that no YAML reader is needed to look at it.
_ACTION = re.compile(r'  - name: ("[^"]+")')
_PARAMETER = re.compile(r'      - name: ("[^"]+")')


def check(folder: Path) -> Iterator[Problem]:
    """Problems of a rendered app."""
    yield from missing(folder, FILES)
    if not (folder / "api.yaml").is_file() or not (folder / "src/app.py").is_file():
        return
    broken = list(python_problems(folder, "src/app.py"))
    yield from broken
    if broken:
        return
    in_manifest, in_code = declared(folder / "api.yaml"), _defined(folder / "src/app.py")
    for name in sorted(in_manifest.keys() | in_code.keys()):
        if name not in in_code:
            yield Problem("src/app.py", f"has no function for the action {name}")
        elif name not in in_manifest:
            yield Problem("api.yaml", f"has no action for the function {name}")
        elif in_manifest[name] != in_code[name]:
            yield Problem("api.yaml", f"{name} has other parameters than its function")


def declared(path: Path) -> dict[str, list[str]]:
    """The parameters of each action in a rendered api.yaml."""
    found: dict[str, list[str]] = {}
    name = ""
    actions = path.read_text(encoding="utf-8").partition("\nactions:\n")[2]
    for line in actions.splitlines():
        if one := _ACTION.fullmatch(line):
            name = json.loads(one[1])
            found[name] = []
        elif name and (one := _PARAMETER.fullmatch(line)):
            found[name].append(json.loads(one[1]))
    return found


def _defined(path: Path) -> dict[str, list[str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        one.name: [argument.arg for argument in one.args.args if argument.arg != "self"]
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        for one in node.body
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")
    }
