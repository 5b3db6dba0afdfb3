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
    "cado_sentinelone.secret_keyring",
    "cado_sentinelone.secret_plugins",
    "jinja2",
    "keyring",
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
    assert not [name for name in modules if name.startswith("cado_sentinelone.secret_")]


def test_a_reference_to_a_file_imports_two_modules_of_ours_and_no_other(tmp_path):
    asset, token = tmp_path / "asset.json", tmp_path / "token"
    with RunningSandbox(endpoints=20) as sandbox:
        token.touch(0o600)
        token.write_text(sandbox.asset["sentinelone_token"])
        run = ["run", "list_endpoints", "--json", "--asset", str(asset), "-p", "limit=3"]
        asset.write_text(json.dumps(sandbox.asset))
        before = imported(*run, status=0)
        reference = {"from": "file", "path": str(token)}
        asset.write_text(json.dumps(sandbox.asset | {"sentinelone_token": reference}))
        modules = imported(*run, status=0)
    ours = {"cado_sentinelone.secret_file", "cado_sentinelone.secret_sources"}
    assert modules - before == ours


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
