"""Pausing, resuming, cancelling and trying again, at any time."""

from __future__ import annotations

from collections.abc import Sequence

from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.cancel import cancel
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.states import FREES_KEY
from cado_sentinelone.errors import ConflictError, ConnectorError, RefusedError
from cado_sentinelone.fleet.begin import tenant_of
from cado_sentinelone.fleet.launch import LAUNCHABLE
from cado_sentinelone.fleet.look import launched
from cado_sentinelone.fleet.parts import parts
from cado_sentinelone.models.fleet import Fleet

_ROWS_A_TRANSACTION = 500


def own_fleet(fleet_id: str, desk: Desk) -> Fleet:
    """The fleet collection of that id. Raises RefusedError for one of another tenant (S10)."""
    fleet = desk.ledger.fleet(fleet_id)
    if fleet.tenant != tenant_of(desk.asset):
        raise RefusedError(
            f"fleet collection {fleet_id} belongs to another console, platform or scope",
            remedy="Use the asset that it was started with.",
        )
    return fleet


def pause(fleet: Fleet, reason: str, desk: Desk) -> Fleet:
    """`fleet` without further launches; what is under way goes on. One that is paused stays so."""
    if fleet.state == "paused":
        return fleet
    at = desk.run.utcnow()
    return desk.ledger.step_fleet(
        fleet.fleet_id, ("canary", "running"), "paused", at=at, paused_reason=reason
    )


def resume(fleet: Fleet, desk: Desk) -> Fleet:
    """`fleet` launching again, at the rate it began with; the brakes judge what ends from now on."""
    if fleet.state in ("canary", "running"):
        return fleet
    now = desk.run.utcnow()
    return desk.ledger.step_fleet(
        fleet.fleet_id,
        ("paused",),
        "running",
        at=now,
        paused_reason="",
        judged_from=now,
        raised_at=now,
        rate_per_minute=float(fleet.request["start_rate_per_minute"]),
    )


def call_off(fleet: Fleet, desk: Desk, *, under_way: bool = False) -> tuple[Fleet, list[str]]:
    """`fleet` cancelled: what was not launched never is; with `under_way`, what is gets called off
    as far as the vendors can. And why something could not be, in words.
    """
    ledger, now = desk.ledger, desk.run.utcnow()
    if fleet.state not in ("cancelling", "cancelled"):
        fleet = ledger.step_fleet(
            fleet.fleet_id, ("planning", "canary", "running", "paused"), "cancelling", at=now
        )
    end_unlaunched(fleet, "cancelled", "cancelled before it was launched", desk)
    refused: list[str] = []
    if under_way:
        waiting = ledger.members(fleet.fleet_id, states=("waiting_approval",))
        if fleet.request.get("via") == "remoteops":
            from cado_sentinelone.engine.remoteops_cancel import decline_shared

            refused += decline_shared(waiting, desk)
        for collection in launched(fleet, desk):
            try:
                refused += cancel(collection, desk).not_cancelled
            except ConnectorError as error:
                refused.append(f"{collection.hostname}: {error.message}")
    return ledger.fleet(fleet.fleet_id), refused


def end_unlaunched(fleet: Fleet, state: str, words: str, desk: Desk) -> int:
    """How many that were never launched ended in `state`; by transactions of many."""
    ended = 0
    for part in parts(desk.ledger.members(fleet.fleet_id, states=LAUNCHABLE), _ROWS_A_TRANSACTION):
        with desk.ledger.together():
            for collection in part:
                if collection.requested_at is None:
                    advance(
                        collection,
                        "expired" if state == "expired" else "cancelled",
                        desk,
                        note=words,
                        error=words,
                        from_state=collection.state,
                    )
                    ended += 1
    return ended


def try_again(fleet: Fleet, desk: Desk, *, states: Sequence[str] = ("failed", "expired")) -> int:
    """How many endpoints whose collection ended so are planned anew, each with a key of its own.

    Raises ConflictError for states that do not free an endpoint for another collection.
    """
    if kept := set(states) - FREES_KEY:
        raise ConflictError(f"what is {', '.join(sorted(kept))} is not tried again")
    from cado_sentinelone.fleet.again import draft_again

    ledger, now, planned = desk.ledger, desk.run.utcnow(), 0
    for ended in ledger.members(fleet.fleet_id, states=states):
        planned += ledger.replace_member(
            fleet.fleet_id, ended, draft_again(ended, fleet, desk), due_at=now
        )
    if planned and fleet.state in ("completed", "expired"):
        ledger.step_fleet(
            fleet.fleet_id, (fleet.state,), "running", at=now, judged_from=now, finished_at=None
        )
    return planned
