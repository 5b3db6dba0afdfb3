"""Work by hints, without a broker: what a hint is, who sends one, what is done for it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from contextlib import contextmanager

import pytest

from cado_sentinelone.assets import asset_of
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.ledger_duties_sql import DutySql
from cado_sentinelone.errors import AssetError, LedgerError
from cado_sentinelone.fleet.begin import tenant_of
from cado_sentinelone.fleet.queue import BROKER, Hint, checked_broker_url, hint_in, tls_of
from cado_sentinelone.fleet.queue_clock import Clock
from cado_sentinelone.fleet.queue_work import HintedWork

TENANT, FLEET_ID = "a" * 32, "fleet-" + "0" * 16
on_a_file = pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)


@contextmanager
def clock_of(fleet, sent, tell=print):
    desk = Desk(asset_of(fleet.asset), fleet.new_run())
    yield Clock([desk], sent, stop=threading.Event(), tell=tell)
    desk.run.close()


def test_of_all_clocks_one_sends_a_hint_at_a_time(fleet):
    sent, told, reached = Counter(), [], [True]

    def count(hint):
        sent[hint] += 1
        return reached[0]

    with clock_of(fleet, count, told.append) as one, clock_of(fleet, count) as other:
        assert not one.turn() and not sent
        plan = fleet.start()
        for seconds in (0, 0, 2, 4, 4):
            fleet.clock.advance(seconds)
            assert one.turn() and other.turn()
        hint = Hint(tenant_of(asset_of(fleet.asset)), plan["fleet_id"])
        assert sent == {hint: 2}
        reached[0] = False
        for _ in range(3):
            fleet.clock.advance(6)
            one.turn()
        reached[0] = True
        fleet.clock.advance(6)
        one.turn()
    assert [line.split(";")[0] for line in told] == [
        "RabbitMQ cannot be reached", "RabbitMQ is there again",
    ]  # fmt: skip


@on_a_file
def test_a_clock_whose_ledger_fails_says_so_and_rests(fleet):
    told = []
    with clock_of(fleet, lambda hint: True, told.append) as clock:
        fleet.start()
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(DutySql, "take_duty", failing)
            # Whether one is open cannot be said then: nobody may take the work for done.
            assert all(clock.turn() for _ in range(3))
    assert told == ["the ledger is away. Start it."]


def failing(*arguments, **named):
    raise LedgerError("the ledger is away", remedy="Start it.")


@contextmanager
def hinted(fleet, *, fleet_id="", tell=print):
    asset = asset_of(fleet.asset)
    makers = {tenant_of(asset): lambda: Desk(asset, fleet.new_run())}
    work = HintedWork(makers, fleet_id, threading.Event(), tell)
    sent = []
    work.send = sent.append
    yield work, sent, tenant_of(asset)
    work.close()


@on_a_file
def test_a_tick_that_did_something_asks_for_the_next(fleet):
    plan = fleet.start(canary=0)
    with hinted(fleet) as (work, sent, tenant):
        hint = Hint(tenant, plan["fleet_id"])
        fleet.clock.advance(60)
        work.take(hint)
        assert sent == [hint] and fleet.effects
        fleet.run("pause_fleet_collection", fleet_id=plan["fleet_id"])
        launched = fleet.effects.total()
        work.take(hint)
        work.take(hint)
    assert fleet.effects.total() == launched
    with hinted(fleet, fleet_id="fleet-of-somebody") as (work, sent, tenant):
        work.take(Hint(tenant, plan["fleet_id"]))
        assert not sent


@on_a_file
def test_after_trouble_hints_are_passed_by_for_a_while(fleet):
    plan, told = fleet.start(canary=0), []
    fleet.clock.advance(60)
    fleet.sandbox.world.faults.set("throttle@/web/api")
    with hinted(fleet, tell=told.append) as (work, sent, tenant):
        for _ in range(3):
            work.take(Hint(tenant, plan["fleet_id"]))
    assert [line for line in told if "answered 429" in line] == told[1:] and len(told) == 2
    assert not sent and not fleet.effects


@on_a_file
def test_a_hint_of_another_tenant_s_fleet_is_dropped_s10(fleet):
    plan, told = fleet.start(canary=0), []
    fleet.clock.advance(60)
    fleet.asset["site_ids"] = [fleet.sandbox.world.sites[0].site_id]
    with hinted(fleet, tell=told.append) as (work, sent, tenant):
        work.take(Hint(tenant, plan["fleet_id"]))
    assert told == [f"dropped a hint for {plan['fleet_id']}, which is of another tenant"]
    assert not sent and not fleet.effects


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost/0", "sqs://", "memory://", "amqp://", "amqp:///vhost", "host:5672",
        "amqp://u:hidden-word@h;redis://other", "amqp://u:hidden-word@h:port/", "amqp://h/?ssl=0",
        "amqps://u:hidden-word@h//?ssl_cert_reqs=none", "amqp://u:hidden word@h", "amqp://[::1",
    ],
)  # fmt: skip
def test_only_one_rabbitmq_is_taken_s5(url, monkeypatch):
    monkeypatch.setenv(BROKER, url)
    with pytest.raises(AssetError, match=f"{BROKER} is no URL of one RabbitMQ") as raised:
        checked_broker_url()
    assert "hidden" not in f"{raised.value.message} {raised.value.remedy}"


def test_the_broker_s_certificate_is_verified_by_its_name_s2():
    assert tls_of("amqps://u:p@broker.example//") == {"server_hostname": "broker.example"}
    assert tls_of("amqp://u:p@broker.example//") is False


def test_a_hint_is_two_ids_and_nothing_else():
    assert hint_in([[TENANT, FLEET_ID], {}, {"chain": None}]) == Hint(TENANT, FLEET_ID)
    for odd in (
        None, [], {}, "", [[TENANT, FLEET_ID], {}], [[TENANT, FLEET_ID], {}, {}, {}],
        [[TENANT], {}, {}], [[TENANT, FLEET_ID, 1], {}, {}], [[TENANT, 1], {}, {}],
        [[TENANT + "a", FLEET_ID], {}, {}], [[TENANT, FLEET_ID + "\n"], {}, {}],
        [[FLEET_ID, TENANT], {}, {}], [[TENANT, FLEET_ID], {"a": 1}, {}],
        [[TENANT, FLEET_ID], {}, None], [[TENANT, FLEET_ID], {}, {"callbacks": [{}]}],
        [TENANT + FLEET_ID, {}, {}],
    ):  # fmt: skip
        assert hint_in(odd) is None, odd


def test_celery_is_imported_by_whom_it_is_asked_of_alone_s18():
    program = """
import sys
from cado_sentinelone.console import fleet_doctor, fleet_work
from cado_sentinelone.fleet import queue_celery, queue_clock, queue_state, queue_work
print({"celery", "kombu", "amqp"} & set(sys.modules))
"""
    done = subprocess.run(  # noqa: S603 - this interpreter, a program of our own
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout == "set()\n"


@on_a_file
def test_a_thread_keeps_the_connections_of_few_tenants(fleet):
    """A worker for a thousand tenants would else hold as many connections with each thread."""
    made, closed = [], []

    def make():
        desk = Desk(asset_of(fleet.asset), fleet.new_run())
        close = desk.run.close
        desk.run.close = lambda: (closed.append(desk), close())
        made.append(desk)
        return desk

    tenants = [f"{number:032x}" for number in range(12)]
    work = HintedWork(dict.fromkeys(tenants, make), "", threading.Event(), lambda line: None)
    for tenant in [*tenants, tenants[-1], tenants[0]]:
        work.take(Hint(tenant, FLEET_ID))
    assert len(made) == 13 and closed == made[:5]
    work.close()
    assert closed == made
