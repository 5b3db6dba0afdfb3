"""The life of a collection through Cado, over HTTP against the sandbox (R2, R4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cado_sentinelone.sandbox import landmarks


def test_it_goes_through_every_state_to_the_evidence(bench):
    launched = bench.launch(reason="threat 7")
    assert launched["state"] == "requested"
    assert launched["pipeline_id"] and not launched["deduplicated"]
    seen = []
    for _ in range(40):
        status = bench.record("get_task_status", collection_id=launched["collection_id"])
        seen.append(status["state"])
        if status["terminal"]:
            break
        assert status["progress"] < 100
        bench.sandbox.world.clock.advance(120)
    assert list(dict.fromkeys(seen)) == ["requested", "running", "processing", "completed"]
    assert status["progress"] == 100 and len(status["evidence_ids"]) == 1
    assert {step["pipeline"] for step in status["steps"]} >= {"acquisition", "processing"}
    evidence = bench.sandbox.world.agents[0].hostname
    assert status["hostname"] == evidence
    assert bench.effects() == 1


def test_waiting_follows_it_to_the_end(bench):
    launched = bench.launch(wait_seconds=4 * 3600)
    assert launched["state"] == "completed"


def test_any_other_process_can_take_a_wait_up(bench):
    """R4: the handle is all it takes, also by the pipeline's id."""
    launched = bench.launch()
    bench.to_the_end(launched["collection_id"])
    status = bench.record("get_task_status", pipeline_id=launched["pipeline_id"])
    assert (status["collection_id"], status["state"]) == (launched["collection_id"], "completed")


@pytest.mark.parametrize(
    ("fault", "state", "words"),
    [
        ("import_fails", "failed", "acquisition"),
        ("child_fails", "completed_with_errors", "processing"),
        ("child_partly_fails", "completed_with_errors", "failed tasks"),
        ("evidence_for_other_host", "failed", "not of"),
    ],
)
def test_what_went_wrong_is_the_end_and_said(bench, fault, state, words):
    """R2: a vendor's "complete" is not believed when a child or the evidence says otherwise."""
    bench.sandbox.world.faults.set(fault)
    status = bench.to_the_end(bench.launch()["collection_id"])
    assert status["state"] == state
    assert words in status["error"]


def test_without_evidence_it_is_uploading_until_its_deadline(bench):
    bench.sandbox.world.faults.set("no_evidence")
    collection_id = bench.launch()["collection_id"]
    bench.sandbox.world.clock.advance(6 * 3600)
    status = bench.record("get_task_status", collection_id=collection_id)
    assert (status["state"], status["terminal"]) == ("uploading", False)
    bench.later = timedelta(hours=25)
    status = bench.record("get_task_status", collection_id=collection_id)
    assert (status["state"], status["terminal"]) == ("expired", True)
    assert "no evidence" in status["error"]


def test_a_stuck_import_stays_running(bench):
    bench.sandbox.world.faults.set("import_stuck")
    collection_id = bench.launch()["collection_id"]
    bench.sandbox.world.clock.advance(6 * 3600)
    assert bench.record("get_task_status", collection_id=collection_id)["state"] == "running"


@pytest.mark.parametrize("after_seconds", [0, 600, 1800])
def test_cancelling_reaches_an_end(bench, after_seconds):
    launched = bench.launch()
    bench.sandbox.world.clock.advance(after_seconds)
    cancelled = bench.record("cancel_collection", collection_id=launched["collection_id"])
    assert cancelled["state"] == "cancelled"
    assert cancelled["cancelled"]
    assert bench.record("get_task_status", collection_id=launched["collection_id"])["terminal"]


def test_cancelling_what_has_ended_says_so(bench):
    launched = bench.launch(wait_seconds=4 * 3600)
    cancelled = bench.record("cancel_collection", collection_id=launched["collection_id"])
    assert cancelled["state"] == "completed"
    assert cancelled["not_cancelled"] == ["it had ended: completed"]


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        (landmarks.OFFLINE, "offline"),
        (landmarks.ISOLATED, "isolated"),
        (landmarks.MACOS, "macOS"),
        (landmarks.DECOMMISSIONED, "decommissioned"),
        (landmarks.WINDOWS_LEGACY, "windows_legacy"),
        (landmarks.ON_SITE_WITHOUT_RSO, "RemoteOps"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_sent(bench, endpoint, words):
    agent = bench.sandbox.world.agents[endpoint]
    outcome = bench.run("run_collection", endpoint=agent.agent_id, investigation="INC-1")
    assert outcome.error.kind == "refused"
    assert words.casefold() in outcome.message.casefold()
    assert not bench.effects(endpoint)
    listed = bench.run("list_collections", state="refused").data
    assert [one["hostname"] for one in listed] == [agent.hostname]


def test_a_wrong_account_alias_is_refused_with_the_right_ones(bench):
    right = bench.asset["cado_account_name"]
    bench.asset["cado_account_name"] = "mistyped"
    agent = bench.sandbox.world.agents[0]
    outcome = bench.run("run_collection", endpoint=agent.agent_id, investigation="INC-1")
    assert outcome.error.kind == "refused"
    assert "mistyped" in outcome.message and right in outcome.message


def test_two_endpoints_of_one_name_are_a_conflict_that_lists_them(bench):
    twins = [bench.sandbox.world.agents[i] for i in landmarks.DUPLICATE_HOSTNAMES]
    outcome = bench.run("run_collection", endpoint=twins[0].hostname, investigation="INC-1")
    assert outcome.error.kind == "conflict"
    assert all(twin.agent_id in outcome.message for twin in twins)


def test_twins_are_told_apart_by_their_agent_id(bench):
    """The right endpoint gets the collection although Cado lists two of its name."""
    for number in landmarks.DUPLICATE_HOSTNAMES:
        bench.launch(number)
        bench.sandbox.world.clock.advance(600)
        assert bench.effects(number) == 1


def test_a_dry_run_sends_nothing(bench):
    agent = bench.sandbox.world.agents[0]
    outcome = bench.run(
        "run_collection",
        endpoint=agent.agent_id,
        investigation="INC-9",
        profile="custom",
        groups="processes",
        dry_run=True,
    )
    assert outcome.error is None
    assert outcome.summary["plan"]["host_options"]["groups"] == ["processes"]
    assert outcome.data[0]["collection_id"] == ""
    bench.sandbox.world.clock.advance(3600)
    assert not bench.effects()
    assert not bench.run("list_collections").data
    assert not any(one["name"] == "INC-9" for one in bench.run("list_investigations").data)


def test_a_look_at_many_tells_the_same_as_a_look_at_each(bench):
    first, second = bench.launch(0), bench.launch(1, investigation="INC-2")
    bench.sandbox.world.clock.advance(4 * 3600)
    listed = bench.run("list_collections", refresh=True).data
    assert {one["collection_id"]: one["state"] for one in listed} == {
        first["collection_id"]: "completed",
        second["collection_id"]: "completed",
    }
