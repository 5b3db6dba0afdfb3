"""Runs in the product's environment, under its circuits and its mock of the platform; the proof starts it.

It calls functions as a playbook does, and writes what came back to a file.
"""

import json
import os
import time
from pathlib import Path

import pytest
from resilient_circuits import FunctionResult, SubmitTestFunction
from resilient_circuits.util import get_function_definition

PACKAGE_NAME = "fn_cado_sentinelone"
SETTINGS = json.loads(os.environ["SETTINGS"])
HOSTNAME = os.environ["PROOF_HOSTNAME"]
config_data = f"[{PACKAGE_NAME}]\n" + "".join(
    f"{name}={value}\n" for name, value in SETTINGS.items()
)
resilient_mock = "pytest_resilient_circuits.BasicResilientMock"


@pytest.fixture
def call(circuits_app):
    def call(function, **inputs):
        name = f"cado_s1_{function}"
        assert get_function_definition(PACKAGE_NAME, name) is not None
        event = SubmitTestFunction(name, {f"cado_s1_{key}": value for key, value in inputs.items()})
        circuits_app.manager.fire(event)
        done = circuits_app.watcher.wait(f"{name}_result", parent=event, timeout=60)
        assert done, "the function gave no result"
        assert isinstance(done.kwargs["result"], FunctionResult)
        pytest.wait_for(done, "complete", True)
        result = done.kwargs["result"].value
        with Path(os.environ["PROOF_RESULTS"]).open("a") as file:
            file.write(json.dumps([function, result["success"]]) + "\n")
        return result

    return call


def test_from_the_doctor_to_the_findings(call):
    doctor = call("test_connectivity")
    assert doctor["content"]["data"][0]["health"] in ("green", "amber")
    listed = call("list_endpoints", hostname_contains=HOSTNAME)
    assert [one["hostname"] for one in listed["content"]["data"]] == [HOSTNAME]
    launched = call(
        "run_collection", endpoint=HOSTNAME, investigation="INC-2187", via={"name": "cado"}
    )
    assert launched["success"], launched["reason"]
    wanted = {"collection_id": launched["content"]["data"][0]["collection_id"]}
    deadline = time.monotonic() + 120
    while not (record := call("get_task_status", **wanted)["content"]["data"][0])["terminal"]:
        assert time.monotonic() < deadline, record
    assert record["state"] == "completed"
    # Calls follow one another at once here, so Cado's analysis may still be at work.
    while call("get_findings", **wanted)["content"]["data"][0]["verdict"] == "pending":
        assert time.monotonic() < deadline


def test_a_failure_is_a_result_with_its_reason(call):
    failed = call("get_endpoint", endpoint="no-such-endpoint")
    assert failed["success"] is False
    assert "no-such-endpoint" in failed["reason"] and "[not_found]" in failed["reason"]
