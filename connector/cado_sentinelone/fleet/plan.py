"""What a fleet collection would do: told before anything is kept or sent."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field

from cado_sentinelone.clients.sentinelone_agent_rows import OFFLINE
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.fleet.request import FleetRequest
from cado_sentinelone.fleet.selection import Digest, selected
from cado_sentinelone.models.action import Output
from cado_sentinelone.models.endpoint import Endpoint
from cado_sentinelone.models.fleet import Fleet

AGENTS_PER_EXECUTION = 200
_PAGE = 1000
# More names of sites than this do not go into the ledger.
_MOST_NAMES = 500
# Upload, content, content again, guardrails, newest pipeline, credential, library, execution, deletion.
_CALLS_PER_EXECUTION = 9
# What an archive may take is not published; these are orders of magnitude to plan a network by.
_ARCHIVE_MEGABYTES = {"light": 50, "balanced": 300, "custom": 300, "max": 2000}


@dataclass
class Survey:
    """The selected endpoints in figures."""

    digest: Digest = field(default_factory=Digest)
    by_os: Counter[str] = field(default_factory=Counter)
    by_site: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    offline: int = 0
    names: dict[str, str] = field(default_factory=dict)

    @property
    def selected(self) -> int:
        """How many there are."""
        return len(self.digest)

    @property
    def collectable(self) -> int:
        """How many are launched, now or when they are seen."""
        return self.selected - self.refusals.total()

    def count(self, endpoint: Endpoint) -> str:
        """Counts one; why it cannot be collected, ever, or ""."""
        self.digest.add(endpoint.agent_id)
        self.by_os[endpoint.os or "unknown"] += 1
        self.by_site[endpoint.site_name or endpoint.site_id or "unknown"] += 1
        self.names[endpoint.site_id] = endpoint.site_name
        reason = standing_refusal(endpoint)
        if reason:
            self.refusals[reason] += 1
        elif endpoint.online is False:
            self.offline += 1
        return reason

    def site_names(self) -> dict[str, str]:
        """What the first sites are called, by id."""
        return dict(list(self.names.items())[:_MOST_NAMES])


class PlannedFleet(Output):
    """A fleet collection that has begun, or what one would do."""

    fleet_id: str = Field("", description="Our id, to look and to resume by; empty in a dry run.")
    state: str = Field("", description="canary or running; empty in a dry run.")
    digest: str = Field(description="Of exactly these endpoints; confirm_digest takes it.")
    selected: int
    collectable: int = Field(description="Will be collected, now or when they are seen.")
    offline: int = Field(description="Of those, the ones to wait for.")
    by_os: dict[str, int]
    by_site: dict[str, int] = Field(description="The largest twenty.")
    not_collectable: dict[str, int] = Field(description="By reason.")
    calls: dict[str, int] = Field(description="To the vendors, for the whole run.")
    launching_minutes: float = Field(description="At the allowed rate, nothing holding it back.")
    archive_gigabytes_guess: float = Field(description="An order of magnitude, by the profile.")


def planned(request: FleetRequest, told: Survey, fleet: Fleet | None = None) -> PlannedFleet:
    """`told` as a person and a runner see it."""
    return PlannedFleet(
        fleet_id=fleet.fleet_id if fleet else "",
        state=fleet.state if fleet else "",
        digest=told.digest.hex(),
        selected=told.selected,
        collectable=told.collectable,
        offline=told.offline,
        by_os=dict(told.by_os.most_common()),
        by_site=dict(told.by_site.most_common(20)),
        not_collectable=dict(told.refusals.most_common()),
        **costs(request, told),
    )


def survey(request: FleetRequest, desk: Desk) -> Survey:
    """The selection in figures; nothing is kept."""
    told = Survey()
    for endpoint in selected(request, desk):
        told.count(endpoint)
    return told


def standing_refusal(endpoint: Endpoint) -> str:
    """Why `endpoint` can never be collected as it stands; "" when it can, now or when it is seen."""
    if endpoint.collectable is False and endpoint.not_collectable_reason != OFFLINE:
        return endpoint.not_collectable_reason
    if endpoint.os not in ("", "windows", "linux"):
        return f"collection does not support {endpoint.os}"
    return ""


def is_waiting(endpoint: Endpoint) -> bool:
    """Whether nothing but its absence keeps it."""
    return endpoint.online is False


def costs(request: FleetRequest, told: Survey) -> dict[str, Any]:
    """Calls, time and volume that the collections will take, as far as they can be foreseen."""
    collectable = told.collectable
    calls: dict[str, int] = {"list endpoints": math.ceil(told.selected / _PAGE)}
    if request.via == "cado":
        calls["list devices"] = math.ceil(told.selected / _PAGE)
        calls["imports"] = collectable
        calls["pages of pipelines and evidence, each look"] = 2 * math.ceil(collectable / _PAGE)
    else:
        executions = math.ceil(collectable / AGENTS_PER_EXECUTION)
        calls["scripts"] = executions * _CALLS_PER_EXECUTION
        calls["pages of tasks, each look"] = math.ceil(collectable / _PAGE)
    calls["check endpoints before the launch"] = math.ceil(collectable / AGENTS_PER_EXECUTION)
    return {
        "calls": calls,
        "launching_minutes": launching_minutes(request, collectable),
        "archive_gigabytes_guess": round(
            collectable * _ARCHIVE_MEGABYTES[request.profile] / 1000, 1
        ),
    }


def launching_minutes(request: FleetRequest, collectable: int) -> float:
    """How long the launches take at the allowed rate, when nothing holds it back."""
    left, minutes, rate = float(collectable), 0.0, request.start_rate_per_minute
    for rate, period in rising(request):
        if left <= rate * period:
            return round(minutes + left / rate, 1)
        left -= rate * period
        minutes += period
    return round(minutes + left / rate, 1)


RISE, RISE_MINUTES = 2.0, 5.0


def rising(request: FleetRequest) -> Iterable[tuple[float, float]]:
    """Each rate below the highest, with the minutes that it is kept; the last one for ever."""

    def steps() -> Iterator[tuple[float, float]]:
        rate = request.start_rate_per_minute
        while rate < request.most_rate_per_minute:
            yield rate, RISE_MINUTES
            rate = min(rate * RISE, request.most_rate_per_minute)
        yield rate, math.inf

    return steps()
