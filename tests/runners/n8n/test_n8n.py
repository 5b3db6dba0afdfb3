"""n8n imports the rendered workflows and executes them against the actions over HTTP."""

from __future__ import annotations

import itertools
import json
import shutil

import pytest

from cado_sentinelone.sandbox import landmarks
from cado_sentinelone_manifests.n8n.check import check


@pytest.fixture(scope="module")
def n8n(environment, surface, tmp_path_factory, told):
    """Runs n8n's command line, in a home that knows the credential and nothing else."""
    home = tmp_path_factory.mktemp("n8n")
    run = environment("run")
    variables = {
        "N8N_USER_FOLDER": str(home),
        "N8N_DIAGNOSTICS_ENABLED": "false",
        # The other engine is a native module that no index has built for every Node.
        "N8N_EXPRESSION_ENGINE": "legacy",
    }

    def n8n(*arguments):
        return run.run("n8n", *arguments, cwd=home, variables=variables)

    told.version = f"n8n {n8n('--version').stdout.strip()}"
    key = {
        "id": "cadoSentinelOne",
        "name": "Cado SentinelOne",
        "type": "httpHeaderAuth",
        "data": {"name": "Authorization", "value": f"Bearer {surface[1]}"},
    }
    (home / "credential.json").write_text(json.dumps([key]))
    done = n8n("import:credentials", f"--input={home / 'credential.json'}")
    assert done.returncode == 0, done.stdout + done.stderr
    return n8n


@pytest.fixture(scope="module")
def bundle(render):
    return render("n8n")


@pytest.fixture
def execute(n8n, surface, tmp_path, told):
    """The result of a workflow and what each of its nodes gave, with Settings as a person sets them."""

    def execute(workflow, **settings):
        settings |= {"base_url": surface[0]}
        node = named(workflow, "Settings")
        for one in node["parameters"]["assignments"]["assignments"]:
            one["value"] = settings.get(one["name"], one["value"])
        (tmp_path / "workflow.json").write_text(json.dumps(workflow))
        done = n8n("import:workflow", f"--input={tmp_path / 'workflow.json'}")
        assert done.returncode == 0, done.stdout + done.stderr
        done = n8n("execute", f"--id={workflow['id']}", "--rawOutput")
        start = done.stdout.find("{")
        assert start >= 0, done.stdout + done.stderr
        result, _ = json.JSONDecoder().raw_decode(done.stdout[start:])
        given = {
            name: [item["json"] for run in runs for item in items(run)]
            for name, runs in result["data"]["resultData"]["runData"].items()
        }
        for answers in given.values():
            told.executed += [
                answer["action"] for answer in answers if answer.get("status") == "success"
            ]
        return result["data"]["resultData"], given

    return execute


def items(run):
    """What a run of a node gave, out of whichever of its outputs."""
    return [item for output in run.get("data", {}).get("main", []) for item in output or []]


def named(workflow, name):
    return next(node for node in workflow["nodes"] if node["name"] == name)


@pytest.fixture
def collect(execute, bundle):
    """Executes the workflow of the main job."""

    def collect(endpoint, **settings):
        workflow = json.loads((bundle / "collect.json").read_text())
        settings = {"look_every_seconds": 1} | settings
        return execute(workflow, endpoint=endpoint, investigation="INC-2187", **settings)

    return collect


def test_a_collection_that_takes_longer_is_left_and_followed_later(collect, sandbox, hostname):
    clock = sandbox.world.clock
    fast, clock.speed = clock.speed, 1
    try:
        result, given = collect(hostname, most_looks=2, look_every_seconds=0)
    finally:
        clock.speed = fast
    (launched,) = given["Collect"]
    assert len(given["Look"]) == 2 and "Findings" not in given
    assert "It goes on" in result["error"]["message"]
    assert launched["data"][0]["collection_id"] in result["error"]["message"]
    result, given = collect(hostname)
    assert "error" not in result
    assert given["Collect"][0]["data"][0]["collection_id"] == launched["data"][0]["collection_id"]
    assert given["Look"][-1]["data"][0]["state"] == "completed"
    (done,) = given["Done"]
    assert done["action"] == "get_findings" and done["data"][0]["verdict"] != "pending"


def test_a_collection_that_fails_ends_the_workflow_with_its_state(collect, sandbox):
    sandbox.world.faults.set("import_fails")
    try:
        result, given = collect(sandbox.world.agents[landmarks.TAGGED].hostname)
    finally:
        sandbox.world.faults.clear()
    assert "is failed" in result["error"]["message"] and "Findings" not in given


def test_a_failure_tells_the_operator_why_and_what_to_do(collect):
    result, given = collect("no-such-endpoint")
    assert "no-such-endpoint" in result["error"]["message"]
    assert "[not_found]" in result["error"]["message"] and "Look" not in given


def test_the_actions_are_nodes_to_connect(execute, bundle):
    workflow = actions(bundle, "Test connectivity", "List endpoints")
    result, given = execute(workflow)
    assert given["Test connectivity"][0]["data"][0]["health"] in ("green", "amber")
    assert len(given["List endpoints"][0]["data"]) == 40
    workflow = actions(bundle, "Get endpoint")
    named(workflow, "Get endpoint")["parameters"]["jsonBody"] = '{"endpoint": "no-such-endpoint"}'
    result, _ = execute(workflow)
    assert "no-such-endpoint" in json.dumps(result["error"])


def test_what_is_imported_without_a_word_is_refused(execute, bundle, tmp_path, told):
    for name in ("collect.json", "actions.json"):
        shutil.copy(bundle / name, tmp_path / name)
    workflow = json.loads((bundle / "collect.json").read_text())
    named(workflow, "Collect")["type"] = "n8n-nodes-base.httpRequests"
    (tmp_path / "collect.json").write_text(json.dumps(workflow))
    assert "a type that n8n does not have" in next(iter(check(tmp_path))).message
    with pytest.raises(AssertionError, match="Unrecognized node type"):
        execute(workflow)
    told.validator = "its import takes anything; our own check refuses twins"


def actions(bundle, *names):
    """The workflow of all actions, with some of them connected as a person connects them."""
    workflow = json.loads((bundle / "actions.json").read_text())
    start = {"type": "n8n-nodes-base.manualTrigger", "typeVersion": 1, "parameters": {}}
    workflow["nodes"].append(start | {"id": "start", "name": "By hand", "position": [-200, 0]})
    chain = ["By hand", "Settings", *names]
    for source, target in itertools.pairwise(chain):
        workflow["connections"][source] = {"main": [[{"node": target, "type": "main", "index": 0}]]}
    return workflow
