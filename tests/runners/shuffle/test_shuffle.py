"""Shuffle's own SDK runs the rendered app, each action with exactly the parameters of api.yaml."""

from __future__ import annotations

import json
import shutil
import time

import pytest

from cado_sentinelone_manifests.shuffle.check import check, declared


@pytest.fixture(scope="module")
def run(environment, told):
    run = environment("run")
    told.version = run.version("shuffle-sdk")
    return run


@pytest.fixture(scope="module")
def app(render):
    return render("shuffle")


@pytest.fixture(scope="module")
def call(run, app, settings, told):
    """Runs one action the way Shuffle does, every declared parameter given, and returns its answer."""
    actions = declared(app / "api.yaml")
    given = {f"asset_{name}": text(value) for name, value in settings.items()} | {
        name: text(value) for name, value in settings.items()
    }

    def call(action, **parameters):
        arguments = [
            f"--{name}={parameters.get(name, given.get(name, ''))}" for name in actions[action]
        ]
        done = run.run(
            "python", "src/app.py", "standalone", f"--action={action}", *arguments, cwd=app
        )
        assert "Traceback" not in done.stdout, done.stdout
        start = done.stdout.rindex('{"success"')
        answer, _ = json.JSONDecoder().raw_decode(done.stdout[start:])
        if answer["success"]:
            told.executed.append(action)
        return answer

    return call


def text(value):
    """A form's text for a setting."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list | tuple) else str(value)


def test_connectivity(call):
    answer = call("test_connectivity")
    assert answer["success"] and answer["data"][0]["health"] in ("green", "amber")


def test_endpoints_are_listed(call):
    answer = call("list_endpoints", limit="5")
    assert answer["success"] and len(answer["data"]) == 5


def test_a_collection_goes_to_its_findings(call, hostname):
    launched = call("run_collection", endpoint=hostname, investigation="INC-2187")
    assert launched["success"], launched["reason"]
    wanted = {"collection_id": launched["data"][0]["collection_id"]}
    deadline = time.monotonic() + 120
    while not (looked := call("get_task_status", wait_seconds="10", **wanted))["data"][0][
        "terminal"
    ]:
        assert looked["success"] and time.monotonic() < deadline, looked
    assert looked["data"][0]["state"] == "completed"
    findings = call("get_findings", **wanted)
    assert findings["success"] and findings["data"][0]["verdict"] != "pending"


def test_a_failure_tells_the_operator_why_and_what_to_do(call):
    answer = call("get_endpoint", endpoint="no-such-endpoint")
    assert not answer["success"]
    assert "no-such-endpoint" in answer["reason"] and answer["error"]["kind"] == "not_found"
    answer = call("get_endpoint", endpoint="")
    assert not answer["success"] and "endpoint" in answer["reason"]


def test_every_action_can_be_called_with_what_its_manifest_declares(run, app):
    """The SDK says so in its answer when a function does not take an argument."""
    code = (
        "import json, sys; sys.path.insert(0, 'src'); sys.argv = ['app.py'];"
        "import inspect, app;"
        "print(json.dumps({n: [p for p in inspect.signature(f).parameters if p != 'self']"
        " for n, f in vars(app.CadoSentinelOne).items() if inspect.isfunction(f)"
        " and not n.startswith('_')}))"
    )
    done = run.run("-c", code, cwd=app)
    assert json.loads(done.stdout.splitlines()[-1]) == declared(app / "api.yaml"), done.stderr


def test_a_manifest_that_lies_is_refused(app, tmp_path, told):
    shutil.copytree(app, tmp_path / "shuffle")
    manifest = tmp_path / "shuffle" / "api.yaml"
    manifest.write_text(manifest.read_text().replace('- name: "endpoint"', '- name: "host"', 1))
    assert [problem.path for problem in check(tmp_path / "shuffle")] == ["api.yaml"]
    told.validator = "none of its own; our check refuses a twin that lies"
