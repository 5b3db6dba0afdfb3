"""Start a fleet collection, look at it, and change its course."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pydantic import Field

from cado_sentinelone.fleet.plan import PlannedFleet
from cado_sentinelone.fleet.request import FleetRequest
from cado_sentinelone.fleet.status import FleetStatus
from cado_sentinelone.models.action import Action, Params, Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.collection import Collection, State
from cado_sentinelone.models.fleet import FleetState
from cado_sentinelone.plugin import hookimpl

if TYPE_CHECKING:
    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.models.fleet import Fleet

_PLANNING_SECONDS = 3600
_FLEET_ID = "The fleet collection, by its id."


class RunFleetCollectionParams(FleetRequest):
    """The parameters of run_fleet_collection."""


def run_fleet_collection(asset: Asset, params: RunFleetCollectionParams, run: Run) -> PlannedFleet:
    """Plans a collection of every selected endpoint; workers launch them."""
    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.fleet.group import begin
    from cado_sentinelone.fleet.plan import planned, survey

    if params.via == "cado":
        asset.require("cado_account_name")
    run.start_deadline(max(asset.total_timeout_seconds, _PLANNING_SECONDS))
    desk = Desk(asset, run)
    if params.dry_run:
        told = survey(params, desk)
        run.message = (
            f"dry run: {told.collectable} of {told.selected} endpoints would be collected; "
            f"nothing was kept or sent. confirm_digest={told.digest.hex()}"
        )
        return planned(params, told)
    [begun] = begin(params, [desk])
    plan = planned(params, begun.told, begun.fleet)
    run.summary["fleet_id"] = plan.fleet_id
    run.message = (
        f"fleet collection {plan.fleet_id}: {plan.collectable} of {plan.selected} endpoints are "
        "planned; 'cado-sentinelone fleet work' launches them, or get_fleet_status with work_seconds"
    )
    return plan


class FleetParams(Params):
    """Which fleet collection."""

    fleet_id: str = Field(min_length=1, description=_FLEET_ID, examples=["fleet-9b1c5f0a7d2e4c68"])


class GetFleetStatusParams(FleetParams):
    """The parameters of get_fleet_status."""

    work_seconds: float = Field(
        0,
        ge=0,
        le=86400,
        description="Work on it for so long before telling, where no worker runs.",
    )


def get_fleet_status(asset: Asset, params: GetFleetStatusParams, run: Run) -> FleetStatus:
    """How it stands, by what the ledger holds."""
    from cado_sentinelone.fleet.status import status_of

    fleet, desk = _opened(asset, params.fleet_id, run)
    if params.work_seconds:
        from cado_sentinelone.fleet.work import work_for

        work_for(fleet.fleet_id, desk, params.work_seconds)
        fleet = desk.ledger.fleet(fleet.fleet_id)
    status = status_of(fleet, desk)
    run.summary["state"] = status.state
    run.message = (
        f"{status.state}: of {status.selected} endpoints {status.to_launch} wait, "
        f"{status.under_way} are under way, {status.ended} ended, {status.with_evidence} of them "
        "with evidence"
    )
    if status.paused_reason:
        run.message += f". Paused: {status.paused_reason}"
    return status


class ListFleetCollectionsParams(Params):
    """The parameters of list_fleet_collections."""

    state: tuple[FleetState, ...] = Field((), description="Only these states.")


def list_fleet_collections(
    asset: Asset, params: ListFleetCollectionsParams, run: Run
) -> Iterator[FleetStatus]:
    """The asset's fleet collections in this ledger, newest first."""
    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.fleet.begin import tenant_of
    from cado_sentinelone.fleet.status import status_of

    desk = Desk(asset, run)
    for fleet in desk.ledger.fleets(states=params.state, tenant=tenant_of(asset)):
        yield status_of(fleet, desk)


class ListFleetEndpointsParams(FleetParams):
    """The parameters of list_fleet_endpoints."""

    state: tuple[State, ...] = Field((), description="Only endpoints in these states.")


def list_fleet_endpoints(
    asset: Asset, params: ListFleetEndpointsParams, run: Run
) -> Iterator[Collection]:
    """Each endpoint's collection, in the order of their enrolment."""
    fleet, desk = _opened(asset, params.fleet_id, run)
    return desk.ledger.members(fleet.fleet_id, states=params.state)


class PauseFleetCollectionParams(FleetParams):
    """The parameters of pause_fleet_collection."""

    reason: str = Field("", max_length=1000, description="Why; shown until it is resumed.")


def pause_fleet_collection(
    asset: Asset, params: PauseFleetCollectionParams, run: Run
) -> FleetStatus:
    """Launches no more; what is under way goes on."""
    from cado_sentinelone.fleet.change import pause
    from cado_sentinelone.fleet.status import status_of

    fleet, desk = _opened(asset, params.fleet_id, run)
    return status_of(pause(fleet, params.reason or "somebody asked for it", desk), desk)


def resume_fleet_collection(asset: Asset, params: FleetParams, run: Run) -> FleetStatus:
    """Launches again, at the rate that it began with."""
    from cado_sentinelone.fleet.change import resume
    from cado_sentinelone.fleet.status import status_of

    fleet, desk = _opened(asset, params.fleet_id, run)
    return status_of(resume(fleet, desk), desk)


class CancelFleetCollectionParams(FleetParams):
    """The parameters of cancel_fleet_collection."""

    under_way: bool = Field(
        False, description="Also call off what was launched, as far as the vendors can."
    )


def cancel_fleet_collection(
    asset: Asset, params: CancelFleetCollectionParams, run: Run
) -> FleetStatus:
    """Ends what was not launched, and with under_way what was."""
    from cado_sentinelone.fleet.change import call_off
    from cado_sentinelone.fleet.status import status_of

    run.start_deadline(max(asset.total_timeout_seconds, _PLANNING_SECONDS))
    fleet, desk = _opened(asset, params.fleet_id, run)
    fleet, refused = call_off(fleet, desk, under_way=params.under_way)
    for words in refused[:20]:
        run.warn(words)
    if len(refused) > 20:
        run.warn(f"and {len(refused) - 20} more could not be called off")
    return status_of(fleet, desk)


class RetryFleetCollectionParams(FleetParams):
    """The parameters of retry_fleet_collection."""

    state: tuple[State, ...] = Field(
        ("failed", "expired"), description="Endpoints that ended so: failed, expired, cancelled."
    )


def retry_fleet_collection(
    asset: Asset, params: RetryFleetCollectionParams, run: Run
) -> FleetStatus:
    """Plans endpoints anew that ended without evidence."""
    from cado_sentinelone.fleet.change import try_again
    from cado_sentinelone.fleet.status import status_of

    fleet, desk = _opened(asset, params.fleet_id, run)
    planned = try_again(fleet, desk, states=params.state)
    run.message = f"{planned} endpoints are planned anew"
    return status_of(desk.ledger.fleet(fleet.fleet_id), desk)


def _opened(asset: Asset, fleet_id: str, run: Run) -> tuple[Fleet, Desk]:
    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.fleet.change import own_fleet

    desk = Desk(asset, run)
    return own_fleet(fleet_id, desk), desk


_COLUMNS = ("fleet_id", "state", "selected", "to_launch", "under_way", "ended", "with_evidence")


@hookimpl
def cado_sentinelone_actions() -> Iterable[Action]:
    noun = ("fleet collection", "fleet collections")
    yield Action(
        identifier="run_fleet_collection",
        summary="Collect from a whole selection of endpoints, carefully; plan it first.",
        params=RunFleetCollectionParams,
        output=PlannedFleet,
        run=run_fleet_collection,
        noun=noun,
        group="fleet",
        uses=("sentinelone", "cado"),
        read_only=False,
        long_running=True,
        columns=("fleet_id", "state", "selected", "collectable", "offline", "digest"),
    )
    yield Action(
        identifier="get_fleet_status",
        summary="Tell how a fleet collection stands, in numbers that add up.",
        params=GetFleetStatusParams,
        output=FleetStatus,
        run=get_fleet_status,
        noun=noun,
        group="fleet",
        read_only=False,
        long_running=True,
        columns=_COLUMNS,
    )
    yield Action(
        identifier="list_fleet_collections",
        summary="List the fleet collections that this ledger knows.",
        params=ListFleetCollectionsParams,
        output=FleetStatus,
        run=list_fleet_collections,
        noun=noun,
        group="fleet",
        columns=_COLUMNS,
    )
    yield Action(
        identifier="list_fleet_endpoints",
        summary="List what became of each endpoint of a fleet collection.",
        params=ListFleetEndpointsParams,
        output=Collection,
        run=list_fleet_endpoints,
        noun=("endpoint", "endpoints"),
        group="fleet",
        columns=("hostname", "state", "collection_id", "evidence_ids", "error"),
    )
    for identifier, summary, params, function in (
        (
            "pause_fleet_collection",
            "Launch no more endpoints of a fleet collection until it is resumed.",
            PauseFleetCollectionParams,
            pause_fleet_collection,
        ),
        (
            "resume_fleet_collection",
            "Go on with a paused fleet collection.",
            FleetParams,
            resume_fleet_collection,
        ),
        (
            "cancel_fleet_collection",
            "End a fleet collection: what was not launched never is.",
            CancelFleetCollectionParams,
            cancel_fleet_collection,
        ),
        (
            "retry_fleet_collection",
            "Collect again from endpoints of a fleet collection that failed.",
            RetryFleetCollectionParams,
            retry_fleet_collection,
        ),
    ):
        yield Action(
            identifier=identifier,
            summary=summary,
            params=params,
            output=FleetStatus,
            run=function,
            noun=noun,
            group="fleet",
            read_only=False,
            columns=_COLUMNS,
        )
