"""A caller that knows nothing but the OpenAPI document does the main job over HTTP."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
import requests

KEY = "a-key-for-nothing-but-this-proof"


@pytest.fixture(scope="module")
def run(environment, told):
    run = environment("run")
    told.version = run.version("openapi-spec-validator", "starlette", "uvicorn")
    return run


@pytest.fixture(scope="module")
def server(run, settings, tmp_path_factory):
    """The URL that a surface says on standard error."""
    asset = tmp_path_factory.mktemp("asset") / "asset.json"
    asset.write_text(json.dumps(settings))
    asset.chmod(0o600)
    program = str(run.python.parent / "cado-sentinelone")
    command = [program, "serve", "--port", "0", "--asset", str(asset)]
    environment = {"PATH": "/usr/bin:/bin", "CADO_SENTINELONE_SERVE_KEY": KEY}
    process = subprocess.Popen(  # noqa: S603 - the proof's own command
        command, env=environment, stderr=subprocess.PIPE, text=True
    )
    yield re.search(r"http://[0-9.:]+", process.stderr.readline())[0]
    process.terminate()
    log = process.communicate(timeout=30)[1]
    assert process.returncode == 0 and "stopped" in log
    assert KEY not in log and settings["sentinelone_token"] not in log


@pytest.fixture(scope="module")
def document(server):
    headers = {"Authorization": f"Bearer {KEY}"}
    return requests.get(f"{server}/openapi.json", headers=headers, timeout=10).json()


@pytest.fixture(scope="module")
def call(server, document, told):
    """Calls an operation by its id, as the document describes it; its answer has to be one that
    the document knows.
    """
    operations = {
        one["operationId"]: (method, path, one)
        for path, item in document["paths"].items()
        for method, one in item.items()
    }

    def call(name, **parameters):
        method, path, operation = operations[name]
        headers = {"Authorization": f"Bearer {KEY}"}
        answer = requests.request(
            method, f"{server}{path}", json=parameters, headers=headers, timeout=120
        )
        assert str(answer.status_code) in operation["responses"]
        outcome = answer.json()
        assert (answer.status_code == 200) == (outcome["error"] is None)
        if answer.ok and name not in told.executed:
            told.executed.append(name)
        return outcome

    return call


def validate(run, tmp_path, document):
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document))
    return run.run("-m", "openapi_spec_validator", path, cwd=tmp_path)


def test_the_document_is_accepted_and_twins_are_refused(run, document, render, tmp_path, told):
    done = validate(run, tmp_path, document)
    assert done.returncode == 0 and "OK" in done.stdout, done.stdout + done.stderr
    # What is rendered is what is served.
    assert json.loads((render("serve") / "openapi.json").read_text()) == document
    same_name = {
        path: {method: one | {"operationId": "same"} for method, one in item.items()}
        for path, item in document["paths"].items()
    }
    for part in ({"info": {}}, {"security": "key"}, {"paths": same_name}):
        twin = document | part
        assert validate(run, tmp_path, twin).returncode != 0
    told.validator = "openapi-spec-validator accepts the document; three twins refused"


def test_the_main_job(call, hostname):
    assert call("test_connectivity")["data"][0]["health"] in ("green", "amber")
    listed = call("list_endpoints", hostname_contains=hostname)
    assert [one["hostname"] for one in listed["data"]] == [hostname]
    launched = call("run_collection", endpoint=hostname, investigation="INC-2187")
    [handle] = launched["data"]
    assert not handle["deduplicated"]
    for _ in range(200):
        [status] = call("get_task_status", collection_id=handle["collection_id"])["data"]
        if status["terminal"]:
            break
    assert status["state"] == "completed"
    findings = call("get_findings", collection_id=handle["collection_id"])
    assert findings["data"][0]["verdict"] != "pending"


def test_a_failure_says_why_and_what_to_do(call, settings):
    missing = call("get_endpoint", endpoint="no-such-endpoint")
    assert missing["error"]["kind"] == "not_found" and missing["error"]["remedy"]
    foreign = call("get_endpoint", endpoint="x", cado_url="y")
    assert foreign["error"]["kind"] == "params" and "cado_url" in foreign["message"]
    for name in ("sentinelone_token", "cado_api_key"):
        assert settings[name] not in json.dumps([missing, foreign])


def test_nobody_gets_in_without_the_key(server):
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": KEY}):
        for path in ("/openapi.json", "/v1/actions"):
            assert requests.get(f"{server}{path}", headers=headers, timeout=10).status_code == 401
    assert requests.get(f"{server}/health", timeout=10).json()["status"] == "ok"
