"""A validator of Swagger 2.0 reads the connector, and a client made from it calls the actions."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from cado_sentinelone_manifests.power_platform.check import DEFINITION, check

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def run(environment, told):
    run = environment("run")
    told.version = run.version("openapi-spec-validator", "bravado")
    return run


@pytest.fixture(scope="module")
def bundle(render):
    return render("power_platform")


@pytest.fixture
def specification(bundle):
    return json.loads((bundle / DEFINITION).read_text())


@pytest.fixture
def validate(run, tmp_path):
    """The validator's process."""

    def validate(document):
        (tmp_path / "api.json").write_text(json.dumps(document))
        return run.run("openapi-spec-validator", "--schema", "2.0", "api.json", cwd=tmp_path)

    return validate


@pytest.fixture
def call(run, specification, surface, told):
    """What a client of the connector gets, its host set as a person sets it."""
    url, key = surface

    def call(*calls, key=f"Bearer {key}"):
        scheme, _, host = url.partition("://")
        placed = specification | {"host": host, "schemes": [scheme]}
        asked = {"specification": placed, "key": key, "calls": calls}
        done = run.run("python", HERE / "client.py", cwd=HERE, given=json.dumps(asked))
        assert done.returncode == 0, done.stderr
        answers = json.loads(done.stdout)
        told.executed += [
            answer["outcome"]["action"]
            for answer in answers
            if answer.get("outcome", {}).get("status") == "success"
        ]
        return answers

    return call


def test_the_validator_takes_it_and_refuses_twins(validate, specification, told):
    done = validate(specification)
    assert done.returncode == 0, done.stdout + done.stderr
    post = specification["paths"]["/v1/actions/run_collection"]["post"]
    schema = post["parameters"][0].pop("schema")
    assert validate(specification).returncode != 0
    post["parameters"][0]["schema"] = schema
    schema["$ref"] = "#/definitions/NoSuchParameters"
    assert validate(specification).returncode != 0
    told.validator = "valid Swagger 2.0; twins refused; no import into the product was tried"


def test_what_the_validator_lets_pass_is_refused(bundle, validate, specification, tmp_path):
    shutil.copytree(bundle, tmp_path / "power_platform")
    specification["security"] = []
    assert validate(specification).returncode == 0
    (tmp_path / "power_platform" / DEFINITION).write_text(json.dumps(specification))
    (problem,) = check(tmp_path / "power_platform")
    assert "without the key" in problem.message


def test_connectivity_and_a_listing(call, hostname):
    doctor, listed = call(
        ["TestConnectivity", {}], ["ListEndpoints", {"hostname_contains": hostname}]
    )
    assert doctor["outcome"]["data"][0]["health"] in ("green", "amber")
    assert [one["hostname"] for one in listed["outcome"]["data"]] == [hostname]


def test_a_collection_goes_to_its_findings(call, hostname):
    (launched,) = call(["RunCollection", {"endpoint": hostname, "investigation": "INC-2187"}])
    wanted = {"collection_id": launched["outcome"]["data"][0]["collection_id"]}
    deadline = time.monotonic() + 120
    while True:
        (looked,) = call(["GetTaskStatus", wanted | {"wait_seconds": 10}])
        if looked["outcome"]["data"][0]["terminal"]:
            break
        assert time.monotonic() < deadline, looked
    assert looked["outcome"]["data"][0]["state"] == "completed"
    (findings,) = call(["GetFindings", wanted])
    assert findings["outcome"]["data"][0]["verdict"] != "pending"


def test_a_failure_tells_why_and_what_to_do(call):
    missing, empty, long = call(
        ["GetEndpoint", {"endpoint": "no-such-endpoint"}],
        ["GetEndpoint", {}],
        ["GetTaskStatus", {"wait_seconds": 900}],
    )
    assert missing["http_status"] == 404 and missing["outcome"]["error"]["kind"] == "not_found"
    assert "no-such-endpoint" in missing["outcome"]["error"]["message"]
    assert "endpoint" in empty["refused"] and "900" in long["refused"]
    (stranger,) = call(["GetEndpoint", {"endpoint": "x"}], key="Bearer wrong")
    assert stranger["http_status"] == 401
