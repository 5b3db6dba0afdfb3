"""insight-plugin makes the plugin, its validators pass it, its runtime runs it on stdin and over HTTP."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
import requests

HERE = Path(__file__).parent
NAME = "cado_sentinelone"
SECRETS = ("sentinelone_token", "cado_api_key", "proxy_url", "ledger_url")
# They ask the product's servers for the newest version, which nobody can here.
ASK_THE_VENDOR = {"VersionValidator", "UnapprovedKeywordsValidator", "RuntimeValidator"}


@pytest.fixture(scope="module")
def run(environment, told):
    run = environment("run")
    told.version = f"{run.version('insightconnect-plugin-runtime')}, " + environment(
        "tools"
    ).version("insight-plugin", "insightconnect_integrations_validators")
    return run


@pytest.fixture(scope="module")
def make(environment, render, tmp_path_factory):
    """Makes the plugin of a specification: what insight-plugin makes, and our code over it."""
    rendered = render("insightconnect")

    def make(change=lambda text: text):
        folder = tmp_path_factory.mktemp("plugin")
        text = (rendered / "plugin.spec.yaml").read_text()
        (folder / "plugin.spec.yaml").write_text(change(text))
        done = environment("tools").run("insight-plugin", "create", "plugin.spec.yaml", cwd=folder)
        if "Create process complete!" not in done.stdout + done.stderr:
            return None, done.stdout + done.stderr
        shutil.copytree(rendered / "overlay", folder / NAME, dirs_exist_ok=True)
        return folder / NAME, done.stdout

    return make


@pytest.fixture(scope="module")
def plugin(make):
    plugin, words = make()
    assert plugin, words
    return plugin


@pytest.fixture(scope="module")
def validate(environment):
    def validate(plugin):
        done = environment("tools").run("python", HERE / "validate.py", plugin, cwd=plugin)
        return json.loads(done.stdout.splitlines()[-1])

    return validate


@pytest.fixture(scope="module")
def connection(settings):
    return {
        name: {"secretKey": value} if name in SECRETS else value for name, value in settings.items()
    }


def message(action, connection, parameters):
    """What the product sends to start an action."""
    return {
        "version": "v1",
        "type": "action_start",
        "body": {
            "action": action,
            "meta": {},
            "input": parameters,
            "connection": connection,
            "dispatcher": {"url": "", "webhook_url": ""},
            "enable_web": False,
        },
    }


@pytest.fixture(scope="module")
def act(run, plugin, connection, told):
    def act(action, command="run", connection=connection, **parameters):
        done = run.run(
            "python",
            f"bin/icon_{NAME}",
            command,
            cwd=plugin,
            given=json.dumps(message(action, connection, parameters)),
            variables={"PYTHONPATH": str(plugin)},
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        if done.returncode == 0 and command == "run":
            told.executed.append(action)
        return done, json.loads(lines[-1])["body"] if lines else None

    return act


def test_the_validators_pass_it(plugin, validate, told):
    verdict = validate(plugin)
    refused = {name: why for name, why in verdict["refused"].items() if name not in ASK_THE_VENDOR}
    assert refused == {}
    assert set(verdict["unreachable"]) <= ASK_THE_VENDOR
    assert len(verdict["passed"]) >= 32
    told.validator = f"{len(verdict['passed'])} validators pass, 3 need the vendor's servers"


@pytest.mark.parametrize(
    ("old", "new", "validator"),
    [
        ('tags: ["forensics", "sentinelone", "cado"]', 'tags: ["forensics"]', "TagValidator"),
        ("support: community", "support: nobody", "RequiredKeysValidator"),
        ('title: "Cado SentinelOne"', 'title: "cado sentinelone."', "TitleValidator"),
    ],
)
def test_twins_are_refused(make, validate, told, old, new, validator):
    def change(text):
        assert old in text
        return text.replace(old, new, 1)

    twin, words = make(change)
    assert twin is None or validator in validate(twin)["refused"], words
    told.validator += "" if "twins" in told.validator else "; twins refused"


def test_connectivity(act, connection):
    done, _ = act("list_endpoints", command="test")
    assert done.returncode == 0, done.stderr
    assert "green" in done.stdout + done.stderr or "amber" in done.stdout + done.stderr
    done, _ = act("list_endpoints", command="test", connection=connection | {"sentinelone_url": ""})
    assert done.returncode != 0 and "sentinelone_url" in done.stdout + done.stderr


def test_the_doctor_is_an_action_too(act):
    _, body = act("test_connectivity")
    assert body["output"]["records"][0]["health"] in ("green", "amber")


def test_endpoints_are_listed(act, hostname):
    _, body = act("list_endpoints", hostname_contains=hostname)
    assert body["status"] == "ok"
    assert [one["hostname"] for one in body["output"]["records"]] == [hostname]


def test_a_collection_goes_to_its_findings(act, hostname):
    _, body = act("run_collection", endpoint=hostname, investigation="INC-2187")
    wanted = {"collection_id": body["output"]["records"][0]["collection_id"]}
    deadline = time.monotonic() + 120
    while not (record := act("get_task_status", **wanted)[1]["output"]["records"][0])["terminal"]:
        assert time.monotonic() < deadline, record
    assert record["state"] == "completed"
    _, body = act("get_findings", **wanted)
    assert body["output"]["records"][0]["verdict"] != "pending"


def test_a_failure_tells_the_operator_why_and_what_to_do(act):
    done, body = act("get_endpoint", endpoint="no-such-endpoint")
    words = done.stdout + done.stderr
    assert done.returncode != 0 and body["status"] == "error"
    assert "no-such-endpoint" in words and "[not_found]" in words and "Check the name" in words
    done, _ = act("get_endpoint")
    assert done.returncode != 0 and "'endpoint' is a required property" in done.stderr + done.stdout


def test_the_same_over_http(run, plugin, connection, hostname):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(  # noqa: S603 - the proof's own command
        [str(run.python), f"bin/icon_{NAME}", "http", "--port", str(port)],
        cwd=plugin,
        env={"PATH": f"{run.python.parent}:/usr/bin:/bin", "PYTHONPATH": str(plugin)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        url = f"http://127.0.0.1:{port}/actions/list_endpoints"
        body = message("list_endpoints", connection, {"hostname_contains": hostname})
        answer = post_when_it_listens(url, body)
        assert answer.status_code == 200, answer.text
        (endpoint,) = answer.json()["body"]["output"]["records"]
        assert endpoint["hostname"] == hostname
    finally:
        # Its web server waits for its workers; nothing is lost with them.
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(30)


def post_when_it_listens(url, body):
    deadline = time.monotonic() + 60
    while True:
        try:
            return requests.post(url, json=body, timeout=30)
        except requests.ConnectionError:
            assert time.monotonic() < deadline
            time.sleep(0.2)
