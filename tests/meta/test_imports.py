"""What a cold start may import: each of these costs milliseconds that a person waits for (S18)."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from cado_sentinelone.sandbox.running import RunningSandbox

NEVER_FOR_ONE_ACTION = {
    "asyncio",
    "cado_sentinelone.clients.cado",
    "cado_sentinelone.sandbox",
    "jinja2",
    "pluggy",
    "rich",
    "sqlite3",
    "starlette",
    "uvicorn",
}
NEVER_WITHOUT_A_MODEL = {"pydantic", "pydantic_core", "typing_extensions"}
NEVER_FOR_A_REFUSAL = NEVER_FOR_ONE_ACTION | {
    "dataclasses",
    "email",
    "http.client",
    "inspect",
    "logging",
    "pydantic",
    "pydantic_core",
    "requests",
    "ssl",
    "typing",
    "urllib3",
}
PROGRAM = """
import sys
sys.argv[0] = "cado-sentinelone"
from cado_sentinelone.cli import main
status = main()
print(sorted(sys.modules), file=sys.stderr)
raise SystemExit(status)
"""


def imported(*arguments: str, status: int) -> set[str]:
    done = subprocess.run(  # noqa: S603 - this interpreter, a program of our own
        # -S: what site brings in by an editable install is not ours to count.
        [sys.executable, "-S", "-c", PROGRAM, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == status, done.stderr
    modules = done.stderr.strip().splitlines()[-1].replace("'", '"')
    return set(json.loads(modules))


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--help"], 0),
        (["run", "list_endpoints", "-p", "limit=many"], 2),
        (["run", "list_endpoints", "--json", "-p", "no_such=1"], 2),
    ],
)
def test_help_and_refusals_import_no_model_and_no_client(arguments, status):
    assert sorted(imported(*arguments, status=status) & NEVER_FOR_A_REFUSAL) == []


def test_listing_endpoints_imports_what_it_needs_and_no_more(tmp_path):
    asset = tmp_path / "asset.json"
    with RunningSandbox(endpoints=20) as sandbox:
        asset.write_text(json.dumps(sandbox.asset))
        run = ["run", "list_endpoints", "--json", "--asset", str(asset)]
        modules = imported(*run, "-p", "limit=3", "-p", "online_only=true", status=0)
    assert "requests" in modules
    assert sorted(modules & (NEVER_FOR_ONE_ACTION | NEVER_WITHOUT_A_MODEL)) == []


def test_what_only_a_model_can_convert_meets_the_model(tmp_path):
    asset = tmp_path / "asset.json"
    with RunningSandbox(endpoints=20) as sandbox:
        asset.write_text(json.dumps(sandbox.asset))
        run = [
            "run",
            "list_endpoints",
            "--json",
            "--asset",
            str(asset),
            "-p",
            "hostname_contains=ws",
        ]
        modules = imported(*run, status=0)
    assert "pydantic" in modules
    assert sorted(modules & NEVER_FOR_ONE_ACTION) == []
