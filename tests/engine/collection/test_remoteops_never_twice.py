"""R1 on the RemoteOps route: whatever dies or gets lost, at most one effect at the endpoint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

import cado_sentinelone
from cado_sentinelone.sandbox import landmarks
from cado_sentinelone.sandbox.running import RunningSandbox

LINUX = landmarks.HEALTHY_LINUX
EXECUTE = "POST:/web/api/v2.1/remote-scripts/execute"
# When a launch that nothing shows is sent again with the same key.
LONG_ENOUGH = timedelta(minutes=10)


def launch(bench, **parameters):
    return bench.launch(LINUX, via="remoteops", **parameters)


def killed(bench, die_at, request):
    """Runs one request in a process that dies by SIGKILL at that step."""
    roots = [str(Path(cado_sentinelone.__file__).parents[1]), *sys.path]
    return subprocess.run(  # noqa: S603 - this interpreter, a file beside this one
        [sys.executable, str(Path(__file__).with_name("killed.py")), str(die_at)],
        check=False,
        input=json.dumps(request | {"asset": bench.asset}),
        text=True,
        capture_output=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(roots)},
    )


def launch_request(bench, investigation):
    return {
        "action": "run_collection",
        "parameters": {
            "endpoint": bench.sandbox.world.agents[LINUX].agent_id,
            "investigation": investigation,
            "via": "remoteops",
        },
    }


def test_killed_at_every_step_of_the_launch_it_has_one_effect(bench, tmp_path):
    steps = json.loads(killed(bench, 0, launch_request(bench, "INC-0")).stdout)
    assert not steps["error"] and steps["steps"] >= 30
    bench.sandbox.world.clock.advance(600)
    bench.sandbox.world.sentinelone.remote.settle()
    for die_at in range(1, steps["steps"] + 1):
        investigation = f"INC-{die_at}"
        bench.asset["ledger_url"] = f"sqlite:///{tmp_path}/ledger-{die_at}.db"
        bench.later = timedelta()
        before = bench.effects(LINUX)
        dead = killed(bench, die_at, launch_request(bench, investigation))
        assert dead.returncode == -9, die_at
        # The playbook's retry comes at once, and again when nothing can be on its way any more.
        at_once = bench.run("run_collection", **launch_request(bench, investigation)["parameters"])
        assert at_once.error is None, (die_at, at_once.error)
        bench.later = LONG_ENOUGH
        launched = launch(bench, investigation=investigation)
        status = bench.to_the_end(launched["collection_id"])
        assert status["state"] == "completed", (die_at, status)
        assert bench.effects(LINUX) == before + 1, die_at
        assert len(bench.run("list_collections").data) == 1, die_at
    # What a crash left in the library goes with the next launches, but for the youngest.
    assert len(bench.sandbox.world.sentinelone.remote.scripts) <= steps["steps"] // 2


def test_killed_at_every_step_of_a_look_it_goes_on(bench, tmp_path):
    """Reading the report, deleting the script: each may be the last thing that a process does."""
    launched = launch(bench)
    bench.sandbox.world.clock.advance(400)
    look = {
        "action": "get_task_status",
        "parameters": {"collection_id": launched["collection_id"]},
    }
    for die_at in range(1, 40):
        if killed(bench, die_at, look).returncode != -9:
            break
    assert die_at > 5
    assert bench.to_the_end(launched["collection_id"])["state"] == "completed"
    assert bench.effects(LINUX) == 1
    assert not bench.sandbox.world.sentinelone.remote.scripts


def test_a_reply_lost_after_the_work_is_unknown_and_then_found(bench):
    bench.sandbox.world.faults.set(f"drop_reply@{EXECUTE}*1")
    launched = launch(bench)
    assert (launched["state"], launched["parent_task_id"]) == ("unknown", "")
    bench.sandbox.world.clock.advance(5)
    status = bench.record("get_task_status", collection_id=launched["collection_id"])
    assert status["state"] in ("requested", "waiting_endpoint") and status["parent_task_id"]
    assert bench.to_the_end(launched["collection_id"])["state"] == "completed"
    assert bench.effects(LINUX) == 1


@pytest.mark.parametrize("fault", ["drop_reply", "error_502", "truncate", "html"])
def test_where_nothing_shows_it_the_same_key_is_sent_again_and_does_nothing(bench, fault):
    """The activities are closed to this token, so only the guard on the endpoint can tell."""
    bench.sandbox.world.faults.set("missing_permission=Activity Page.view")
    bench.sandbox.world.faults.set(f"{fault}@{EXECUTE}*1")
    launched = launch(bench)
    assert launched["state"] == "unknown"
    assert launch(bench)["state"] == "unknown"
    bench.later = LONG_ENOUGH
    outcome = bench.run("get_task_status", collection_id=launched["collection_id"])
    assert any("sent again with the same key" in words for words in outcome.warnings)
    assert bench.to_the_end(launched["collection_id"])["state"] == "completed"
    assert bench.effects(LINUX) == 1


def test_a_request_lost_before_the_work_is_sent_again(bench):
    bench.sandbox.world.faults.set(f"drop_request@{EXECUTE}*1")
    launched = launch(bench)
    assert launched["state"] == "unknown"
    bench.later = LONG_ENOUGH
    assert bench.to_the_end(launched["collection_id"])["state"] == "completed"
    assert bench.effects(LINUX) == 1


def test_an_upload_whose_answer_was_lost_is_found_by_its_name(bench):
    bench.sandbox.world.faults.set("drop_reply@POST:/web/api/v2.1/remote-scripts*1")
    launched = launch(bench)
    assert launched["state"] == "requested"
    assert len(bench.sandbox.world.sentinelone.remote.scripts) == 1
    bench.to_the_end(launched["collection_id"])
    assert bench.effects(LINUX) == 1


def test_two_runners_at_once_launch_once(bench):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(launch(bench))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer["collection_id"] for answer in answers}) == 1 and len(answers) == 4
    bench.to_the_end(answers[0]["collection_id"])
    assert bench.effects(LINUX) == 1
    assert not bench.sandbox.world.sentinelone.remote.scripts


def test_a_failed_collection_frees_its_key(bench):
    bench.sandbox.world.faults.set("capture_fails*1")
    first = launch(bench)
    assert bench.to_the_end(first["collection_id"])["state"] == "failed"
    second = launch(bench)
    assert second["collection_id"] != first["collection_id"]
    assert bench.to_the_end(second["collection_id"])["state"] == "completed"


def test_the_live_endpoint_really_runs_it_once(tmp_path, bench_of):
    """The uploaded script runs on this machine; what Cado holds is what was really collected."""
    with RunningSandbox(endpoints=40, speed=0, live_endpoint=True) as sandbox:
        bench = bench_of(sandbox)
        launched = launch(bench, profile="light")
        sandbox.world.clock.advance(20)
        bench.record("get_task_status", collection_id=launched["collection_id"])
        sandbox.world.live.wait()
        status = bench.to_the_end(launched["collection_id"])
        assert status["state"] == "completed", status
        again = launch(bench, profile="light")
        assert again["collection_id"] == launched["collection_id"]
        (stored,) = sandbox.world.bucket.objects.values()
        [kept] = bench.run("list_collections").data
        assert kept["archive_sha256"] == stored.sha256
        assert bench.effects(LINUX) == 1
        events = bench.run("search_timeline", investigation="INC-1", query="bytes collected").data
        names = {event["filename"] for event in events}
        assert "/proc/version" in names and all(event["sha256"] for event in events)
        findings = bench.record("get_findings", collection_id=launched["collection_id"])
        assert findings["verdict"] == "no_findings"
        left = sandbox.world.live.left_behind()
    assert left == []
