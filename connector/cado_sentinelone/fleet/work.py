"""Working on fleet collections: as many threads and processes as wanted, the ledger between them."""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from cado_sentinelone import __version__
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.ledger_workers import Worker
from cado_sentinelone.errors import ConnectorError, LedgerError
from cado_sentinelone.fleet.begin import tenant_of
from cado_sentinelone.fleet.budget import SharedRates
from cado_sentinelone.fleet.tick import WORKED_ON, tick
from cado_sentinelone.models.fleet import Fleet

TROUBLE_SECONDS = 30.0
SEEN_EVERY_SECONDS = 30.0
_IDLE_SECONDS = 5.0
# What a vendor recovers from by itself.
_PASSES = frozenset({"unavailable", "throttled"})


def owner_name(thread: int) -> str:
    """Who a lease is held by, told to a person who looks."""
    return f"{platform.node()}:{os.getpid()}:{thread}"


def share_budget(desk: Desk) -> None:
    """Has the desk's calls come out of the budget that the ledger keeps for its token."""
    desk.run.rates = SharedRates(desk)


def is_meant(fleet: Fleet, wanted: str) -> bool:
    """Whether `wanted` is the fleet collection's id or its group's, or any is meant."""
    return wanted in ("", fleet.fleet_id, fleet.group_id)


def work_once(desk: Desk, owner: str, *, fleet_id: str = "") -> bool:
    """Whether anything was done for the asset's fleet collections, or for the one that is named."""
    tenant = tenant_of(desk.asset)
    done = False
    for fleet in desk.ledger.fleets(states=WORKED_ON, tenant=tenant):
        if is_meant(fleet, fleet_id):
            done = tick(fleet.fleet_id, desk, owner) or done
    return done


def work_for(fleet_id: str, desk: Desk, seconds: float) -> None:
    """Works on one fleet collection for so long, or until it has ended. Raises LedgerError."""
    share_budget(desk)
    owner, end = owner_name(0), desk.run.monotonic() + seconds
    while desk.run.monotonic() < end:
        try:
            pause = 0.0 if work_once(desk, owner, fleet_id=fleet_id) else _IDLE_SECONDS
        except ConnectorError as error:
            if not error.retryable and error.kind not in _PASSES:
                raise
            desk.run.warn(f"{error.message}. {error.remedy}")
            pause = TROUBLE_SECONDS
        if not _is_open(desk, fleet_id):
            return
        desk.run.wait(max(0.0, min(pause, end - desk.run.monotonic())))


def work(
    make_desks: Sequence[Callable[[], Desk]],
    *,
    stop: threading.Event,
    threads: int = 4,
    until_done: bool = False,
    fleet_id: str = "",
    tell: Callable[[str], None] = lambda line: None,
) -> None:
    """Works until `stop` is set, or, with `until_done`, until no fleet collection is left open.

    Each thread has a desk of its own for each asset; `threads` are shared among the assets.
    """
    workers = [
        threading.Thread(
            target=_worker,
            args=(make_desks[number % len(make_desks)], number, stop, until_done, fleet_id, tell),
            name=f"fleet-{number}",
        )
        for number in range(max(threads, len(make_desks)))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def _worker(
    make_desk: Callable[[], Desk],
    number: int,
    stop: threading.Event,
    until_done: bool,
    fleet_id: str,
    tell: Callable[[str], None],
) -> None:
    desk, owner = make_desk(), owner_name(number)
    try:
        share_budget(desk)
        _work_on(desk, owner, stop, until_done, fleet_id, tell)
    finally:
        with suppress(LedgerError):  # it would be seen as quiet, and forgotten after a day
            desk.ledger.forget_worker(owner)
        desk.run.close()


def _work_on(
    desk: Desk,
    owner: str,
    stop: threading.Event,
    until_done: bool,
    fleet_id: str,
    tell: Callable[[str], None],
) -> None:
    tenant, began, seen = tenant_of(desk.asset), desk.run.utcnow(), float("-inf")
    while not stop.is_set():
        pause = 0.0
        if desk.run.monotonic() - seen >= SEEN_EVERY_SECONDS:
            seen = desk.run.monotonic()
            be_seen(desk, Worker(owner, tenant, __version__, began, desk.run.utcnow()), tell)
        try:
            if not work_once(desk, owner, fleet_id=fleet_id):
                pause = _IDLE_SECONDS
        except ConnectorError as error:
            # What it had leased is free again after a while; the next round looks anew.
            tell(f"{error.message}. {error.remedy}")
            pause = max(error.retry_after_seconds or 0.0, TROUBLE_SECONDS)
        for warning in desk.run.warnings:
            tell(warning)
        desk.run.warnings.clear()
        if until_done and not _is_open(desk, fleet_id):
            return
        if pause:
            _rest(desk, pause, stop)


def be_seen(desk: Desk, worker: Worker, tell: Callable[[str], None]) -> None:
    """Has `fleet doctor` tell of this worker; the work does not depend on it."""
    try:
        desk.ledger.see_worker(worker)
    except ConnectorError as error:
        tell(f"{error.message}. {error.remedy}")


def _is_open(desk: Desk, fleet_id: str) -> bool:
    tenant = tenant_of(desk.asset)
    return any(
        is_meant(fleet, fleet_id) for fleet in desk.ledger.fleets(states=WORKED_ON, tenant=tenant)
    )


def _rest(desk: Desk, seconds: float, stop: threading.Event) -> None:
    """Waits by the run's own clock, so that a test can turn it, and ends early when told to stop."""
    left = seconds
    while left > 0 and not stop.is_set():
        desk.run.wait(min(left, 1.0))
        left -= 1.0
