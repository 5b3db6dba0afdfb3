"""The integration's scripts run one by one, as the platform runs them, on a stand-in for its SDK.

The content hub's validator and SDK are in no package index: neither is run here.
"""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from cado_sentinelone.models.asset import Asset
from cado_sentinelone_manifests.fields import parameters as fields_of
from cado_sentinelone_manifests.google_secops.check import check
from cado_sentinelone_manifests.google_secops.words import INTEGRATION, name_of

HERE = Path(__file__).parent
COMPLETED, IN_PROGRESS, FAILED = 0, 1, 2


@pytest.fixture(scope="module")
def run(environment, told):
    told.version = "stand-in for soar-sdk"
    return environment("run")


@pytest.fixture(scope="module")
def integration(render):
    return render("google_secops")


@pytest.fixture(scope="module")
def act(run, integration, settings, told):
    """What one run of an action ended with; every configured value is a text, as forms send it."""
    configured = {
        name_of(one): text(settings[one.name])
        for one in fields_of(Asset.model_json_schema())
        if one.name in settings
    }

    def act(script, configuration=configured, **parameters):
        context = {
            "parameters": {name.replace("_", " "): value for name, value in parameters.items()},
            "configurations": {INTEGRATION: configuration},
        }
        if "additional_data" in parameters:
            context["parameters"]["additional_data"] = parameters["additional_data"]
        done = run.run(
            "python",
            integration / "actions" / f"{script}.py",
            cwd=integration,
            given=json.dumps(context),
            variables={"PYTHONPATH": str(HERE / "standin")},
        )
        assert done.returncode == 0, done.stderr
        ended = json.loads(done.stdout.splitlines()[-1])
        outcome = json.loads(ended["ResultObjectJson"])
        if outcome["error"] is None:
            told.executed.append(outcome["action"])
        return ended, outcome

    return act


def text(value):
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list | tuple) else str(value)


def test_connectivity(act):
    ended, outcome = act("Ping")
    assert ended["ExecutionState"] == COMPLETED and ended["ResultValue"] == "true"
    assert ended["Message"].startswith("Successfully connected to the ")
    assert outcome["action"] == "test_connectivity"


def test_a_connection_that_is_wrong_says_what_to_do(act):
    ended, _ = act("Ping", {"SentinelOne URL": "", "Verify SSL": "false"})
    assert ended["ExecutionState"] == FAILED and ended["ResultValue"] == "false"
    assert ended["Message"].startswith("Failed to connect to the ")
    assert "sentinelone_url" in ended["Message"]


def test_endpoints_are_listed(act, hostname):
    ended, outcome = act("ListEndpoints", Hostname_contains=hostname)
    assert ended["ExecutionState"] == COMPLETED
    assert [one["hostname"] for one in outcome["data"]] == [hostname]


def test_a_collection_is_come_back_for_until_it_has_ended(act, hostname):
    ended, outcome = act("RunCollection", Endpoint=hostname, Investigation="INC-2187")
    assert ended["ExecutionState"] == IN_PROGRESS and outcome["action"] == "run_collection"
    first = json.loads(ended["ResultValue"])
    deadline = time.monotonic() + 120
    while ended["ExecutionState"] == IN_PROGRESS:
        assert time.monotonic() < deadline
        ended, outcome = act(
            "RunCollection",
            Endpoint=hostname,
            Investigation="INC-2187",
            additional_data=ended["ResultValue"],
        )
        assert outcome["action"] == "get_task_status"
    assert (ended["ExecutionState"], ended["ResultValue"]) == (COMPLETED, "true")
    assert outcome["data"][0]["state"] == "completed"
    _, outcome = act("GetFindings", Collection_ID=first["collection_id"])
    assert outcome["data"][0]["verdict"] != "pending"


def test_a_failure_tells_the_operator_why_and_what_to_do(act):
    ended, outcome = act("GetEndpoint", Endpoint="no-such-endpoint")
    assert (ended["ExecutionState"], ended["ResultValue"]) == (FAILED, "false")
    assert "no-such-endpoint" in ended["Message"] and "[not_found]" in ended["Message"]
    assert outcome["error"]["remedy"] in ended["Message"]


def test_a_twin_of_the_integration_is_refused_by_our_check(integration, tmp_path, told):
    shutil.copytree(integration, tmp_path / "google_secops")
    path = tmp_path / "google_secops/actions/GetEndpoint.yaml"
    path.write_text(path.read_text().replace(f'"{INTEGRATION}"', '"Other"'))
    assert [problem.path for problem in check(tmp_path / "google_secops")] == [
        "actions/GetEndpoint.yaml"
    ]
    told.validator = "the content hub's is in no index; our own check refuses a twin"
