"""What of a rendered specification insight-plugin would take although the plugin could not run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from cado_sentinelone.models.runner import Problem
from cado_sentinelone_manifests.checks import missing, python_problems

# Three numbers from 1.0.0 on, of which playbooks name the major one. It is raised by hand, with a line in
# version_history: the vendor's validator compares it with the plugin that was published before.
VERSION = "1.0.0"
CODE = "overlay/icon_cado_sentinelone"
FILES = (
    "plugin.spec.yaml", f"{CODE}/connection/connection.py", "overlay/requirements.txt",
    "overlay/icon.png", "overlay/extension.png",
)  # fmt: skip
_ACTION = re.compile(r"^  (\w+):$", re.MULTILINE)
_SECRETS = ("sentinelone_token", "cado_api_key", "proxy_url", "ledger_url")


def check(folder: Path) -> Iterator[Problem]:
    """Problems of the rendered files."""
    lacking = list(missing(folder, FILES))
    yield from lacking
    if lacking:
        return
    text = (folder / "plugin.spec.yaml").read_text(encoding="utf-8")
    version = re.search(r'^version: "?([^"\n]+)', text, re.MULTILINE)
    if version is None or not re.fullmatch(r"[1-9]\d*\.\d+\.\d+", version[1]):
        yield Problem("plugin.spec.yaml", "version is not of three numbers from 1.0.0 on")
    elif f'"{version[1]} - ' not in text:
        yield Problem("plugin.spec.yaml", f"version_history does not tell of {version[1]}")
    for name in _SECRETS:
        setting = re.search(rf"^  {name}: (.+)", text, re.MULTILINE)
        if setting is None or '"credential_secret_key"' not in setting[1]:
            yield Problem("plugin.spec.yaml", f"{name} of the connection is not a credential")
    declared = set(_ACTION.findall(text.partition("\nactions:\n")[2]))
    coded = {path.parent.name for path in (folder / CODE / "actions").glob("*/action.py")}
    for name in sorted(declared - coded):
        yield Problem(f"{CODE}/actions/{name}/action.py", "is missing; render the bundle again")
    for name in sorted(coded - declared):
        yield Problem("plugin.spec.yaml", f"has no action {name}, for which there is code")
    for name in sorted(coded):
        yield from python_problems(folder, f"{CODE}/actions/{name}/action.py")
    yield from python_problems(folder, f"{CODE}/connection/connection.py")
