"""Launching what is due: a batch at a time, each endpoint looked at once more before it is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.cado_launch import launch_import, newest_pipeline
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.preflight import find_device
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.fleet.plan import AGENTS_PER_EXECUTION, is_waiting, standing_refusal
from cado_sentinelone.fleet.request import FleetRequest, is_inside
from cado_sentinelone.models.collection import Collection
from cado_sentinelone.models.endpoint import Endpoint
from cado_sentinelone.models.fleet import Fleet

LAUNCHABLE = ("planned", "waiting_endpoint")
UNDER_WAY = ("requested", "waiting_approval", "running", "uploading", "processing", "unknown")
_LEASE = timedelta(minutes=10)
_AGAIN = timedelta(minutes=1)
_SAVED_MINUTES = 1 / 6
# What no other endpoint would fare better with: the run stops for it.
_FOR_ALL = frozenset({"unauthorized", "asset", "ledger", "internal", "throttled"})


def launch_due(fleet: Fleet, request: FleetRequest, desk: Desk, owner: str) -> int:
    """How many were launched of those that are due and allowed now, at most one batch.

    Raises what concerns every endpoint alike; what concerns one ends or delays that one.
    """
    if fleet.state not in ("canary", "running"):
        return 0
    if not is_inside(request.window, desk.run.utcnow()):
        return 0
    room = _room(fleet, request, desk)
    due = _reserve(fleet, request, desk, owner, room) if room > 0 else []
    ready = _ready(fleet, due, desk) if due else []
    desk.ledger.give_allowance_back(fleet.fleet_id, len(due) - len(ready))
    return _send(fleet, ready, desk)


def _reserve(
    fleet: Fleet, request: FleetRequest, desk: Desk, owner: str, room: int
) -> list[Collection]:
    """Those that are due and may be launched now, leased: of all workers one at a time counts and
    leases, so that together they keep to what is allowed.
    """
    now, ledger = desk.run.utcnow(), desk.ledger
    # Few at a time would cost a look at the console each time, so some seconds' worth is saved up.
    least = max(1, int(fleet.rate_per_minute * _SAVED_MINUTES))
    with ledger.together():
        # Holds the fleet's own row to the end of the transaction.
        allowed = ledger.take_allowance(
            fleet.fleet_id, AGENTS_PER_EXECUTION, least=max(1, min(room, least)), now=now
        )
        if not allowed:
            return []
        reserved = ledger.reserved_sites(fleet.fleet_id, states=LAUNCHABLE, now=now)
        room = min(allowed, _room(fleet, request, desk) - sum(reserved.values()))
        due = (
            ledger.lease_due(
                fleet.fleet_id, owner, states=LAUNCHABLE, now=now, until=now + _LEASE, limit=room
            )
            if room > 0
            else []
        )
        held = _held_back(fleet, request, due, reserved, desk)
        # These keep their turn for the next round.
        ledger.set_due(fleet.fleet_id, sorted(held), now)
        chosen = [one for one in due if one.collection_id not in held]
        ledger.give_allowance_back(fleet.fleet_id, allowed - len(chosen))
    return chosen


def _room(fleet: Fleet, request: FleetRequest, desk: Desk) -> int:
    """How many more may be launched: a batch, the canary's rest, what may be under way at once."""
    counts = desk.ledger.fleet_counts(fleet.fleet_id)
    room = min(AGENTS_PER_EXECUTION, request.most_at_once - counts.of(*UNDER_WAY))
    if fleet.state == "canary":
        room = min(room, request.canary - desk.ledger.launched_of(fleet.fleet_id).selected)
    return room


def _ready(
    fleet: Fleet, due: Sequence[Collection], desk: Desk
) -> list[tuple[Collection, Endpoint]]:
    """Those of `due` whose endpoints can be collected now; the others wait or end, with the reason."""
    now = desk.run.utcnow()
    shown = {
        endpoint.agent_id: endpoint
        for endpoint in desk.sentinelone.endpoints(agent_ids=[one.agent_id for one in due])
    }
    ready, waiting = [], []
    with desk.ledger.together():
        for collection in due:
            endpoint = shown.get(collection.agent_id)
            if endpoint is None:
                words = "the console does not show this endpoint any more"
                advance(collection, "refused", desk, note=words, error=words)
            elif words := standing_refusal(endpoint):
                advance(collection, "refused", desk, note=words, error=words)
            elif is_waiting(endpoint):
                words = f"{endpoint.hostname} is offline; it is waited for"
                note = "" if collection.state == "waiting_endpoint" else words
                advance(collection, "waiting_endpoint", desk, note=note)
                waiting.append(collection.collection_id)
            else:
                ready.append((collection, endpoint))
        # A sweep wakes them when their endpoint is seen; nobody asks for each of them.
        desk.ledger.set_due(fleet.fleet_id, waiting, max(now, fleet.expires_at))
    return ready


def _held_back(
    fleet: Fleet,
    request: FleetRequest,
    due: Sequence[Collection],
    reserved: Mapping[str, int],
    desk: Desk,
) -> set[str]:
    """Those whose site has as many under way or `reserved` as it may."""
    if not request.most_per_site or not due:
        return set()
    taken = Counter(desk.ledger.fleet_sites(fleet.fleet_id, states=UNDER_WAY))
    taken.update(reserved)
    held = set()
    for one in due:
        taken[one.site_id] += 1
        if taken[one.site_id] > request.most_per_site:
            held.add(one.collection_id)
            taken[one.site_id] -= 1
    return held


def _send(fleet: Fleet, chosen: Sequence[tuple[Collection, Endpoint]], desk: Desk) -> int:
    if not chosen:
        return 0
    if chosen[0][0].route == "remoteops":
        sent = _send_scripts(fleet, [one for one, _ in chosen], desk)
    else:
        sent = _send_imports(fleet, chosen, desk)
    desk.ledger.release_members([one.collection_id for one, _ in chosen])
    return sent


def _send_imports(fleet: Fleet, chosen: Sequence[tuple[Collection, Endpoint]], desk: Desk) -> int:
    watermark = newest_pipeline(chosen[0][0].investigation_id, desk)
    sent = 0
    for place, (collection, endpoint) in enumerate(chosen):
        try:
            device_id = collection.device_id or find_device(endpoint, desk).device_id
            launch_import(collection, device_id, desk, watermark)
            sent += 1
        except ConnectorError as error:
            later = [one.collection_id for one, _ in chosen[place:]]
            if error.kind in _FOR_ALL:
                desk.ledger.set_due(fleet.fleet_id, later, desk.run.utcnow() + _AGAIN)
                raise
            _delay_or_end(fleet, collection, error, desk)
    return sent


def _send_scripts(fleet: Fleet, chosen: Sequence[Collection], desk: Desk) -> int:
    """One script for all that can share it: endpoints of one account and system, whose hostnames
    differ, and of one site where the asset or the token holds no more.
    """
    waiting = _groups(chosen, by_site=bool(desk.asset.site_ids))
    sent = 0
    while waiting:
        group = waiting.pop(0)
        try:
            sent += _send_script(group, desk)
        except ConnectorError as error:
            is_wide = len({one.site_id for one in group}) > 1
            if error.kind == "forbidden" and is_wide and _is_unsent(group, desk):
                waiting = _groups(group, by_site=True) + waiting
                continue
            # What the token may not do with a script, it may do for no other endpoint.
            if error.kind in {*_FOR_ALL, "forbidden"}:
                later = [one.collection_id for one in sum(waiting, group)]
                desk.ledger.set_due(fleet.fleet_id, later, desk.run.utcnow() + _AGAIN)
                raise
            for collection in group:
                _delay_or_end(fleet, collection, error, desk)
    return sent


def _is_unsent(group: Sequence[Collection], desk: Desk) -> bool:
    return all(desk.ledger.get(one.collection_id).state in LAUNCHABLE for one in group)


def _send_script(group: Sequence[Collection], desk: Desk) -> int:
    from cado_sentinelone.engine.remoteops_launch import dispatch_all

    return len(dispatch_all(group, desk, key=group[0].collection_id))


def _groups(chosen: Iterable[Collection], *, by_site: bool) -> list[list[Collection]]:
    groups: dict[tuple[object, ...], list[Collection]] = {}
    names: Counter[tuple[object, ...]] = Counter()
    for one in chosen:
        kind = (one.account_id, one.os, one.site_id if by_site else bool(one.site_id))
        # Evidence that does not tell more than its host could be either's of two of one name.
        name = (*kind, one.hostname.casefold().partition(".")[0])
        names[name] += 1
        groups.setdefault((*kind, names[name]), []).append(one)
    return list(groups.values())


def _delay_or_end(fleet: Fleet, collection: Collection, error: ConnectorError, desk: Desk) -> None:
    """What became of one endpoint's launch that did not come about."""
    now = desk.ledger.get(collection.collection_id)
    if now.state not in LAUNCHABLE:
        return  # the launch has noted it
    if error.kind in ("refused", "conflict", "not_found", "params", "forbidden"):
        advance(now, "refused", desk, note=error.message, error=error.message)
    else:
        again: datetime = desk.run.utcnow() + _AGAIN
        desk.ledger.set_due(fleet.fleet_id, [collection.collection_id], again)
