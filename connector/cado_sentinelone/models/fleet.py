"""A fleet collection: one collection for each endpoint of a frozen set, as the ledger keeps it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from cado_sentinelone.models.action import Output

FleetState = Literal[
    "planning", "canary", "running", "paused", "cancelling", "completed", "cancelled", "expired"
]


class Fleet(Output):
    """One fleet collection. Times are aware UTC."""

    fleet_id: str = Field(description="Our id; the other fleet actions take it.")
    group_id: str = Field("", description="The same for the tenants of one request.")
    tenant: str = Field("", description="Which console and platform it is for, as a digest.")
    state: FleetState
    paused_reason: str = Field("", description="Why it is paused: a brake, or who asked.")
    digest: str = Field("", description="SHA-256 of the selected agent ids.")
    selected: int = Field(0, description="How many endpoints were selected.")
    request: dict[str, Any] = Field(default_factory=dict, description="What was asked for.")
    rate_per_minute: float = Field(0, description="Launches a minute that are allowed now.")
    allowance: float = Field(0, description="Launches that are saved up.")
    allowance_at: datetime
    raised_at: datetime = Field(description="When the rate was raised last.")
    judged_from: datetime = Field(description="The brakes look at what ended since then.")
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    finished_at: datetime | None = None
    requested_by: str = ""
    runner: str = ""
    run_id: str = ""


class FleetCounts(Output):
    """How many endpoints are in which state; their sum is what was selected (R3)."""

    selected: int
    states: dict[str, int]

    def of(self, *states: str) -> int:
        """How many are in one of `states`."""
        return sum(self.states.get(state, 0) for state in states)
