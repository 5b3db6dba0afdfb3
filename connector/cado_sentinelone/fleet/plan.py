"""What a fleet collection would do: told before anything is kept or sent."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cado_sentinelone.clients.sentinelone_agent_rows import OFFLINE
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.fleet.request import FleetRequest
from cado_sentinelone.fleet.selection import Digest, selected
from cado_sentinelone.models.endpoint import Endpoint

AGENTS_PER_EXECUTION = 200
_PAGE = 1000
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
        reason = standing_refusal(endpoint)
        if reason:
            self.refusals[reason] += 1
        elif endpoint.online is False:
            self.offline += 1
        return reason


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


def costs(request: FleetRequest, told: Survey) -> dict[str, object]:
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
