"""What a person asks of a fleet collection: which endpoints, what to collect, how fast."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any, Literal

from pydantic import Field, field_validator

from cado_sentinelone.engine.plan import CollectionRequest
from cado_sentinelone.models.action import Params
from cado_sentinelone.models.collection import Profile, Route

# Launches on more endpoints than this need the digest that the plan shows (S11).
MOST_UNCONFIRMED = 25
_WINDOW = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")


def _same(name: str) -> Any:  # noqa: ANN401 - a field's declaration
    """The field of a single collection's request, so that both say the same of it."""
    return CollectionRequest.model_fields[name]


class FleetRequest(Params):
    """The parameters of run_fleet_collection."""

    investigation: str = _same("investigation")
    agent_ids: tuple[str, ...] = Field(
        (),
        max_length=100_000,
        description="Exactly these endpoints, by agent id; otherwise the filters select.",
        examples=[["1913920934584665209"]],
        json_schema_extra={"soar": "agent id"},
    )
    hostname_contains: str = Field(
        "", description="Only endpoints with this part in the hostname.", examples=["lap-"]
    )
    os: Literal["", "windows", "linux"] = Field("", description="Only this operating system.")
    site_ids: tuple[str, ...] = Field(
        (),
        max_length=500,
        description="Only endpoints of these SentinelOne sites.",
        json_schema_extra={"soar": "site id"},
    )
    online_only: bool = Field(False, description="Leave out endpoints that are offline now.")
    query: str = Field("", description="Text that SentinelOne looks for in many fields.")
    via: Route = _same("via")
    profile: Profile = _same("profile")
    groups: tuple[str, ...] = _same("groups")
    additional_files: tuple[str, ...] = _same("additional_files")
    additional_files_only: bool = _same("additional_files_only")
    skip_scan: bool = _same("skip_scan")
    include_memory: bool = _same("include_memory")
    drive_letter: str = _same("drive_letter")
    collector_url: str = _same("collector_url")
    collector_sha256: str = _same("collector_sha256")
    requested_by: str = _same("requested_by")
    reason: str = _same("reason")
    canary: int = Field(
        10, ge=0, le=1000, description="How many go first; all others follow when they went well."
    )
    start_rate_per_minute: float = Field(
        20,
        gt=0,
        le=10_000,
        description="Launches a minute to begin with; it rises while all is well.",
    )
    most_rate_per_minute: float = Field(
        600, gt=0, le=10_000, description="Launches a minute that it may rise to."
    )
    most_at_once: int = Field(5000, ge=1, description="How many may be under way at the same time.")
    most_per_site: int = Field(
        0, ge=0, description="How many of one site may be under way at the same time; 0 for any."
    )
    pause_at_failures: float = Field(
        0.3, gt=0, le=1, description="Pauses when more than this part of what ended has failed."
    )
    pause_at_throttled: float = Field(
        0.2, gt=0, le=1, description="Pauses when more than this part of the calls was throttled."
    )
    retries: int = Field(0, ge=0, le=5, description="How often a failed endpoint is tried again.")
    retry_after_minutes: float = Field(30, ge=0, description="How long after its failure.")
    window: str = Field(
        "",
        description="Launches only between these times of day, UTC; empty for any time.",
        examples=["22:00-05:00"],
    )
    expires_after_hours: float = Field(
        168, gt=0, le=8760, description="What was not launched by then never is."
    )
    confirm_digest: str = Field(
        "",
        description="The digest that the dry run showed; needed for more than "
        f"{MOST_UNCONFIRMED} endpoints.",
    )
    dry_run: bool = Field(False, description="Say what would be done, keep and send nothing.")

    @field_validator("window")
    @classmethod
    def _two_times(cls, value: str) -> str:
        if value and not _WINDOW.fullmatch(value):
            raise ValueError("must be like 22:00-05:00")
        return value

    def for_endpoint(self, agent_id: str) -> CollectionRequest:
        """The same request for one endpoint."""
        names = CollectionRequest.model_fields.keys() & FleetRequest.model_fields.keys()
        kept = self.model_dump(include=names - {"dry_run"})
        return CollectionRequest(
            endpoint=agent_id, wait_for_endpoint_hours=self.expires_after_hours, **kept
        )


def is_inside(window: str, moment: datetime) -> bool:
    """Whether launches are allowed at `moment`, aware UTC; a window may go over midnight."""
    matched = _WINDOW.fullmatch(window)
    if matched is None:
        return True
    numbers = [int(one) for one in matched.groups()]
    begin, end = time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
    now = moment.time()
    return begin <= now < end if begin <= end else now >= begin or now < end
