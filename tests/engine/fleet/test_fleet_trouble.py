"""Failures, throttling, approvals, offline endpoints, other tenants: it slows down, waits, and says why."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from cado_sentinelone.assets import asset_of
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.fleet import launch
from cado_sentinelone.fleet.tick import request_of
from cado_sentinelone.fleet.work import work


def test_many_failures_pause_it(fleet):
    fleet.sandbox.world.faults.set("import_fails")
    plan = fleet.start(canary=5)
    status = fleet.work(plan, 20_000)
    assert status["state"] == "paused" and "have failed" in status["paused_reason"]
    assert sum(fleet.effects.values()) <= 5


def test_a_dead_token_pauses_it_and_says_so(fleet):
    plan = fleet.start(canary=0)
    fleet.sandbox.world.faults.set("token_expired")
    status = fleet.work(plan, 60)
    assert status["state"] == "paused" and status["paused_reason"]
    assert not fleet.effects


def test_a_token_near_its_end_pauses_it_until_somebody_goes_on(fleet):
    fleet.sandbox.world.faults.set("token_expiring=12")
    plan = fleet.start(canary=0)
    status = fleet.work(plan, 60)
    assert status["state"] == "paused" and not fleet.effects
    assert "token ends in 12.0 hours" in status["paused_reason"]
    fleet.record("resume_fleet_collection", fleet_id=plan["fleet_id"])
    status = fleet.work(plan, 7200)  # who went on knows it
    assert status["state"] == "running" and status["ended"] > 20


def test_a_token_that_lives_long_enough_is_no_reason(fleet):
    fleet.sandbox.world.faults.set("token_expiring=40")
    plan = fleet.start(canary=0)
    assert fleet.work(plan, 600)["state"] == "running"
    fleet.sandbox.world.faults.clear()
    fleet.sandbox.world.faults.set("token_expiring=20")
    # It is asked again while the fleet waits for who is offline.
    assert "token ends in" in fleet.work(plan, 3600)["paused_reason"]


def test_another_tenant_s_fleet_is_not_touched_s10(fleet):
    plan = fleet.start()
    fleet.asset["site_ids"] = [fleet.sandbox.world.sites[0].site_id]
    outcome = fleet.run("get_fleet_status", fleet_id=plan["fleet_id"], work_seconds=60)
    assert outcome.error.kind == "refused" and "another console" in outcome.message
    assert not fleet.run("list_fleet_collections").data and not fleet.effects


def test_who_was_offline_is_collected_when_it_is_seen_r5(fleet):
    world = fleet.sandbox.world
    plan = fleet.start(canary=0)
    for _ in range(30):
        status = fleet.work(plan, 600)
        if not status["under_way"] and not status["counts"].get("planned"):
            break
    waiting = fleet.run(
        "list_fleet_endpoints", fleet_id=plan["fleet_id"], state="waiting_endpoint"
    ).data
    assert waiting and status["state"] == "running"
    before = fleet.effects.total()
    agent = world.agent(waiting[0]["agent_id"])
    agent.network_status, agent.is_active = "connected", True
    fleet.clock.advance(400)
    fleet.work(plan, 1200)
    assert fleet.effects[agent.agent_id] == 1 and fleet.effects.total() == before + 1


def test_lost_answers_are_looked_up_and_never_sent_twice_r1(fleet):
    fleet.sandbox.world.faults.set("drop_reply@POST:/api/v3/import/xdr*10")
    plan = fleet.start(canary=0)
    for _ in range(40):
        status = fleet.work(plan, 600)
        if not status["under_way"] and not status["counts"].get("planned"):
            break
    assert max(fleet.effects.values()) == 1
    assert not status["counts"].get("unknown"), status["counts"]


def test_several_workers_launch_each_endpoint_once_r1(fleet):
    plan = fleet.start(canary=0)
    stop = threading.Event()
    asset = asset_of(fleet.asset)
    turning = threading.Thread(target=turn, args=(fleet.clock, stop))
    turning.start()
    threading.Timer(6, stop.set).start()
    work([lambda: Desk(asset, fleet.new_run())], stop=stop, threads=4)
    turning.join()
    status = fleet.record("get_fleet_status", fleet_id=plan["fleet_id"])
    assert sum(status["counts"].values()) == status["selected"]
    assert len(fleet.effects) > 40 and max(fleet.effects.values()) == 1


@pytest.mark.parametrize(
    ("limits", "allowed"), [({"canary": 5}, 5), ({"canary": 0, "most_at_once": 7}, 7)]
)
def test_several_workers_keep_together_to_what_is_allowed(fleet, limits, allowed):
    """What one has leased and not sent yet counts for the others."""
    plan = fleet.start(**limits)
    fleet.clock.advance(60)
    desks = [Desk(asset_of(fleet.asset), fleet.new_run()) for _ in range(3)]
    known = desks[0].ledger.fleet(plan["fleet_id"])
    request = request_of(known)
    leased = [
        launch._reserve(known, request, desk, f"worker {number}", 200)
        for number, desk in enumerate(desks)
    ]
    assert [len(one) for one in leased] == [allowed, 0, 0]
    fleet.clock.advance(601)  # the first one died; what it had leased is free
    assert len(launch._reserve(known, request, desks[1], "worker 1", 200)) == allowed
    for desk in desks:
        desk.run.close()


def test_several_workers_keep_together_to_what_a_site_takes(fleet):
    plan = fleet.start(canary=0, most_per_site=2)
    fleet.clock.advance(60)
    desks = [Desk(asset_of(fleet.asset), fleet.new_run()) for _ in range(2)]
    known = desks[0].ledger.fleet(plan["fleet_id"])
    leased = [
        one.site_id
        for number, desk in enumerate(desks)
        for one in launch._reserve(known, request_of(known), desk, f"worker {number}", 200)
    ]
    assert leased and max(Counter(leased).values()) == 2
    for desk in desks:
        desk.run.close()


def turn(clock, stop):
    while not stop.wait(0.05):
        clock.advance(5)
