"""One step of a fleet collection: whatever is due is done once, by whoever comes first.

The ledger is all that a tick knows. A worker may die at any instruction: what it had leased is free
again after a while, and whether something was sent is decided by the collections' own steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.errors import ConflictError, ConnectorError, LedgerError
from cado_sentinelone.fleet.again import retry_by_policy
from cado_sentinelone.fleet.brakes import canary_is_done, reason_to_pause
from cado_sentinelone.fleet.change import end_unlaunched, pause
from cado_sentinelone.fleet.credential import reason_of_token
from cado_sentinelone.fleet.launch import LAUNCHABLE, UNDER_WAY, launch_due
from cado_sentinelone.fleet.look import look, sweep
from cado_sentinelone.fleet.plan import RISE, RISE_MINUTES
from cado_sentinelone.fleet.request import FleetRequest
from cado_sentinelone.models.fleet import Fleet, FleetState

WORKED_ON: tuple[FleetState, ...] = ("canary", "running", "paused", "cancelling")
_LOOK_EVERY, _SWEEP_EVERY = timedelta(seconds=30), timedelta(minutes=5)
_PER_CALL, _LOOK_AT_LEAST_EVERY = timedelta(seconds=10), timedelta(minutes=5)
_DUTY_LASTS = timedelta(minutes=10)
_PAUSE_FOR = frozenset({"unauthorized", "forbidden", "asset"})


def request_of(fleet: Fleet) -> FleetRequest:
    """What was asked for; the endpoints themselves are rows."""
    return FleetRequest.model_validate(
        {name: value for name, value in fleet.request.items() if name in FleetRequest.model_fields}
    )


def tick(fleet_id: str, desk: Desk, owner: str) -> bool:
    """Whether anything was done for the fleet collection. Raises LedgerError, and what a vendor
    says that concerns neither one endpoint nor this fleet alone.
    """
    fleet = desk.ledger.fleet(fleet_id)
    if fleet.state not in WORKED_ON:
        return False
    request, now = request_of(fleet), desk.run.utcnow()
    done = False
    try:
        if now >= fleet.expires_at:
            done = bool(end_unlaunched(fleet, "expired", "not launched before it expired", desk))
        done = _look(fleet, desk, owner) or done
        done = _sweep(fleet, desk, owner) or done
        fleet = _judge(fleet, request, desk, owner)
        done = bool(retry_by_policy(fleet, request, desk)) or done
        done = bool(launch_due(fleet, request, desk, owner)) or done
    except ConnectorError as error:
        if error.kind not in _PAUSE_FOR:
            raise
        _pause(fleet, f"{error.message}. {error.remedy}", desk)
        return True
    return _finish(fleet, desk) or done


def _look(fleet: Fleet, desk: Desk, owner: str) -> bool:
    now = desk.run.utcnow()
    states: tuple[str, ...] = UNDER_WAY
    if fleet.request.get("via") == "remoteops":
        # A task that was sent may wait for its endpoint, too.
        states = (*UNDER_WAY, "waiting_endpoint")
    if not desk.ledger.fleet_counts(fleet.fleet_id).of(*states):
        return False
    until = now + _DUTY_LASTS
    if desk.ledger.take_duty(fleet.fleet_id, "look", owner, now=now, until=until) is None:
        return False
    before = desk.run.calls
    with _due_again(fleet, "look", desk, owner, done_at=now):
        look(fleet, desk)
    # The more pages a look takes, the longer the next one waits: looks stay few beside launches.
    every = max(_LOOK_EVERY, min(_LOOK_AT_LEAST_EVERY, _PER_CALL * (desk.run.calls - before)))
    desk.ledger.end_duty(
        fleet.fleet_id, "look", owner, done_at=now, due_at=desk.run.utcnow() + every
    )
    return True


def _sweep(fleet: Fleet, desk: Desk, owner: str) -> bool:
    now = desk.run.utcnow()
    if fleet.state not in ("canary", "running"):
        return False
    until = now + _DUTY_LASTS
    since = desk.ledger.take_duty(fleet.fleet_id, "sweep", owner, now=now, until=until)
    if since is None:
        return False
    with _due_again(fleet, "sweep", desk, owner, done_at=since):
        woken = sweep(fleet, since, desk)
    desk.ledger.end_duty(fleet.fleet_id, "sweep", owner, done_at=now, due_at=now + _SWEEP_EVERY)
    return bool(woken)


@contextmanager
def _due_again(
    fleet: Fleet, duty: str, desk: Desk, owner: str, *, done_at: datetime
) -> Iterator[None]:
    """A duty that a vendor's error breaks off is anybody's again soon; only a death keeps it leased."""
    try:
        yield
    except ConnectorError:
        again = desk.run.utcnow() + _LOOK_EVERY
        with suppress(LedgerError):
            desk.ledger.end_duty(fleet.fleet_id, duty, owner, done_at=done_at, due_at=again)
        raise


def _judge(fleet: Fleet, request: FleetRequest, desk: Desk, owner: str) -> Fleet:
    """`fleet` paused by a brake, past its canary, or launching faster."""
    if fleet.state not in ("canary", "running"):
        return fleet
    now = desk.run.utcnow()
    reason = reason_to_pause(fleet, request, desk) or reason_of_token(fleet, desk, owner)
    if reason:
        return _pause(fleet, reason, desk)
    changes: dict[str, object] = {}
    state: FleetState = fleet.state
    if fleet.state == "canary":
        if not canary_is_done(fleet, request, desk):
            return fleet
        state, changes = "running", {"raised_at": now}
    elif now - fleet.raised_at >= timedelta(minutes=RISE_MINUTES):
        rate = min(fleet.rate_per_minute * RISE, request.most_rate_per_minute)
        changes = {"raised_at": now, "rate_per_minute": rate}
    if not changes:
        return fleet
    try:
        return desk.ledger.step_fleet(fleet.fleet_id, (fleet.state,), state, at=now, **changes)
    except ConflictError:
        return desk.ledger.fleet(fleet.fleet_id)


def _pause(fleet: Fleet, reason: str, desk: Desk) -> Fleet:
    desk.run.warn(f"fleet collection {fleet.fleet_id} pauses: {reason}")
    try:
        return pause(fleet, reason, desk)
    except ConflictError:
        return desk.ledger.fleet(fleet.fleet_id)


def _sweep_scripts(desk: Desk) -> None:
    """No script outlives its batch in the console, whoever died on the way (S6)."""
    from cado_sentinelone.engine.remoteops_sweep import sweep as sweep_library

    try:
        sweep_library(desk)
    except ConnectorError as error:
        # Their credentials end by themselves; the fleet collection has ended all the same.
        desk.run.warn(f"scripts that a crash left in the console were not found: {error.message}")


def _finish(fleet: Fleet, desk: Desk) -> bool:
    """Whether it ended now: nothing is left to launch or to look at."""
    counts = desk.ledger.fleet_counts(fleet.fleet_id)
    if counts.of(*LAUNCHABLE, *UNDER_WAY):
        return False
    if fleet.request.get("via") == "remoteops":
        _sweep_scripts(desk)
    now = desk.run.utcnow()
    ends: dict[FleetState, FleetState] = {"cancelling": "cancelled"}
    end: FleetState = ends.get(fleet.state, "completed")
    if now >= fleet.expires_at and end == "completed" and counts.of("expired"):
        end = "expired"
    try:
        desk.ledger.step_fleet(fleet.fleet_id, (fleet.state,), end, at=now, finished_at=now)
    except ConflictError:
        return False
    return True
