"""The SDK's loader reads the classic app, its stand-in for the platform's connector runs it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from cado_sentinelone_manifests.splunk_soar.check import MANIFEST, check

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def run(environment, told):
    run = environment("run")
    told.version = run.version("splunk-soar-sdk")
    return run


@pytest.fixture(scope="module")
def app(render):
    return render("splunk_soar")


@pytest.fixture(scope="module")
def load(run, app, tmp_path_factory):
    """What the SDK's loader says of the manifest after a change of it."""

    def load(change=lambda manifest: None):
        manifest = json.loads((app / MANIFEST).read_text())
        change(manifest)
        path = tmp_path_factory.mktemp("manifest") / MANIFEST
        path.write_text(json.dumps(manifest))
        done = run.run("python", HERE / "load.py", path, cwd=app)
        assert done.stdout, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return load


@pytest.fixture(scope="module")
def act(run, app, settings, told):
    def act(action, config=settings, **parameters):
        asked = {"app": str(app), "action": action, "config": config, "parameters": parameters}
        done = run.run("python", HERE / "execute.py", cwd=app, given=json.dumps(asked))
        assert done.returncode == 0, done.stderr
        result = json.loads(done.stdout.splitlines()[-1])
        if result["status"]:
            told.executed.append(action)
        return result

    return act


def test_the_loader_reads_it_and_refuses_twins(load, app, told):
    read = load()
    manifest = json.loads((app / MANIFEST).read_text())
    assert read["actions"] == len(manifest["actions"])
    assert read["configuration"] == len(manifest["configuration"])
    for change in (
        lambda one: one.pop("app_version"),
        lambda one: one.update(python_version="3.9"),
        lambda one: one["actions"][1].pop("read_only"),
        lambda one: one["actions"][1]["output"].append(one["actions"][1]["output"][-4]),
        lambda one: next(iter(one["actions"][1]["parameters"].values())).update(data_type="text"),
    ):
        assert "refused" in load(change)
    told.validator = "the SDK's loader of classic apps reads it; five twins refused"


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one["configuration"]["cado_url"].update(data_type="text"),
        lambda one: one.update(appid="not a uuid"),
        lambda one: one["actions"][1].update(type="nonsense"),
        lambda one: one.pop("main_module"),
        lambda one: one.update(
            actions=[a for a in one["actions"] if a["identifier"] != "test_connectivity"]
        ),
    ],
)
def test_what_the_loader_lets_pass_our_check_refuses(app, tmp_path, change):
    import shutil

    shutil.copytree(app, tmp_path / "splunk_soar")
    path = tmp_path / "splunk_soar" / MANIFEST
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))
    assert list(check(tmp_path / "splunk_soar"))


def test_connectivity(act, settings):
    assert act("test_connectivity")["status"]
    failed = act("test_connectivity", settings | {"cado_url": ""})
    assert not failed["status"]


def test_endpoints_are_listed(act, hostname):
    result = act("list_endpoints", hostname_contains=hostname)
    assert [one["hostname"] for one in result["data"]] == [hostname]
    assert result["summary"]["endpoints"] == 1


def test_a_collection_goes_to_its_findings(act, hostname):
    launched = act("run_collection", endpoint=hostname, investigation="INC-2187")
    wanted = {"collection_id": launched["data"][0]["collection_id"]}
    deadline = time.monotonic() + 150
    while not (record := act("get_task_status", **wanted)["data"][0])["terminal"]:
        assert time.monotonic() < deadline, record
    assert record["state"] == "completed"
    assert act("get_findings", **wanted)["data"][0]["verdict"] != "pending"


def test_a_failure_tells_the_operator_why_and_what_to_do(act):
    result = act("get_endpoint", endpoint="no-such-endpoint")
    assert not result["status"]
    assert "no-such-endpoint" in result["message"] and "[not_found]" in result["message"]
