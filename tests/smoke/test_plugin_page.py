"""The plugin of docs/plugins.md, taken from the page word for word: it installs and it runs."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cado_sentinelone.sandbox.running import RunningSandbox

PAGE = Path(__file__).resolve().parents[2] / "docs" / "plugins.md"


@pytest.fixture
def installed(tmp_path):
    """What installing the page's plugin puts on the path."""
    if not PAGE.is_file():
        pytest.skip("the pages are not here")
    text = PAGE.read_text(encoding="utf-8")
    blocks = dict(re.findall(r"```(toml|python)\n(.*?)```", text, re.DOTALL))
    project = tomllib.loads(blocks["toml"])["project"]
    (tmp_path / "acme_actions.py").write_text(blocks["python"], encoding="utf-8")
    facts = tmp_path / "acme_actions-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-actions\nVersion: 1.0\n")
    lines = ["[cado_sentinelone]"]
    lines += [f"{name} = {at}" for name, at in project["entry-points"]["cado_sentinelone"].items()]
    (facts / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def run(installed, *arguments):
    path = os.pathsep.join(filter(None, (str(installed), os.environ.get("PYTHONPATH", ""))))
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "cado_sentinelone", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=installed,
        env=os.environ | {"PYTHONPATH": path},
    )


def test_the_plugin_of_the_page_works(installed):
    asset = installed / "asset.json"
    with RunningSandbox(endpoints=40) as sandbox:
        asset.write_text(json.dumps(sandbox.asset), encoding="utf-8")
        done = run(installed, "run", "count_endpoints", "--asset", str(asset), "--json")
    outcome = json.loads(done.stdout)
    assert done.returncode == 0, outcome
    assert outcome["data"][0]["os"] == "windows"
    assert sum(record["endpoints"] for record in outcome["data"]) == 40


def test_the_plugin_of_the_page_is_listed(installed):
    assert "acme-actions" in run(installed, "plugins").stdout
    assert "count_endpoints" in run(installed, "actions").stdout
