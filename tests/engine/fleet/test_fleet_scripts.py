"""A fleet collection by RemoteOps: one call for many endpoints, each collected once and told apart."""

from __future__ import annotations

import json

import pytest
import requests

from cado_sentinelone.assets import asset_of
from cado_sentinelone.engine import remoteops_task
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.remoteops_scripts import prepare, upload
from cado_sentinelone.errors import UnavailableError
from cado_sentinelone.remoteops.result import result_in

OURS = "cado-sentinelone-"


@pytest.fixture
def sent(fleet, monkeypatch):
    """The bodies of the calls that execute a script, as they came to the console."""
    from cado_sentinelone.sandbox.sentinelone.remote import Remote

    bodies = []
    execute = Remote.execute

    def noted(self, script, agents, wanted, user):
        bodies.append((script, agents, wanted))
        return execute(self, script, agents, wanted, user)

    monkeypatch.setattr(Remote, "execute", noted)
    return bodies


def start(fleet, **parameters):
    return fleet.start(via="remoteops", online_only=True, **{"canary": 0} | parameters)


def to_the_end(fleet, plan):
    for _ in range(20):
        status = fleet.work(plan, 1800)
        if status["state"] not in ("canary", "running", "cancelling"):
            return status
    return status


def members(fleet, plan, **filters):
    return fleet.run("list_fleet_endpoints", fleet_id=plan["fleet_id"], **filters).data


def scripts_left(fleet):
    library = fleet.sandbox.world.sentinelone.remote.scripts.values()
    return [script.name for script in library if script.name.startswith(OURS)]


def test_few_calls_launch_all_and_each_is_told_apart_r1_r2_r6(fleet, sent):
    plan = start(fleet)
    status = to_the_end(fleet, plan)
    assert status["state"] == "completed" and status["with_evidence"] > 40
    # One for each operating system, and one for each namesake.
    assert len(sent) < 8 and max(len(agents) for _, agents, _ in sent) > 20
    done = members(fleet, plan, state="completed")
    assert max(fleet.effects.values()) == 1 and len(done) == len(fleet.effects)
    archives = {one["archive_name"] for one in done}
    assert len(archives) == len(done) and "" not in archives
    assert len({number for one in done for number in one["evidence_ids"]}) == len(done)
    assert all(one["archive_sha256"] and one["task_id"] for one in done)
    outcome = fleet.run("get_task_status", parent_task_id=done[0]["parent_task_id"])
    assert outcome.error.kind == "conflict" and "collection_id" in outcome.error.remedy
    told = fleet.record("get_task_status", collection_id=done[0]["collection_id"])
    assert told["state"] == "completed" and told["hostname"] == done[0]["hostname"]
    assert scripts_left(fleet) == []  # S6
    for script, agents, wanted in sent:
        assert len({agent.hostname for agent in agents}) == len(agents)
        assert {agent.platform.os_type for agent in agents} <= set(script.os_types)
        assert OURS.rstrip("-") in wanted["taskDescription"]


def test_a_lost_answer_is_looked_up_for_all_of_its_call_r1(fleet):
    fleet.sandbox.world.faults.set("drop_reply@POST:/web/api/v2.1/remote-scripts/execute*2")
    fleet.sandbox.world.faults.set("drop_request@POST:/web/api/v2.1/remote-scripts/execute*1")
    plan = start(fleet)
    status = to_the_end(fleet, plan)
    assert status["state"] == "completed" and not status["counts"].get("unknown")
    assert max(fleet.effects.values()) == 1
    assert status["counts"]["completed"] == len(fleet.effects)


def test_without_the_scripts_reports_the_evidence_tells_whose_it_is_r2(fleet):
    fleet.sandbox.world.faults.set("no_output")
    plan = start(fleet)
    status = to_the_end(fleet, plan)
    assert status["state"] == "completed"
    done = members(fleet, plan, state="completed")
    assert len(done) == len(fleet.effects) == len({one["pipeline_id"] for one in done})
    hosts = {
        evidence.evidence_id: evidence.hostname for evidence in fleet.sandbox.world.cado.evidences()
    }
    assert all(hosts[one["evidence_ids"][0]] == one["hostname"] for one in done)


def test_without_its_report_the_scripts_exit_code_tells_of_a_failure_r2(fleet):
    fleet.sandbox.world.faults.set("no_output;capture_fails*1")
    plan = start(fleet, os="linux")
    status = to_the_end(fleet, plan)
    [failed] = members(fleet, plan, state="failed")
    assert (
        status["state"] == "completed" and "exit code 15: the collector failed" in failed["error"]
    )


@pytest.mark.parametrize("fault", ["", "capture_fails"])
def test_a_report_that_was_noted_and_not_judged_is_judged_later_r1(fleet, monkeypatch, fault):
    """A worker may die between the two."""
    judge, died = remoteops_task._ended, []

    def dying(collection, *others):
        if collection.collection_id not in died and len(died) < 3:
            died.append(collection.collection_id)
            raise UnavailableError("as good as dead")
        return judge(collection, *others)

    monkeypatch.setattr(remoteops_task, "_ended", dying)
    fleet.sandbox.world.faults.set(fault)
    plan = start(fleet, os="linux", pause_at_failures=1.0)
    status = to_the_end(fleet, plan)
    assert len(died) == 3
    assert set(status["counts"]) <= {"failed" if fault else "completed", "refused"}


def test_what_a_crash_left_in_the_library_is_gone_at_the_end_s6(fleet):
    """A worker that dies after its upload leaves a script that no other worker knows of."""
    plan = start(fleet, os="linux")
    desk = Desk(asset_of(fleet.asset), fleet.new_run())
    fleet.clock.advance(60)
    [one, *_] = desk.ledger.members(plan["fleet_id"], states=("planned",))
    prepared = prepare(one.model_copy(update={"batch_id": one.collection_id}), desk)
    upload(one, prepared, desk)
    desk.run.close()
    assert len(scripts_left(fleet)) == 1
    assert to_the_end(fleet, plan)["state"] == "completed" and scripts_left(fleet) == []


def test_one_that_its_call_left_out_is_sent_again_with_the_same_key_r1(fleet, sent):
    fleet.sandbox.world.faults.set("rso_partial*1")
    plan = start(fleet)
    status = to_the_end(fleet, plan)
    assert status["state"] == "completed" and max(fleet.effects.values()) == 1
    again = [one for one in members(fleet, plan, state="completed") if one["attempts"] == 2]
    assert len(again) == 1
    scripts = [script for script, _, _ in sent]
    assert len({script.script_id for script in scripts}) == len(sent)


class TestApproval:
    def approve(self, fleet, action="approve"):
        url = f"{fleet.sandbox.url}/sandbox/approvals"
        requests.post(url, json={"action": action}, timeout=10).raise_for_status()

    def test_one_approval_lets_all_of_a_call_run(self, fleet):
        fleet.sandbox.world.faults.set("rso_approval")
        plan = start(fleet, os="linux")
        status = fleet.work(plan, 300)
        assert status["state"] == "paused" and "approval" in status["paused_reason"]
        assert status["counts"]["waiting_approval"] > 5 and not fleet.effects
        self.approve(fleet)
        fleet.work(plan, 120)
        fleet.record("resume_fleet_collection", fleet_id=plan["fleet_id"])
        status = to_the_end(fleet, plan)
        assert status["state"] == "completed" and max(fleet.effects.values()) == 1
        assert scripts_left(fleet) == []

    def test_one_of_them_is_not_called_off_for_all(self, fleet):
        fleet.sandbox.world.faults.set("rso_approval")
        plan = start(fleet, os="linux")
        fleet.work(plan, 300)
        [first, *others] = members(fleet, plan, state="waiting_approval")
        outcome = fleet.record("cancel_collection", collection_id=first["collection_id"])
        assert outcome["state"] == "waiting_approval"
        assert "other endpoints wait for the same approval" in json.dumps(outcome)
        assert len(members(fleet, plan, state="waiting_approval")) == len(others) + 1

    def test_one_call_off_of_the_fleet_asks_once_and_ends_as_cancelled(self, fleet):
        """The collector's role may not decline; a person does, and it was us who asked for it."""
        fleet.sandbox.world.faults.set("rso_approval")
        plan = start(fleet, os="linux")
        fleet.work(plan, 300)
        waiting = len(members(fleet, plan, state="waiting_approval"))
        called_off = fleet.run("cancel_fleet_collection", fleet_id=plan["fleet_id"], under_way=True)
        refused = [words for words in called_off.warnings if "the pending execution:" in words]
        assert len(refused) == 1 and waiting > 1
        self.approve(fleet, "decline")
        status = to_the_end(fleet, plan)
        assert status["state"] == "cancelled" and not fleet.effects
        assert status["counts"].get("cancelled") == waiting
        assert scripts_left(fleet) == []


def test_an_endpoint_cannot_take_another_ones_archive(fleet, monkeypatch):
    """What it reports has to be of the form that its own script gives it."""

    def forged(text, key):
        result = result_in(text, key)
        return result and result.model_copy(update={"archive": "cado-host-capture-x.tar.lz4"})

    monkeypatch.setattr(remoteops_task, "result_in", forged)
    plan = start(fleet, os="linux")
    to_the_end(fleet, plan)
    done = members(fleet, plan, state="completed")
    assert done and all(one["archive_name"] == "" for one in done)


@pytest.mark.parametrize("right", ["upload", "runArtifactCollectionScript"])
def test_a_token_that_may_not_send_scripts_pauses_it_and_spares_the_others(fleet, right):
    fleet.sandbox.world.faults.set(f"missing_permission=Remote Script Orchestration.{right}")
    fleet.sandbox.world.faults.set("missing_permission_status=403")
    plan = start(fleet)
    before = fleet.record("get_fleet_status", fleet_id=plan["fleet_id"])["counts"]
    status = fleet.work(plan, 300)
    assert status["state"] == "paused" and right in status["paused_reason"]
    # A batch at most has failed, and nobody is refused for what the token lacks.
    assert status["counts"]["refused"] == before["refused"] and status["counts"]["planned"] > 5
    assert not fleet.effects and scripts_left(fleet) == []


def test_a_task_of_which_nothing_shows_is_waited_for(fleet, monkeypatch):
    """Its rows may come late; only rows of others say that one was left out."""
    monkeypatch.setattr(
        "cado_sentinelone.sandbox.sentinelone.remote.Remote.rows", lambda self, parents: []
    )
    plan = start(fleet, os="linux")
    status = fleet.work(plan, 1800)
    assert set(status["counts"]) == {"requested"}
    assert all(one["attempts"] == 1 for one in members(fleet, plan))
