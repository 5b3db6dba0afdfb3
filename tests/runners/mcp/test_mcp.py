"""The official client calls the server, over standard input and output and over streamable HTTP."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from pathlib import Path

import pytest
import requests

HERE = Path(__file__).parent
KEY = "a-key-for-nothing-but-this-proof"


@pytest.fixture(scope="module")
def run(environment, told):
    run = environment("run")
    told.version = run.version("mcp")
    return run


@pytest.fixture(scope="module")
def asset_file(settings, tmp_path_factory):
    path = tmp_path_factory.mktemp("asset") / "asset.json"
    path.write_text(json.dumps(settings))
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def program(run):
    return str(run.python.parent / "cado-sentinelone")


@pytest.fixture(scope="module")
def url(run, program, asset_file):
    """A server over HTTP."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "mcp", "--http", "--port", str(port), "--asset", str(asset_file)]
    environment = {"PATH": "/usr/bin:/bin", "CADO_SENTINELONE_MCP_KEY": KEY}
    server = subprocess.Popen(command, env=environment)  # noqa: S603 - the proof's own command
    url = f"http://127.0.0.1:{port}/mcp"
    deadline = time.monotonic() + 30
    while True:
        try:
            requests.post(url, timeout=5)
            break
        except requests.ConnectionError:
            assert server.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)
    yield url
    server.terminate()
    assert server.wait(20) in (0, -15)


@pytest.fixture(scope="module", params=["stdio", "http"])
def talk(request, run, program, asset_file, url, told):
    where = {
        "stdio": {"stdio": {"command": program, "args": ["mcp", "--asset", str(asset_file)]}},
        "http": {"url": url, "key": KEY},
    }[request.param]

    def talk(*calls):
        done = run.run(
            "python", HERE / "client.py", cwd=HERE, given=json.dumps(where | {"calls": calls})
        )
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        told.executed += [
            name
            for (name, _), result in zip(calls, answer["results"], strict=True)
            if not result["is_error"] and name not in told.executed
        ]
        return answer

    return talk


def test_every_action_is_a_tool_that_says_what_it_does(talk):
    tools = {tool["name"]: tool for tool in talk()["tools"]}
    assert {"list_endpoints", "run_collection", "get_findings"} <= tools.keys()
    hints = tools["list_endpoints"]["annotations"]
    assert (hints["readOnlyHint"], hints["destructiveHint"]) == (True, False)
    hints = tools["delete_account"]["annotations"]
    assert (hints["readOnlyHint"], hints["destructiveHint"]) == (False, True)
    for tool in tools.values():
        assert not {"sentinelone_token", "cado_api_key"} & tool["inputSchema"]["properties"].keys()


def test_the_main_job(talk, hostname):
    launch = {"endpoint": hostname, "investigation": "INC-2187"}
    answer = talk(
        ["test_connectivity", {}],
        ["list_endpoints", {"hostname_contains": hostname}],
        ["run_collection", launch],
        ["run_collection", launch | {"confirm": True}],
        ["get_task_status", {"collection_id": "$3.collection_id", "confirm": True}],
        ["get_findings", {"collection_id": "$3.collection_id"}],
    )
    doctor, listed, unconfirmed, launched, status, findings = answer["results"]
    assert doctor["content"]["data"][0]["health"] in ("green", "amber")
    assert [one["hostname"] for one in listed["content"]["data"]] == [hostname]
    assert unconfirmed["is_error"] and "was not confirmed" in unconfirmed["text"]
    assert not launched["is_error"]
    assert status["content"]["data"][0]["state"] == "completed"
    assert findings["content"]["data"][0]["verdict"] != "pending"
    assert "looking at SentinelOne" in answer["progress"]


def test_a_failure_tells_the_model_why_and_what_to_do(talk, settings):
    answer = talk(
        ["get_endpoint", {"endpoint": "no-such-endpoint"}],
        ["get_endpoint", {}],
        ["get_endpoint", {"endpoint": "x", "sentinelone_token": "y"}],
        [
            "run_collection",
            {"endpoint": "x", "investigation": "y", "confirm": True, "wait_seconds": 900},
        ],
    )
    missing, empty, unknown, long = answer["results"]
    assert missing["is_error"] and "[not_found]" in missing["text"]
    assert empty["is_error"] and "endpoint" in empty["text"]
    assert unknown["is_error"] and "sentinelone_token" in unknown["text"]
    assert long["is_error"] and "at most 300" in long["text"]
    for name in ("sentinelone_token", "cado_api_key"):
        assert settings[name] not in json.dumps(answer)


def test_nobody_gets_in_without_the_key(url, told):
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": KEY}):
        assert requests.post(url, json=body, headers=headers, timeout=10).status_code == 401
    told.validator = "the official client lists and calls the tools; strangers are refused"


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example.com"}, {"Origin": "https://evil.example.com"}]
)
def test_a_web_page_cannot_reach_it(url, headers):
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream", "Authorization": f"Bearer {KEY}"}
    answer = requests.post(url, json=body, headers=accept | headers, timeout=10)
    assert answer.status_code in (403, 421)
