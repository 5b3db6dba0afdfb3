"""One request over one tenant or many: confirmed as a whole, and then a fleet collection for each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.errors import ParamsError, RefusedError
from cado_sentinelone.fleet.begin import prepare, start, tenant_of
from cado_sentinelone.fleet.plan import Survey, survey
from cado_sentinelone.fleet.request import MOST_UNCONFIRMED, FleetRequest
from cado_sentinelone.fleet.selection import count
from cado_sentinelone.models.fleet import Fleet

# Ids that mean something in one console only.
_OF_ONE_CONSOLE = ("agent_ids", "site_ids")


class Share(NamedTuple):
    """What one tenant has of a request: its desk, its endpoints in figures, its fleet collection."""

    desk: Desk
    told: Survey
    fleet: Fleet | None = None


def plan(request: FleetRequest, desks: Sequence[Desk]) -> list[Share]:
    """The selected endpoints of each tenant; nothing is kept. Raises ParamsError."""
    _check_ids(request, desks)
    return [Share(desk, survey(request, desk)) for desk in desks]


def digest_of(shares: Iterable[Share]) -> str:
    """What confirms exactly these endpoints: of one tenant its own digest (S11)."""
    told = [(tenant_of(share.desk.asset), share.told.digest.hex()) for share in shares]
    if len(told) == 1:
        return told[0][1]
    return hashlib.sha256("\n".join(" ".join(one) for one in sorted(told)).encode()).hexdigest()


def begin(request: FleetRequest, desks: Sequence[Desk]) -> list[Share]:
    """A new fleet collection for each tenant that has endpoints selected, ready to be worked on.

    Nothing is launched here. Raises RefusedError, with nothing kept, when more endpoints than
    MOST_UNCONFIRMED are selected and `confirm_digest` is not the digest of exactly these, or when
    there are none; ParamsError for ids of one console where there are several.
    """
    _check_ids(request, desks)
    if not request.confirm_digest:
        found = sum(count(request, desk) for desk in desks)
        if found > MOST_UNCONFIRMED:
            raise RefusedError(
                f"{found} endpoints are selected, and more than {MOST_UNCONFIRMED} have to be "
                "confirmed",
                remedy="Look at the plan (dry_run=true, or fleet plan), then give its digest as "
                "confirm_digest.",
            )
    group_id, prepared = _group_id(desks), list[Share]()
    try:
        for desk in desks:
            fleet, told = prepare(request, desk, group_id=group_id)
            prepared.append(Share(desk, told, fleet))
        _check(prepared, request)
    except BaseException:
        for share in prepared:
            _drop(share)
        raise
    started = []
    for share in prepared:
        if share.fleet is None or not share.told.selected:
            _drop(share)
        else:
            started.append(share._replace(fleet=start(share.fleet, share.told, share.desk)))
    return started


def _drop(share: Share) -> None:
    if share.fleet is not None:
        share.desk.ledger.drop_fleet(share.fleet.fleet_id)


def _group_id(desks: Sequence[Desk]) -> str:
    if len(desks) == 1:
        return ""
    run = desks[0].run
    seed = f"{run.run_id} {run.utcnow().isoformat()}"
    return "group-" + hashlib.sha256(seed.encode()).hexdigest()[:16]


def _check(prepared: Sequence[Share], request: FleetRequest) -> None:
    selected = sum(share.told.selected for share in prepared)
    if not selected:
        raise RefusedError("no endpoint is selected", remedy="Look at list_endpoints.")
    digest = digest_of(prepared)
    unconfirmed = selected > MOST_UNCONFIRMED
    if (unconfirmed or request.confirm_digest) and request.confirm_digest != digest:
        raise RefusedError(
            f"the {selected} endpoints that are selected now are not the ones that were "
            f"confirmed: their digest is {digest}",
            remedy="Look at the plan again (dry_run=true, or fleet plan), then give its digest.",
        )


def _check_ids(request: FleetRequest, desks: Sequence[Desk]) -> None:
    tenants = {tenant_of(desk.asset) for desk in desks}
    if len(tenants) < len(desks):
        raise ParamsError("two of the assets are for the same console, platform and scope")
    for name in _OF_ONE_CONSOLE:
        if len(desks) > 1 and getattr(request, name):
            raise ParamsError(f"{name}: such ids are of one console; give one asset with them")
