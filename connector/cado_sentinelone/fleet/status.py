"""How a fleet collection stands, in numbers that add up."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.fleet.launch import LAUNCHABLE, UNDER_WAY
from cado_sentinelone.fleet.plan import launching_minutes
from cado_sentinelone.fleet.tick import request_of
from cado_sentinelone.models.action import Output
from cado_sentinelone.models.fleet import Fleet, FleetState


class Cause(Output):
    """One cause, and how many endpoints have it."""

    state: str
    error: str
    endpoints: int


class FleetStatus(Output):
    """A fleet collection as of one instant. `counts` hold every state; their sum is `selected`."""

    fleet_id: str
    group_id: str = ""
    state: FleetState
    terminal: bool = Field(description="Whether it has ended.")
    paused_reason: str = ""
    digest: str = ""
    investigation: str = ""
    via: str = ""
    profile: str = ""
    selected: int
    counts: dict[str, int] = Field(description="Endpoints by state.")
    to_launch: int = Field(0, description="Not launched yet, waiting for their endpoint included.")
    under_way: int = 0
    ended: int = 0
    with_evidence: int = Field(0, description="Ended with evidence in Cado.")
    rate_per_minute: float = Field(0, description="Launches a minute that are allowed now.")
    ended_per_minute: float = Field(0, description="Over the whole run so far.")
    eta_minutes: float | None = Field(None, description="Until the last launch or end; a guess.")
    eta_basis: str = ""
    oldest_wait_hours: float = Field(0, description="How long the first has not been launched.")
    throttled: int = Field(0, description="Calls of this run that a vendor throttled.")
    errors: tuple[Cause, ...] = Field((), description="The commonest first.")
    requested_by: str = ""
    created_at: datetime
    expires_at: datetime
    finished_at: datetime | None = None


def status_of(fleet: Fleet, desk: Desk) -> FleetStatus:
    """How `fleet` stands now, by what the ledger holds; no vendor is asked."""
    ledger, now = desk.ledger, desk.run.utcnow()
    counts = ledger.fleet_counts(fleet.fleet_id)
    to_launch, under_way = counts.of(*LAUNCHABLE), counts.of(*UNDER_WAY)
    ended = counts.selected - to_launch - under_way
    minutes = max(((fleet.finished_at or now) - fleet.created_at).total_seconds() / 60, 1 / 60)
    launched = ledger.launched_of(fleet.fleet_id)
    speed = (launched.selected - launched.of(*UNDER_WAY)) / minutes
    eta, basis = _eta(fleet, to_launch - counts.of("waiting_endpoint"), under_way, speed)
    first = next(ledger.members(fleet.fleet_id, states=LAUNCHABLE, page_rows=1), None)
    request = fleet.request
    return FleetStatus(
        fleet_id=fleet.fleet_id,
        group_id=fleet.group_id,
        state=fleet.state,
        terminal=fleet.state in ("completed", "cancelled", "expired"),
        paused_reason=fleet.paused_reason,
        digest=fleet.digest,
        investigation=str(request.get("investigation", "")),
        via=str(request.get("via", "")),
        profile=str(request.get("profile", "")),
        selected=counts.selected,
        counts=dict(sorted(counts.states.items())),
        to_launch=to_launch,
        under_way=under_way,
        ended=ended,
        with_evidence=counts.of("completed", "completed_with_errors"),
        rate_per_minute=fleet.rate_per_minute,
        ended_per_minute=round(speed, 2),
        eta_minutes=eta,
        eta_basis=basis,
        oldest_wait_hours=(
            round((now - first.created_at).total_seconds() / 3600, 1) if first else 0
        ),
        throttled=int(desk.run.summary.get("throttled", 0)),
        errors=tuple(
            Cause(state=state, error=error, endpoints=count)
            for state, error, count in ledger.fleet_errors(fleet.fleet_id)
        ),
        requested_by=fleet.requested_by,
        created_at=fleet.created_at,
        expires_at=fleet.expires_at,
        finished_at=fleet.finished_at,
    )


def _eta(fleet: Fleet, ready: int, under_way: int, speed: float) -> tuple[float | None, str]:
    if fleet.state not in ("canary", "running"):
        return None, ""
    request = request_of(fleet).model_copy(update={"start_rate_per_minute": fleet.rate_per_minute})
    launching = launching_minutes(request, ready)
    if speed > 0:
        ending = (ready + under_way) / speed
        if ending > launching:
            return round(ending, 1), "the speed at which they have ended so far"
    if not ready and not under_way:
        return None, "only endpoints that are offline are left"
    return launching, "the rate of launches that is allowed"
