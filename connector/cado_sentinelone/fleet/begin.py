"""The beginning of a fleet collection: every endpoint is a row before any is launched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.investigations import resolve_investigation
from cado_sentinelone.engine.ledger_fleets import Draft
from cado_sentinelone.engine.plan import draft, login_name, options_of
from cado_sentinelone.engine.preflight import check_account
from cado_sentinelone.errors import ConflictError
from cado_sentinelone.fleet.parts import parts
from cado_sentinelone.fleet.plan import Survey
from cado_sentinelone.fleet.request import FleetRequest
from cado_sentinelone.fleet.selection import selected
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


def prepare(request: FleetRequest, desk: Desk, *, group_id: str = "") -> tuple[Fleet, Survey]:
    """A fleet collection whose endpoints are rows and that nobody works on yet, and its figures.

    Nothing is launched here. Whatever is raised, nothing is kept.
    """
    wanted = request.for_endpoint("0")  # nothing of a draft depends on how its endpoint was named
    options_of(wanted)
    ledger, run = desk.ledger, desk.run
    if request.via == "cado":
        check_account(desk)
    investigation = resolve_investigation(desk.cado, request.investigation, create=True)
    now = run.utcnow()
    seed = f"{run.run_id} {now.isoformat()} {request.investigation} {tenant_of(desk.asset)}"
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
        if request.via == "cado":
            _learn_devices(fleet, desk)
    except BaseException:
        with suppress(ConflictError):  # somebody has cancelled it meanwhile: then it stays, ended
            ledger.drop_fleet(fleet.fleet_id)
        raise
    return fleet, told


def start(fleet: Fleet, told: Survey, desk: Desk) -> Fleet:
    """`fleet`, ready to be worked on. Raises ConflictError when somebody has cancelled it."""
    canary = fleet.request["canary"]
    first: FleetState = "canary" if canary and told.collectable > canary else "running"
    return desk.ledger.step_fleet(
        fleet.fleet_id,
        ("planning",),
        first,
        at=desk.run.utcnow(),
        digest=told.digest.hex(),
        request=fleet.request | {"site_names": told.site_names()},
    )


def _learn_devices(fleet: Fleet, desk: Desk) -> None:
    """Notes what Cado calls the endpoints, by pages of its own listing; the few whose ids say
    nothing are looked for one by one when their turn comes.
    """
    devices = desk.cado.devices(desk.asset.cado_account_name, page_size=_DEVICES_A_PAGE)
    for part in parts(devices, _DEVICES_A_PAGE):
        with desk.ledger.together():
            for device in part:
                desk.ledger.learn_device(fleet.fleet_id, device.device_id, device.hostname)
