"""R1: one key, at most one launch that has effect, counted at the endpoint and not at our side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import requests

import cado_sentinelone
from cado_sentinelone.sandbox import landmarks

IMPORT = "POST:/api/v3/import/xdr"
# When a lost launch that Cado does not show is proven not to have arrived.
LONG_ENOUGH = timedelta(minutes=10)


def killed_launch(bench, die_at: int) -> subprocess.CompletedProcess[str]:
    agent = bench.sandbox.world.agents[0]
    request = {
        "action": "run_collection",
        "asset": bench.asset,
        "parameters": {"endpoint": agent.agent_id, "investigation": "INC-1"},
    }
    roots = [str(Path(cado_sentinelone.__file__).parents[1]), *sys.path]
    return subprocess.run(  # noqa: S603 - this interpreter, a file beside this one
        [sys.executable, str(Path(__file__).with_name("killed.py")), str(die_at)],
        check=False,
        input=json.dumps(request),
        text=True,
        capture_output=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(roots)},
    )


def steps_of_a_launch(bench) -> int:
    whole = json.loads(killed_launch(bench, 0).stdout)
    assert not whole["error"]
    return whole["steps"]


@pytest.fixture
def fresh_bench(bench, tmp_path):
    """The same bench as if nothing had ever been launched from it, as often as asked."""
    number = 0

    def fresh():
        nonlocal number
        number += 1
        bench.asset["ledger_url"] = f"sqlite:///{tmp_path}/ledger-{number}.db"
        bench.later = timedelta()
        bench.sandbox.world.effects.clear()
        for one in bench.run("list_investigations").data:
            if one["name"] == "INC-1":
                rename(bench, one["investigation_id"], f"INC-old-{number}")
        return bench

    return fresh


def rename(bench, investigation_id: int, name: str) -> None:
    call_cado(bench, "PATCH", f"projects/{investigation_id}", {"case_name": name})


def call_cado(bench, method: str, route: str, body: dict[str, object]) -> None:
    """A call that somebody else makes, past the connector."""
    requests.request(
        method,
        f"{bench.sandbox.url}/api/v3/{route}",
        json=body,
        headers={"Authorization": f"Bearer {bench.asset['cado_api_key']}"},
        timeout=10,
    ).raise_for_status()


def test_killed_at_every_step_it_is_launched_once_and_told_truly(fresh_bench):
    steps = steps_of_a_launch(fresh_bench())
    assert steps >= 20
    for die_at in range(1, steps + 1):
        bench = fresh_bench()
        assert killed_launch(bench, die_at).returncode == -9, die_at
        # The playbook's retry comes at once, and again when nothing can be on its way any more.
        at_once = bench.run("run_collection", **request_of(bench))
        assert at_once.error is None, (die_at, at_once.error)
        bench.later = LONG_ENOUGH
        launched = bench.launch()
        status = bench.to_the_end(launched["collection_id"])
        assert status["state"] == "completed", (die_at, status)
        assert bench.effects() == 1, die_at


def request_of(bench) -> dict[str, str]:
    return {"endpoint": bench.sandbox.world.agents[0].agent_id, "investigation": "INC-1"}


def test_a_reply_lost_after_the_work_is_unknown_and_then_found(bench):
    bench.sandbox.world.faults.set(f"drop_reply@{IMPORT}*1")
    launched = bench.launch()
    assert (launched["state"], launched["pipeline_id"]) == ("unknown", None)
    again = bench.launch()
    assert again["collection_id"] == launched["collection_id"]
    assert again["deduplicated"] and again["pipeline_id"]
    assert bench.to_the_end(launched["collection_id"])["state"] == "completed"
    assert bench.effects() == 1


def test_a_lost_reply_is_found_by_a_look_too(bench):
    bench.sandbox.world.faults.set(f"drop_reply@{IMPORT}*1")
    launched = bench.launch()
    status = bench.record("get_task_status", collection_id=launched["collection_id"])
    assert status["state"] == "requested" and status["pipeline_id"]


def test_a_request_lost_before_the_work_stays_unknown_until_its_absence_is_proven(bench):
    bench.sandbox.world.faults.set(f"drop_request@{IMPORT}*1")
    launched = bench.launch()
    assert launched["state"] == "unknown"
    assert bench.launch()["state"] == "unknown"
    bench.later = LONG_ENOUGH
    relaunched = bench.launch()
    assert relaunched["collection_id"] != launched["collection_id"]
    assert bench.to_the_end(relaunched["collection_id"])["state"] == "completed"
    lost = bench.record("get_task_status", collection_id=launched["collection_id"])
    assert lost["state"] == "failed" and "never arrived" in lost["error"]
    assert bench.effects() == 1


@pytest.mark.parametrize("fault", ["error_502", "truncate", "html"])
def test_an_answer_that_is_none_is_unknown_and_never_sent_again(bench, fault):
    bench.sandbox.world.faults.set(f"{fault}@{IMPORT}*1")
    launched = bench.launch()
    assert launched["state"] == "unknown"
    bench.sandbox.world.clock.advance(600)
    bench.later = LONG_ENOUGH
    again = bench.launch()
    bench.to_the_end(again["collection_id"])
    assert bench.effects() == 1


def test_a_lost_reply_beside_a_stranger_waits_for_the_evidence(bench):
    """Somebody else's import in the same investigation is not mistaken for ours."""
    bench.launch(0, dedupe_key="first")
    bench.sandbox.world.faults.set(f"drop_reply@{IMPORT}*2")
    ours, other = bench.launch(0, dedupe_key="second"), bench.launch(1, dedupe_key="third")
    assert ours["state"] == other["state"] == "unknown"
    bench.sandbox.world.clock.advance(4 * 3600)
    for launched, number in ((ours, 0), (other, 1)):
        status = bench.to_the_end(launched["collection_id"])
        assert status["state"] == "completed"
        assert status["hostname"] == bench.sandbox.world.agents[number].hostname
    assert (bench.effects(0), bench.effects(1)) == (2, 1)


def test_lost_replies_of_two_endpoints_of_one_name_are_not_mixed_up(bench):
    """A name alone decides nothing while its namesake is in doubt as well."""
    twins = landmarks.DUPLICATE_HOSTNAMES
    bench.sandbox.world.faults.set(f"drop_reply@{IMPORT}*2")
    launched = [bench.launch(number) for number in twins]
    bench.sandbox.world.clock.advance(600)
    for one in launched:
        status = bench.record("get_task_status", collection_id=one["collection_id"])
        assert status["state"] == "unknown" and "may be pipeline" in status["error"]
    bench.sandbox.world.clock.advance(4 * 3600)
    for one in launched:
        assert bench.to_the_end(one["collection_id"])["state"] == "completed"
    pipelines = [one["pipeline_id"] for one in bench.run("list_collections").data]
    assert len(set(pipelines)) == 2
    assert [bench.effects(number) for number in twins] == [1, 1]


def test_processing_older_evidence_again_is_not_mistaken_for_a_lost_launch(bench):
    first = bench.launch()
    bench.to_the_end(first["collection_id"])
    bench.sandbox.world.faults.set(f"drop_request@{IMPORT}*1")
    lost = bench.launch(allow_repeat=True)
    number = bench.record("get_task_status", collection_id=first["collection_id"])["evidence_ids"]
    call_cado(bench, "POST", "evidences/process", {"evidence_id": number[0]})
    bench.sandbox.world.clock.advance(4 * 3600)
    bench.later = LONG_ENOUGH
    status = bench.record("get_task_status", collection_id=lost["collection_id"])
    assert (status["state"], status["pipeline_id"]) == ("failed", None)


def test_two_runners_at_once_launch_once(bench):
    answers: list[dict[str, object]] = []
    threads = [threading.Thread(target=lambda: answers.append(bench.launch())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer["collection_id"] for answer in answers}) == 1
    assert len(answers) == 6
    bench.sandbox.world.clock.advance(600)
    assert bench.effects() == 1


def test_the_same_key_gives_the_finished_collection_back(bench):
    launched = bench.launch()
    bench.to_the_end(launched["collection_id"])
    again = bench.launch()
    assert (again["collection_id"], again["state"]) == (launched["collection_id"], "completed")
    assert bench.effects() == 1


def test_a_repeat_must_be_asked_for(bench):
    first = bench.launch()
    second = bench.launch(allow_repeat=True)
    assert first["collection_id"] != second["collection_id"]
    bench.sandbox.world.clock.advance(600)
    assert bench.effects() == 2


def test_a_failed_collection_frees_its_key(bench):
    bench.sandbox.world.faults.set("import_fails*1")
    first = bench.launch()
    assert bench.to_the_end(first["collection_id"])["state"] == "failed"
    bench.sandbox.world.faults.clear()
    second = bench.launch()
    assert second["collection_id"] != first["collection_id"]


def test_a_launch_that_cado_refuses_is_failed_with_its_words(bench):
    bench.sandbox.world.faults.set("cado_role=Read Only Analyst")
    outcome = bench.run("run_collection", **request_of(bench))
    assert outcome.error is not None
    bench.sandbox.world.faults.clear()
    assert bench.launch()["state"] == "requested"
