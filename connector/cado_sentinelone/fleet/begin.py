"""The beginning of a fleet collection: every endpoint is a row before any is launched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.investigations import resolve_investigation
from cado_sentinelone.engine.ledger_fleets import Draft
from cado_sentinelone.engine.plan import draft, login_name, options_of
from cado_sentinelone.engine.preflight import check_account
from cado_sentinelone.errors import RefusedError
from cado_sentinelone.fleet.parts import parts
from cado_sentinelone.fleet.plan import Survey
from cado_sentinelone.fleet.request import MOST_UNCONFIRMED, FleetRequest
from cado_sentinelone.fleet.selection import count, selected
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.endpoint import Endpoint
from cado_sentinelone.models.fleet import Fleet, FleetState

_ROWS_A_TRANSACTION = 500
_DEVICES_A_PAGE = 1000


def tenant_of(asset: Asset) -> str:
    """Which console, platform and account an asset is for; workers of another asset keep away (S10)."""
    scope = [asset.sentinelone_url, asset.cado_url, asset.cado_account_name]
    scope += [*sorted(asset.account_ids), *sorted(asset.site_ids)]
    return hashlib.sha256("\n".join(map(str, scope)).encode()).hexdigest()[:32]


def begin(request: FleetRequest, desk: Desk, *, group_id: str = "") -> tuple[Fleet, Survey]:
    """A new fleet collection, ready to be worked on, and its endpoints in figures.

    Nothing is launched here. Raises RefusedError when more endpoints than MOST_UNCONFIRMED are
    selected and `confirm_digest` is not the digest of exactly these, or when there are none.
    """
    wanted = request.for_endpoint("0")  # nothing of a draft depends on how its endpoint was named
    options_of(wanted)
    ledger, run = desk.ledger, desk.run
    if not request.confirm_digest:
        found = count(request, desk)
        if found > MOST_UNCONFIRMED:
            raise RefusedError(
                f"{found} endpoints are selected, and more than {MOST_UNCONFIRMED} have to be "
                "confirmed",
                remedy="Look at the plan with dry_run=true, then give its digest as "
                "confirm_digest.",
            )
    if request.via == "cado":
        check_account(desk)
    investigation = resolve_investigation(desk.cado, request.investigation, create=True)
    now = run.utcnow()
    seed = f"{run.run_id} {now.isoformat()} {request.investigation}"
    fleet = Fleet(
        fleet_id="fleet-" + hashlib.sha256(seed.encode()).hexdigest()[:16],
        group_id=group_id,
        tenant=tenant_of(desk.asset),
        state="planning",
        digest="",
        request=request.model_dump(mode="json", exclude={"agent_ids"})
        | {"investigation_id": investigation.investigation_id},
        rate_per_minute=request.start_rate_per_minute,
        allowance_at=now,
        raised_at=now,
        judged_from=now,
        created_at=now,
        updated_at=now,
        expires_at=now + timedelta(hours=request.expires_after_hours),
        requested_by=request.requested_by or login_name(),
        runner=run.runner,
        run_id=run.run_id,
    )
    ledger.add_fleet(fleet)
    told = Survey()

    def drafts() -> Iterator[Draft]:
        for endpoint in selected(request, desk):
            yield _draft(endpoint, told.count(endpoint))

    def _draft(endpoint: Endpoint, refusal: str) -> Draft:
        planned = draft(
            wanted,
            endpoint,
            investigation_id=investigation.investigation_id,
            investigation_name=investigation.name,
            run=run,
        )
        return Draft(planned.model_copy(update={"deadline_at": fleet.expires_at}), now, refusal)

    try:
        for part in parts(drafts(), _ROWS_A_TRANSACTION):
            ledger.enroll(fleet.fleet_id, part, at=now)
            run.progress(f"{told.selected} endpoints planned")
        _check(told, request)
        if request.via == "cado":
            _learn_devices(fleet, desk)
    except BaseException:
        ledger.drop_fleet(fleet.fleet_id)
        raise
    first: FleetState = (
        "canary" if request.canary and told.collectable > request.canary else "running"
    )
    fleet = ledger.step_fleet(
        fleet.fleet_id, ("planning",), first, at=run.utcnow(), digest=told.digest.hex()
    )
    return fleet, told


def _learn_devices(fleet: Fleet, desk: Desk) -> None:
    """Notes what Cado calls the endpoints, by pages of its own listing; the few whose ids say
    nothing are looked for one by one when their turn comes.
    """
    devices = desk.cado.devices(desk.asset.cado_account_name, page_size=_DEVICES_A_PAGE)
    for part in parts(devices, _DEVICES_A_PAGE):
        with desk.ledger.together():
            for device in part:
                desk.ledger.learn_device(fleet.fleet_id, device.device_id, device.hostname)


def _check(told: Survey, request: FleetRequest) -> None:
    if not told.selected:
        raise RefusedError("no endpoint is selected", remedy="Look at list_endpoints.")
    digest = told.digest.hex()
    unconfirmed = told.selected > MOST_UNCONFIRMED
    if (unconfirmed or request.confirm_digest) and request.confirm_digest != digest:
        raise RefusedError(
            f"the {told.selected} endpoints that are selected now are not the ones that were "
            f"confirmed: their digest is {digest}",
            remedy="Look at the plan again with dry_run=true, then give its digest.",
        )
