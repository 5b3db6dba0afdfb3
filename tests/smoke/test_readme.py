"""The tour of README.md, command by command, against the sandbox that it starts."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cado_sentinelone.sandbox.running import RunningSandbox

README = Path(__file__).resolve().parents[2] / "README.md"
WRONG = {"endpoint=ws-shared-image": 1, "onlin_only=true": 2}


@pytest.fixture
def commands():
    """What the tour types, each without its prompt."""
    if not README.is_file():
        pytest.skip("the page is not here")
    blocks = re.findall(r"```console\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").split("\n")]
    typed = [line[2:] for line in lines if line.startswith("$ ")]
    return [shlex.split(line) for line in typed]


def test_the_tour_of_the_readme(commands, tmp_path):
    start, *rest = commands
    assert start == ["cado-sentinelone", "sandbox", "--write-asset", "sandbox.json"]
    collection_id = ended = ""
    # The sandbox's own defaults, but for time: nobody waits for it here.
    with RunningSandbox(endpoints=2000, speed=3600) as sandbox:
        asset = tmp_path / "sandbox.json"
        asset.write_text(json.dumps(sandbox.asset), encoding="utf-8")
        environment = os.environ | {
            "CADO_SENTINELONE_ASSET": str(asset),
            "XDG_STATE_HOME": str(tmp_path),
        }
        for words in rest:
            arguments = [
                re.sub(r"^collection_id=.*", f"collection_id={collection_id}", word)
                for word in words[1:]
            ]
            is_fleet = arguments[0] == "fleet"
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-m", "cado_sentinelone", *arguments, *["--json"][is_fleet:]],
                check=False,
                capture_output=True,
                text=True,
                env=environment,
                cwd=tmp_path,
            )
            if is_fleet:
                assert done.returncode == 0, done.stderr
                ended = done.stdout or ended
                continue
            outcome = json.loads(done.stdout)
            expected = next((WRONG[word] for word in words if word in WRONG), 0)
            assert done.returncode == expected, outcome
            if outcome["action"] == "run_collection":
                collection_id = outcome["data"][0]["collection_id"]
            if outcome["action"] == "get_findings":
                assert outcome["data"][0]["verdict"] == "malicious"
    assert collection_id
    assert ended.rstrip().endswith("completed: 368 = 361 completed, 7 refused")
    assert "INC-2190" in (tmp_path / "report.html").read_text(encoding="utf-8")
