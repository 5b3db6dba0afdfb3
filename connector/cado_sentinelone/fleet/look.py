"""Looking at everything that is under way, by pages, and finding who has come back (R5, R6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.look import look_at_many
from cado_sentinelone.fleet.launch import UNDER_WAY
from cado_sentinelone.fleet.parts import parts
from cado_sentinelone.models.fleet import Fleet

# Of this many endpoints at a time; a page of the vendors' holds as many.
_PART = 1000
# The console's clock, its list and ours may differ by so much.
_OVERLAP = timedelta(minutes=5)


def look(fleet: Fleet, desk: Desk) -> int:
    """How many under way were looked at; each is stepped to where the vendors show it."""
    looked = 0
    for part in parts(desk.ledger.members(fleet.fleet_id, states=UNDER_WAY), _PART):
        for _ in look_at_many(part, desk):
            looked += 1
    return looked


def sweep(fleet: Fleet, since: datetime, desk: Desk) -> int:
    """How many waiting endpoints are due now, because the console has seen them since then.

    The agents that were active lately come by pages of a thousand; the fleet is not listed, and
    nobody is asked for one by one.
    """
    now, woken = desk.run.utcnow(), 0
    counts = desk.ledger.fleet_counts(fleet.fleet_id)
    if not counts.of("waiting_endpoint"):
        return 0
    begin = max(since, fleet.created_at) - _OVERLAP
    for seen in desk.sentinelone.seen_since(begin):
        waiting = [
            one.collection_id
            for one in desk.ledger.members(
                fleet.fleet_id, states=("waiting_endpoint",), agent_ids=seen
            )
        ]
        desk.ledger.set_due(fleet.fleet_id, waiting, now)
        woken += len(waiting)
    return woken
