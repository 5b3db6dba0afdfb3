"""Looking at everything that is under way, by pages, and finding who has come back (R5, R6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from cado_sentinelone.engine.cado_look import families_of, look_at_imports
from cado_sentinelone.engine.cado_reconcile import reconcile_all
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.family_row import Slim
from cado_sentinelone.fleet.launch import UNDER_WAY
from cado_sentinelone.fleet.parts import parts
from cado_sentinelone.models.collection import Collection
from cado_sentinelone.models.fleet import Fleet

# So many families of pipelines are held at a time, and so many collections.
_FAMILIES, _PART = 5000, 500
# The console's clock, its list and ours may differ by so much.
_OVERLAP = timedelta(minutes=5)


def launched(fleet: Fleet, desk: Desk, states: Sequence[str] = ()) -> Iterator[Collection]:
    """The endpoints of which something is under way, among them those whose task waits for them."""
    wanted = states or (*UNDER_WAY, "waiting_endpoint")
    for one in desk.ledger.members(fleet.fleet_id, states=wanted):
        if one.requested_at is not None:
            yield one


def look(fleet: Fleet, desk: Desk) -> int:
    """How many under way were looked at; each is stepped to where the vendors show it."""
    if fleet.request.get("via") != "remoteops":
        return _look_at_imports(fleet, desk)
    from cado_sentinelone.engine.remoteops_look_many import look_at_scripts

    return look_at_scripts(partial(launched, fleet, desk), desk)


def _look_at_imports(fleet: Fleet, desk: Desk) -> int:
    """The long listing of pipelines is read once for thousands: what was launched meanwhile is seen
    the next time.
    """
    roots: list[int] = []
    in_doubt: list[Collection] = []
    for one in launched(fleet, desk):
        if one.pipeline_id is None:
            in_doubt.append(one)
        else:
            roots.append(one.pipeline_id)
    looked = sum(1 for _ in reconcile_all(in_doubt, desk))
    for some in parts(roots, _FAMILIES):
        looked += _look_at_families(fleet, some, desk)
    return looked


def _look_at_families(fleet: Fleet, roots: list[int], desk: Desk) -> int:
    investigation_id = int(fleet.request["investigation_id"])
    # One that is not listed is asked for by itself.
    shown: dict[int, list[Slim]] = {root: [] for root in roots}
    shown |= families_of(investigation_id, roots, desk)
    listed = (one for one in launched(fleet, desk) if one.pipeline_id in shown)
    return sum(1 for part in parts(listed, _PART) for _ in look_at_imports(part, desk, shown))


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
