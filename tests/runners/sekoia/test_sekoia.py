"""SEKOIA.io's own run-action runs the rendered module, its schemas held to what goes in and out."""

from __future__ import annotations

import ast
import json
import shutil
import time

import pytest

from cado_sentinelone_manifests.sekoia.check import check

MODULE = "CadoSentinelOne"


@pytest.fixture(scope="module")
def run(environment, told):
    run = environment("run")
    told.version = run.version("sekoia-automation-sdk")
    return run


@pytest.fixture(scope="module")
def modules(render, tmp_path_factory):
    """The folder that holds the module's folder."""
    folder = tmp_path_factory.mktemp("modules")
    shutil.copytree(render("sekoia"), folder / MODULE)
    return folder


@pytest.fixture(scope="module")
def act(run, modules, settings, told, tmp_path_factory):
    """The finished process of run-action, and the results that it printed, if any."""

    def act(class_name, *, into=modules, **arguments):
        given = {name: text(value) for name, value in settings.items() if value} | arguments
        done = run.run(
            "sekoia-automation",
            *("run-action", f"--modules-path={into}", f"--module-name={MODULE}"),
            *(f"--class-name={class_name}", f"--data-path={tmp_path_factory.mktemp('data')}"),
            *(f"{name}={value}" for name, value in given.items()),
            cwd=into,
        )
        last = done.stdout.strip().splitlines()[-1:] or [""]
        printed = ast.literal_eval(last[0]) if last[0].startswith("{") else None
        if printed and printed["status"] == "success":
            told.executed.append(printed["action"])
        return done, printed

    return act


def text(value):
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list | tuple) else str(value)


def test_connectivity(act):
    done, results = act("TestConnectivity")
    assert results, done.stdout + done.stderr
    assert results["status"] == "success"
    assert results["data"][0]["health"] in ("green", "amber")


def test_endpoints_are_listed(act, hostname):
    _, results = act("ListEndpoints", hostname_contains=hostname)
    assert [one["hostname"] for one in results["data"]] == [hostname]


def test_a_collection_goes_to_its_findings(act, hostname):
    _, results = act("RunCollection", endpoint=hostname, investigation="INC-2187")
    wanted = {"collection_id": results["data"][0]["collection_id"]}
    deadline = time.monotonic() + 150
    while not (record := act("GetTaskStatus", **wanted)[1]["data"][0])["terminal"]:
        assert time.monotonic() < deadline, record
    assert record["state"] == "completed"
    _, results = act("GetFindings", **wanted)
    assert results["data"][0]["verdict"] != "pending"


def test_a_failure_tells_the_operator_why_and_what_to_do(act, run, modules):
    _, results = act("GetEndpoint", endpoint="no-such-endpoint")
    assert results["status"] == "failure" and results["error"]["kind"] == "not_found"
    # What the node shows is what the SDK keeps as the error of the action.
    code = (
        "import sys; sys.path.insert(0, 'CadoSentinelOne');"
        "from cado_sentinelone_module.actions import GetEndpoint;"
        "from cado_sentinelone_module.module import CadoSentinelOneModule as M;"
        "m = M(); m.configuration = {}; a = GetEndpoint(module=m);"
        "a.run({'endpoint': 'lap-1'}); print(a.error_message)"
    )
    done = run.run("-c", code, cwd=modules)
    assert "sentinelone_url" in done.stdout and "[asset]" in done.stdout, done.stderr


def test_what_does_not_fit_the_schemas_is_refused_by_the_runner(act, modules, tmp_path, told):
    done, results = act("GetEndpoint")
    assert done.returncode != 0 and results is None
    assert "'endpoint' is a required property" in done.stdout + done.stderr
    # A twin whose results are not what its manifest says.
    shutil.copytree(modules, tmp_path / "twin")
    path = tmp_path / "twin" / MODULE / "action_list_endpoints.json"
    action = json.loads(path.read_text())
    action["results"]["required"].append("no_such_result")
    path.write_text(json.dumps(action))
    done, results = act("ListEndpoints", into=tmp_path / "twin", hostname_contains="zzz")
    assert done.returncode != 0 and "'no_such_result' is a required property" in (
        done.stdout + done.stderr
    )
    told.validator = "run-action holds arguments and results to the schemas; refuses twins"


def test_a_twin_that_compliance_would_let_pass_is_refused(modules, tmp_path):
    shutil.copytree(modules / MODULE, tmp_path / "sekoia")
    path = tmp_path / "sekoia" / "action_get_endpoint.json"
    action = json.loads(path.read_text())
    del action["arguments"]
    path.write_text(json.dumps(action | {"docker_parameters": "nothing"}))
    assert len(list(check(tmp_path / "sekoia"))) == 3
