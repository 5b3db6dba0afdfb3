"""The pack's actions run from their own metadata; StackStorm's workflow engine conducts them.

StackStorm itself is in no package index: its registration is not run here, nor its own base class.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cado_sentinelone_manifests.stackstorm.check import check

HERE = Path(__file__).parent
WORKFLOW = "actions/workflows/collect.yaml"


@pytest.fixture(scope="module")
def run(environment, told):
    told.version = environment("workflow").version("orquesta")
    return environment("run")


@pytest.fixture(scope="module")
def pack(render):
    return render("stackstorm")


@pytest.fixture(scope="module")
def variables():
    return {"PYTHONPATH": str(HERE / "standin")}


@pytest.fixture(scope="module")
def execute(run, pack, settings, told, variables):
    def execute(action, **parameters):
        given = {"pack": str(pack), "action": action, "parameters": parameters, "config": settings}
        done = run.run(
            "python", HERE / "execute.py", cwd=pack, given=json.dumps(given), variables=variables
        )
        if done.returncode:
            return False, done.stderr
        answer = json.loads(done.stdout.splitlines()[-1])
        if answer["succeeded"]:
            told.executed.append(action)
        return answer["succeeded"], answer["result"]

    return execute


@pytest.fixture(scope="module")
def conduct(run, environment, pack, settings, variables):
    def conduct(workflow=pack / WORKFLOW, **given):
        asked = {
            "workflow": str(workflow),
            "input": given,
            "command": [str(run.python), str(HERE / "execute.py")],
            "execute": {"pack": str(pack), "config": settings},
        }
        done = environment("workflow").run(
            "python", HERE / "conduct.py", cwd=pack, given=json.dumps(asked), variables=variables
        )
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    return conduct


def test_connectivity(execute):
    succeeded, result = execute("test_connectivity")
    assert succeeded and result["data"][0]["health"] in ("green", "amber")


def test_endpoints_are_listed(execute, hostname):
    succeeded, result = execute("list_endpoints", hostname_contains=hostname)
    assert succeeded and [one["hostname"] for one in result["data"]] == [hostname]


def test_the_workflow_goes_from_launch_to_findings(conduct, hostname, told):
    done = conduct(endpoint=hostname, investigation="INC-2187")
    assert done["status"] == "succeeded", done
    assert done["output"]["state"] == "completed"
    assert done["output"]["verdict"] in ("malicious", "suspicious", "no_findings")
    assert done["ran"][0] == "run_collection" and done["ran"][-2:] == [
        "get_findings",
        "enrich_endpoint",
    ]
    assert done["ran"].count("run_collection") == 1 and "get_task_status" in done["ran"]
    told.executed += ["run_collection", "get_task_status", "get_findings"]


def test_a_workflow_that_cannot_go_on_fails_with_the_reason(conduct):
    done = conduct(endpoint="no-such-endpoint", investigation="INC-2187")
    assert done["status"] == "failed" and done["ran"] == ["run_collection"]
    assert "no-such-endpoint" in json.dumps(done["errors"])


def test_a_failure_tells_the_operator_why_and_what_to_do(execute):
    succeeded, result = execute("get_endpoint", endpoint="no-such-endpoint")
    assert not succeeded and "no-such-endpoint" in result["reason"]
    assert "[not_found]" in result["reason"] and result["error"]["remedy"] in result["reason"]
    succeeded, words = execute("get_endpoint")
    assert not succeeded and "endpoint" in words


def test_a_twin_of_the_workflow_is_refused_by_the_engine(conduct, pack, tmp_path, told):
    text = (pack / WORKFLOW).read_text()
    twin = tmp_path / "collect.yaml"
    for old, new in (("do: look", "do: nowhere"), ("ctx(endpoint)", "ctx(no_such_input)")):
        twin.write_text(text.replace(old, new, 1))
        assert conduct(twin, endpoint="x", investigation="y")["problems"]
    told.validator = "orquesta accepts the workflow and refuses twins; the pack by our own check"


def test_a_twin_of_the_pack_is_refused_by_our_check(pack, tmp_path):
    shutil.copytree(pack, tmp_path / "stackstorm")
    (tmp_path / "stackstorm/actions/get_findings.yaml").unlink()
    problems = [problem.message for problem in check(tmp_path / "stackstorm")]
    assert problems == ["calls cado_sentinelone.get_findings, which is not in the pack"]
