"""cortexutils runs the rendered analyzers and responders, from a job folder and from stdin."""

from __future__ import annotations

import json
import os
import shutil
import time

import pytest

from cado_sentinelone_manifests.thehive_cortex.check import check
from cado_sentinelone_manifests.thehive_cortex.flavors import setting_name


@pytest.fixture(scope="module")
def run(environment, told):
    run = environment("run")
    told.version = run.version("cortexutils")
    return run


@pytest.fixture(scope="module")
def bundle(render):
    return render("thehive_cortex")


@pytest.fixture(scope="module")
def job(run, bundle, settings, told, tmp_path_factory):
    """Runs the flavor's own command as Cortex does; returns the exit status and the output."""
    secrets = {"sentinelone_token", "cado_api_key", "proxy_url", "ledger_url"}
    config = {setting_name(name, secret=name in secrets): value for name, value in settings.items()}

    def job(kind, action, data, *, by_stdin=False, **parameters):
        (path,) = [
            path
            for path in (bundle / kind / "CadoSentinelOne").glob("*.json")
            if json.loads(path.read_text())["config"]["service"] == action
        ]
        flavor = json.loads(path.read_text())
        known = {item["name"] for item in flavor["configurationItems"]}
        extra = {f"parameter_{name}": value for name, value in parameters.items()}
        assert known >= config.keys() | extra.keys()
        given = {
            "dataType": flavor["dataTypeList"][0],
            "data": data,
            "tlp": 2,
            "pap": 2,
            "config": config | extra | flavor["config"],
            "parameters": {},
        }
        script = bundle / kind / flavor["command"]
        assert os.access(script, os.X_OK)
        folder = tmp_path_factory.mktemp("job")
        if by_stdin:
            done = run.run("python", script, folder / "none", cwd=folder, given=json.dumps(given))
            output = json.loads(done.stdout)
        else:
            (folder / "input").mkdir()
            (folder / "input" / "input.json").write_text(json.dumps(given))
            done = run.run("python", script, folder, cwd=folder)
            output = json.loads((folder / "output" / "output.json").read_text())
        assert "Traceback" not in done.stderr, done.stderr
        if output["success"]:
            told.executed.append(action)
        return done.returncode, output

    return job


def test_connectivity(job):
    status, output = job("responders", "test_connectivity", {"title": "INC-2187"})
    assert status == 0 and output["success"]
    assert output["full"]["data"][0]["health"] in ("green", "amber")


def test_endpoints_are_listed(job, hostname):
    status, output = job("analyzers", "list_endpoints", hostname)
    assert status == 0 and [one["hostname"] for one in output["full"]["data"]] == [hostname]


@pytest.mark.parametrize("by_stdin", [False, True])
def test_a_hostname_is_looked_up_from_a_job_folder_and_from_stdin(job, hostname, by_stdin):
    status, output = job("analyzers", "enrich_endpoint", hostname, by_stdin=by_stdin)
    assert status == 0 and output["full"]["data"][0]["endpoint"]["hostname"] == hostname
    assert output["summary"]["taxonomies"][0]["namespace"] == "CadoS1"


def test_a_collection_goes_to_its_findings(job, hostname):
    observable = {"data": hostname, "dataType": "hostname", "case": {"title": "INC-2187"}}
    status, output = job("responders", "run_collection", observable)
    assert status == 0, output
    launched = output["full"]["data"][0]
    assert launched["investigation_id"]
    (operation,) = output["operations"]
    assert operation["tag"] == f"cado-sentinelone:collection_id={launched['collection_id']}"
    wanted = {"data": launched["collection_id"]}
    deadline = time.monotonic() + 120
    while True:
        _, output = job("responders", "get_task_status", wanted)
        record = output["full"]["data"][0]
        if record["terminal"]:
            break
        assert time.monotonic() < deadline, record
    assert record["state"] == "completed"
    _, output = job("analyzers", "get_findings", launched["collection_id"])
    verdict = output["full"]["data"][0]["verdict"]
    assert verdict != "pending"
    (label,) = output["summary"]["taxonomies"]
    assert (label["predicate"], label["value"]) == ("verdict", verdict)


def test_a_failure_tells_the_operator_why_and_keeps_the_secrets(job, settings):
    status, output = job("analyzers", "get_endpoint", "no-such-endpoint")
    assert status == 1 and output["success"] is False
    assert "no-such-endpoint" in output["errorMessage"] and "[not_found]" in output["errorMessage"]
    for name in ("sentinelone_token", "cado_api_key"):
        assert settings[name] not in json.dumps(output)


def test_a_twin_with_a_secret_that_would_be_shown_is_refused(bundle, tmp_path, told):
    shutil.copytree(bundle, tmp_path / "thehive_cortex")
    path = tmp_path / "thehive_cortex/analyzers/CadoSentinelOne/CadoSentinelOne_GetEndpoint.json"
    path.write_text(path.read_text().replace("sentinelone_token_key", "sentinelone_token"))
    (problem,) = check(tmp_path / "thehive_cortex")
    assert "would not mask" in problem.message
    told.validator = "none that is packaged; our check refuses a twin whose secret would be shown"
