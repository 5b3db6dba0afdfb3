"""Faults on the wire, the admin surface and the life of a running sandbox, over real sockets."""

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading

import pytest

from cado_sentinelone.sandbox.asset import SENTINELONE_TOKEN, sandbox_asset
from cado_sentinelone.sandbox.places import PLAN
from cado_sentinelone.sandbox.running import RunningSandbox
from cado_sentinelone.sandbox.server import serve
from cado_sentinelone.sandbox.world import World

BASE = "/web/api/v2.1"
AGENTS = f"{BASE}/agents"
PATTERN = {
    "data": {"type": "path", "value": "/opt/x", "osType": "linux"},
    "filter": {"siteIds": []},
}


@pytest.fixture(scope="module")
def running():
    with RunningSandbox(endpoints=20, speed=0) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running):
    running.world.faults.clear()
    running.world.sentinelone.exclusions.clear()
    ask(running, "DELETE", "/sandbox/requests")
    yield running
    running.world.faults.clear()


def ask(sandbox, method, path, body=None):
    """Status, headers and body of one request on a connection of its own."""
    connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=10)
    headers = {"Authorization": f"ApiToken {SENTINELONE_TOKEN}"}
    try:
        connection.request(method, path, body and json.dumps(body), headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def counted(sandbox):
    return json.loads(ask(sandbox, "GET", "/sandbox/requests")[2])


def create(sandbox):
    site = sandbox.world.sites[0].site_id
    return ask(sandbox, "POST", f"{BASE}/exclusions", {**PATTERN, "filter": {"siteIds": [site]}})


def test_a_reply_that_is_dropped_had_its_work_done(sandbox):
    """R1: not a byte comes back, and the exclusion is there."""
    sandbox.world.faults.set(f"drop_reply@POST:{BASE}/exclusions*1")
    with pytest.raises(http.client.RemoteDisconnected):
        create(sandbox)
    assert len(sandbox.world.sentinelone.exclusions) == 1
    assert create(sandbox)[0] == 400


def test_a_request_that_is_dropped_had_not(sandbox):
    sandbox.world.faults.set(f"drop_request@{BASE}/exclusions*1")
    with pytest.raises(http.client.RemoteDisconnected):
        create(sandbox)
    assert not sandbox.world.sentinelone.exclusions
    assert create(sandbox)[0] == 200


@pytest.mark.parametrize(
    ("fault", "status", "title"),
    [
        ("error_500", 500, "500 Internal Server Error"),
        ("error_502", 502, "502 Bad Gateway"),
        ("error_503", 503, "503 Service Temporarily Unavailable"),
        ("throttle", 429, "429 Too Many Requests"),
        ("html", 200, "Welcome"),
    ],
)
def test_a_page_stands_in_for_the_answer(sandbox, fault, status, title):
    sandbox.world.faults.set(f"{fault}*1")
    answered, headers, body = ask(sandbox, "GET", AGENTS)
    assert answered == status
    assert headers["content-type"] == "text/html"
    assert f"<title>{title}</title>".encode() in body
    assert headers["retry-after"] is None
    assert ask(sandbox, "GET", AGENTS)[0] == 200


def test_retry_after_comes_when_it_is_asked_for(sandbox):
    sandbox.world.faults.set("throttle=7")
    assert ask(sandbox, "GET", AGENTS)[1]["retry-after"] == "7"


def test_a_fault_keeps_to_its_path(sandbox):
    sandbox.world.faults.set(f"error_502@{AGENTS}")
    assert ask(sandbox, "GET", f"{AGENTS}/count")[0] == 502
    assert ask(sandbox, "GET", f"{BASE}/system/status")[0] == 200
    assert ask(sandbox, "GET", "/sandbox/faults")[0] == 200


def test_a_truncated_answer_is_cut_in_the_middle(sandbox):
    """R8: the length that was promised does not come."""
    whole = ask(sandbox, "GET", AGENTS)[2]
    sandbox.world.faults.set("truncate*1")
    with pytest.raises(http.client.IncompleteRead) as cut:
        ask(sandbox, "GET", AGENTS)
    assert cut.value.partial == whole[: len(whole) // 2]


def test_extra_fields_are_in_every_object(sandbox):
    plain = json.loads(ask(sandbox, "GET", AGENTS)[2])
    sandbox.world.faults.set("extra_fields")
    extended = json.loads(ask(sandbox, "GET", AGENTS)[2])
    assert "sandboxUnknownField" in extended
    for before, after in zip(plain["data"], extended["data"], strict=True):
        assert after.pop("sandboxUnknownField")
        assert after["tags"].pop("sandboxUnknownField")
        assert after.keys() == before.keys()
    sandbox.world.faults.set("html*1")
    assert b"Welcome" in ask(sandbox, "GET", AGENTS)[2]


def test_a_dribble_comes_in_small_pieces(sandbox):
    sandbox.world.faults.set("dribble=400*1")
    address = sandbox.url.removeprefix("http://").split(":")
    with socket.create_connection((address[0], int(address[1])), timeout=10) as connection:
        connection.sendall(f"GET {BASE}/system/status HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        received, pieces = b"", 0
        while not received.endswith(b'{"data":{"health":"ok"}}'):
            received += connection.recv(4096)
            pieces += 1
    assert pieces > 1


def test_a_client_that_leaves_a_dribble_is_no_burden(sandbox):
    sandbox.world.faults.set("dribble=20*1")
    address = sandbox.url.removeprefix("http://").split(":")
    with socket.create_connection((address[0], int(address[1])), timeout=10) as connection:
        connection.sendall(f"GET {BASE}/system/status HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        connection.recv(1)
    assert ask(sandbox, "GET", f"{BASE}/system/status")[0] == 200


def test_latency_delays_and_changes_nothing(sandbox):
    sandbox.world.faults.set("latency=0.01*1")
    assert ask(sandbox, "GET", AGENTS)[2] == ask(sandbox, "GET", AGENTS)[2]
    assert not sandbox.world.faults.on("latency")


def test_requests_are_counted_by_route_and_answers_by_status(sandbox):
    site = sandbox.world.sites[0].site_id
    for path in (AGENTS, AGENTS, f"{BASE}/sites/{site}/policy", f"{BASE}/sites/1/policy"):
        ask(sandbox, "GET", path)
    sandbox.world.faults.set("drop_reply*1")
    with pytest.raises(http.client.RemoteDisconnected):
        ask(sandbox, "GET", AGENTS)
    assert counted(sandbox) == {
        "requests": {f"GET {AGENTS}": 3, f"GET {BASE}/sites/{{site_id}}/policy": 2},
        "statuses": {"200": 3, "404": 1, "lost": 1},
    }
    ask(sandbox, "DELETE", "/sandbox/requests")
    assert counted(sandbox) == {"requests": {}, "statuses": {}}


def test_the_asset_points_here(sandbox):
    asset = json.loads(ask(sandbox, "GET", "/sandbox/asset")[2])
    assert asset == sandbox.asset == sandbox_asset(sandbox.url)
    assert asset["allow_private_addresses"] is True


def test_faults_at_run_time(sandbox):
    status, _, body = ask(sandbox, "POST", "/sandbox/faults", {"spec": "html@/api*2"})
    assert (status, json.loads(body)["spec"]) == (200, "html@/api*2")
    assert "drop_reply" in json.loads(body)["known"]
    for wrong in ({"spec": "htlm"}, {"spec": 5}, {}, []):
        assert ask(sandbox, "POST", "/sandbox/faults", wrong)[0] == 400
    assert json.loads(ask(sandbox, "DELETE", "/sandbox/faults")[2])["spec"] == ""


def test_the_clock_at_run_time(sandbox):
    before = sandbox.world.clock.now()
    body = json.loads(ask(sandbox, "POST", "/sandbox/clock", {"advance_seconds": 60})[2])
    assert sandbox.world.clock.now() == before + 60
    assert body == {"now": sandbox.world.clock.iso(before + 60), "speed": 0}
    for wrong in ({"advance_seconds": -1}, {"speed": "fast"}, {"sped": 1}):
        assert ask(sandbox, "POST", "/sandbox/clock", wrong)[0] == 400
    assert json.loads(ask(sandbox, "GET", "/sandbox/clock")[2]) == body


def test_effects_are_shown_by_agent(sandbox):
    sandbox.world.effects["1900"] += 2
    assert json.loads(ask(sandbox, "GET", "/sandbox/effects")[2]) == {"1900": 2}
    sandbox.world.effects.clear()


def test_several_run_at_once_and_leave_nothing_behind():
    before = threading.active_count()
    with RunningSandbox(endpoints=1) as one, RunningSandbox(endpoints=2, seed=7) as two:
        assert one.url != two.url
        totals = [
            json.loads(ask(s, "GET", f"{AGENTS}/count")[2])["data"]["total"] for s in (one, two)
        ]
        assert totals == [1, 2]
        port = int(one.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            RunningSandbox(port=port)
    assert threading.active_count() == before
    with RunningSandbox(port=port, endpoints=1) as again:
        assert ask(again, "GET", f"{BASE}/system/status")[0] == 200


def test_it_stops_while_an_answer_is_on_its_way():
    with RunningSandbox(endpoints=1, faults="dribble=1") as sandbox:
        address = sandbox.url.removeprefix("http://").split(":")
        connection = socket.create_connection((address[0], int(address[1])), timeout=10)
        connection.sendall(f"GET {BASE}/system/status HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert connection.recv(1)
    connection.close()


def test_the_same_seed_is_the_same_world():
    first, same, other = World(3, 40), World(3, 40), World(4, 40)
    assert [a.agent_id for a in first.agents] == [a.agent_id for a in same.agents]
    assert [a.hostname for a in first.agents] == [a.hostname for a in same.agents]
    assert [a.agent_id for a in first.agents] != [a.agent_id for a in other.agents]
    assert first.rng("x").random() == same.rng("x").random() != first.rng("y").random()


@pytest.mark.parametrize("endpoints", [1, 5, 20, 3000])
def test_the_first_account_holds_as_many_endpoints_as_asked_for(endpoints):
    world = World(1, endpoints)
    assert len(world.accounts[0].agents) == endpoints
    ids = [agent.agent_id for agent in world.agents]
    assert ids == sorted(set(ids))
    assert len({agent.uuid for agent in world.agents}) == len(ids)
    assert len(world.sites) == sum(map(len, PLAN.values()))
    assert all(world.agent(agent.agent_id) is agent for agent in world.agents)
    assert world.site(world.sites[3].site_id) is world.sites[3]


@pytest.mark.parametrize("endpoints", [0, -1, 1_000_001])
def test_a_world_has_a_size(endpoints):
    with pytest.raises(ValueError, match="a world holds"):
        World(1, endpoints)


def test_a_server_that_cannot_start_says_why(running, capsys):
    port = int(running.url.rpartition(":")[2])
    assert serve(port=port) == 1
    assert f"cannot listen on port {port}: Address already in use" in capsys.readouterr().err
    assert serve(faults="nonsense") == 1
    assert "unknown fault 'nonsense'" in capsys.readouterr().err


def test_an_asset_that_cannot_be_written_stops_the_server(tmp_path, capsys):
    assert serve(endpoints=1, write_asset=tmp_path / "none" / "asset.json") == 1
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_serves_until_it_is_told_to_stop(tmp_path, number):
    asset = tmp_path / "asset.json"
    asset.write_text("{}")
    asset.chmod(0o644)
    code = (
        "import sys; from pathlib import Path; from cado_sentinelone.sandbox.server import serve;"
        f"sys.exit(serve(endpoints=3, cado_role='Analyst', write_asset=Path({str(asset)!r})))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(  # noqa: S603 - this interpreter, code of our own
        [sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        said = process.stderr.readline()
        while "Ctrl-C" not in said:
            said += process.stderr.readline()
        assert stat.S_IMODE(asset.stat().st_mode) == 0o600
        url = json.loads(asset.read_text())["sentinelone_url"]
        assert f"3 endpoints on {url}" in said
        assert "faults set: cado_role=Analyst" in said
        process.send_signal(number)
        assert process.stderr.read() == "sandbox: stopped\n"
    assert process.returncode == 0
