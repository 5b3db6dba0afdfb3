"""A fleet collection from its plan to its end: nothing twice, numbers that add up."""

from __future__ import annotations

import pytest

ENDS = {"completed", "completed_with_errors", "failed", "expired", "cancelled", "refused"}


def adds_up(status):
    assert sum(status["counts"].values()) == status["selected"]
    return status


def test_a_plan_keeps_and_sends_nothing(fleet):
    plan = fleet.record("run_fleet_collection", investigation="INC-1", dry_run=True)
    assert plan["fleet_id"] == "" and len(plan["digest"]) == 64
    assert sum(plan["by_os"].values()) == plan["selected"]
    assert plan["collectable"] + sum(plan["not_collectable"].values()) == plan["selected"]
    assert plan["calls"]["imports"] == plan["collectable"]
    assert not fleet.run("list_fleet_collections").data and not fleet.effects
    assert not [one for one in fleet.run("list_investigations").data if one["name"] == "INC-1"]


def test_many_endpoints_need_the_digest_of_exactly_these_s11(fleet):
    outcome = fleet.run("run_fleet_collection", investigation="INC-1")
    assert outcome.error.kind == "refused" and "dry_run" in outcome.error.remedy
    plan = fleet.record("run_fleet_collection", investigation="INC-1", os="linux", dry_run=True)
    outcome = fleet.run(
        "run_fleet_collection", investigation="INC-1", confirm_digest=plan["digest"]
    )
    assert outcome.error.kind == "refused" and "not the ones that were confirmed" in outcome.message
    # What was refused left nothing behind: no fleet, no planned collection, no held key.
    assert not fleet.run("list_fleet_collections").data
    assert not fleet.run("list_collections").data


def test_it_goes_to_the_end_with_one_effect_for_each_r1_r3(fleet):
    plan = fleet.start(canary=5)
    assert plan["state"] == "canary"
    for _ in range(40):
        status = adds_up(fleet.work(plan, 600))
        if status["under_way"] + status["to_launch"] == status["counts"].get("waiting_endpoint", 0):
            break
    assert status["with_evidence"] > 40 and not status["under_way"]
    assert max(fleet.effects.values()) == 1
    launched = {
        one["agent_id"]
        for one in fleet.run("list_fleet_endpoints", fleet_id=plan["fleet_id"]).data
        if one["pipeline_id"] is not None
    }
    assert set(fleet.effects) <= launched
    errors = {one["error"] for one in status["errors"]}
    assert any("macOS" in words for words in errors)


def test_the_canary_goes_first_and_alone(fleet):
    plan = fleet.start(canary=5)
    status = fleet.work(plan, 60)
    assert status["state"] == "canary" and status["under_way"] == 5 == sum(fleet.effects.values())


def test_a_small_selection_needs_no_confirmation_and_no_canary(fleet):
    agents = [agent.agent_id for agent in fleet.sandbox.world.agents[:6]]
    plan = fleet.record("run_fleet_collection", investigation="INC-1", agent_ids=agents)
    assert (plan["selected"], plan["state"]) == (6, "running")
    assert adds_up(fleet.work(plan))["selected"] == 6


def test_an_agent_that_there_is_not_is_named(fleet):
    outcome = fleet.run(
        "run_fleet_collection", investigation="INC-1", agent_ids=["1913920934584665209"]
    )
    assert outcome.error.kind == "params" and "1913920934584665209" in outcome.message
    assert not fleet.run("list_fleet_collections").data


def test_an_endpoint_that_was_collected_already_is_not_collected_again(fleet):
    agent = fleet.sandbox.world.agents[0]
    fleet.record("run_collection", endpoint=agent.agent_id, investigation="INC-1")
    plan = fleet.start()
    fleet.work(plan, 3000)
    assert fleet.effects[agent.agent_id] == 1


def test_paused_resumed_and_cancelled_at_any_time(fleet):
    plan = fleet.start(canary=0, start_rate_per_minute=6, most_rate_per_minute=6)
    one = {"fleet_id": plan["fleet_id"]}
    assert fleet.work(plan, 120)["under_way"] >= 6
    paused = fleet.record("pause_fleet_collection", reason="maintenance", **one)
    assert (paused["state"], paused["paused_reason"]) == ("paused", "maintenance")
    before = sum(fleet.effects.values())
    fleet.work(plan, 600)
    assert sum(fleet.effects.values()) == before
    assert fleet.record("resume_fleet_collection", **one)["state"] == "running"
    fleet.work(plan, 120)
    assert sum(fleet.effects.values()) > before
    cancelled = adds_up(fleet.record("cancel_fleet_collection", **one))
    assert cancelled["state"] == "cancelling" and not cancelled["to_launch"]
    status = adds_up(fleet.work(plan, 20_000))
    assert status["state"] == "cancelled" and status["terminal"] and status["with_evidence"]


def test_the_rate_and_the_number_at_once_are_kept(fleet):
    plan = fleet.start(canary=0, start_rate_per_minute=60, most_rate_per_minute=60, most_at_once=7)
    for _ in range(10):
        assert fleet.work(plan, 30)["under_way"] <= 7


def test_outside_its_window_nothing_is_launched(fleet):
    now = fleet.new_run().utcnow()
    begin, end = (now.hour + 2) % 24, (now.hour + 4) % 24
    plan = fleet.start(canary=0, window=f"{begin:02}:00-{end:02}:00")
    assert not fleet.work(plan, 600)["under_way"] and not fleet.effects
    fleet.clock.advance(2 * 3600)
    assert fleet.work(plan, 600)["under_way"]


@pytest.mark.parametrize("wrong", [{"window": "9-5"}, {"canary": -1}, {"os": "macos"}])
def test_a_wrong_limit_is_named(fleet, wrong):
    outcome = fleet.run("run_fleet_collection", investigation="INC-1", **wrong)
    assert outcome.error.kind == "params" and next(iter(wrong)) in outcome.message


def test_what_is_not_launched_in_time_expires_and_may_be_tried_again(fleet):
    plan = fleet.start(
        canary=0, start_rate_per_minute=2, most_rate_per_minute=2, expires_after_hours=0.1
    )
    for _ in range(20):
        status = adds_up(fleet.work(plan, 2000))
        if status["terminal"]:
            break
    assert status["state"] == "expired" and status["counts"]["expired"] > 40
    again = fleet.record("retry_fleet_collection", fleet_id=plan["fleet_id"], state="expired")
    assert again["selected"] == status["selected"] and again["counts"]["planned"] > 40
