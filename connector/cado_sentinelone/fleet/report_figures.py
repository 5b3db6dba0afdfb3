"""The figures of a fleet report: read from the ledger, laid out for its plots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.ledger_workers import Change, Grouping
from cado_sentinelone.log import printable
from cado_sentinelone.models.fleet import Fleet

# In the order in which a plot stacks them: what has ended at the bottom.
STATES = (
    "completed", "completed_with_errors", "failed", "expired", "refused", "cancelled", "unknown",
    "processing", "uploading", "running", "waiting_approval", "requested", "waiting_endpoint",
    "planned",
)  # fmt: skip
_MOST_MOMENTS, _MOST_BARS, _MOST_ROWS = 160, 24, 25
_STEPS = (1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 21600, 86400, 604800, 2592000)


class Moment(NamedTuple):
    """How many endpoints were in which state, as of then."""

    at: datetime
    counts: dict[str, int]


@dataclass(frozen=True)
class Row:
    """One site, system or verdict, with its endpoints by state."""

    name: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """All of its endpoints."""
        return sum(self.counts.values())


def history(fleet: Fleet, desk: Desk) -> list[Moment]:
    """The states over time, in at most some 160 moments; the last one is how it stands."""
    end = fleet.finished_at or fleet.updated_at
    seconds = max((end - fleet.created_at).total_seconds(), 1)
    every = step_for(seconds, _MOST_MOMENTS)
    changes = desk.ledger.fleet_changes(fleet.fleet_id, every_seconds=every)
    return _summed(changes, fleet.created_at, timedelta(seconds=every))


def _summed(changes: Sequence[Change], begin: datetime, every: timedelta) -> list[Moment]:
    counts: Counter[str] = Counter()
    moments: list[Moment] = []
    for change in changes:
        # What was collected before is counted as it stood at the beginning.
        at = max(change.at + every, begin)
        if not moments or moments[-1].at != at:
            moments.append(Moment(at, {}))
        counts[change.to_state] += change.endpoints
        if change.from_state:
            counts[change.from_state] -= change.endpoints
        moments[-1] = Moment(at, {state: count for state, count in counts.items() if count})
    return moments


def rows_by(fleet: Fleet, desk: Desk, by: Grouping) -> tuple[list[Row], int]:
    """The largest rows, and how many more there are."""
    rows: dict[str, dict[str, int]] = {}
    for value, state, count in desk.ledger.fleet_by(fleet.fleet_id, by):
        rows.setdefault(value, {})[state] = count
    names = fleet.request.get("site_names", {}) if by == "site_id" else {}
    told = [
        Row(printable(names.get(value) or value) or "unknown", counts)
        for value, counts in rows.items()
    ]
    told.sort(key=lambda row: (-row.total, row.name))
    return told[:_MOST_ROWS], max(0, len(told) - _MOST_ROWS)


def durations(fleet: Fleet, desk: Desk) -> tuple[int, list[tuple[int, int]]]:
    """From launch to evidence: the width of a bar in seconds, and for each bar its beginning and
    how many endpoints took so long; empty bars too.
    """
    fine = desk.ledger.fleet_durations(fleet.fleet_id, every_seconds=1)
    if not fine:
        return 1, []
    width = step_for(fine[-1][0] + 1, _MOST_BARS)
    bars: Counter[int] = Counter()
    for seconds, count in fine:
        bars[seconds // width] += count
    return width, [(place * width, bars[place]) for place in range(min(bars), max(bars) + 1)]


def quantile(bars: Sequence[tuple[int, int]], part: float, width: int) -> int:
    """The seconds within which `part` of the endpoints had evidence, to the width of a bar."""
    left = part * sum(count for _, count in bars)
    for begin, count in bars:
        left -= count
        if left <= 0:
            return begin + width
    return 0


def step_for(seconds: float, most: int) -> int:
    """The shortest round number of seconds that divides `seconds` into at most so many parts."""
    return next((step for step in _STEPS if seconds / step <= most), int(seconds / most) + 1)
