"""The plots of a fleet report as numbers for SVG: no library, no script, sharp in print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from cado_sentinelone.fleet.report_figures import STATES, Moment

WIDTH, HEIGHT = 760, 220


class Area(NamedTuple):
    """One state's share of the endpoints over time: a polygon's points."""

    state: str
    points: str


class Tick(NamedTuple):
    """A place on an axis and what stands there."""

    place: float
    words: str


class Bar(NamedTuple):
    """One bar of a histogram."""

    x: float
    y: float
    width: float
    height: float
    words: str


def areas(moments: Sequence[Moment], total: int) -> list[Area]:
    """The stacked states; each moment holds until the next."""
    if not moments or not total:
        return []
    begin, length = _span(moments)
    steps: list[tuple[float, float, dict[str, int]]] = []
    for place, moment in enumerate(moments):
        left = (moment.at - begin).total_seconds() / length * WIDTH
        after = moments[min(place + 1, len(moments) - 1)].at
        right = (
            (after - begin).total_seconds() / length * WIDTH if place + 1 < len(moments) else WIDTH
        )
        steps.append((left, right, moment.counts))
    shown = [s for s in STATES if any(moment.counts.get(s) for moment in moments)]
    base = [0] * len(steps)
    drawn = []
    for state in shown:
        top = [
            below + counts.get(state, 0) for below, (_, _, counts) in zip(base, steps, strict=True)
        ]
        there = [
            f"{x:.1f},{_y(count, total)}"
            for count, (left, right, _) in zip(top, steps, strict=True)
            for x in (left, right)
        ]
        back = [
            f"{x:.1f},{_y(count, total)}"
            for count, (left, right, _) in reversed(list(zip(base, steps, strict=True)))
            for x in (right, left)
        ]
        drawn.append(Area(state, " ".join(there + back)))
        base = top
    return drawn


def time_ticks(moments: Sequence[Moment]) -> list[Tick]:
    """Five times along the axis."""
    if not moments:
        return []
    begin, length = _span(moments)
    wide = length >= 2 * 86400
    words = "%d %b %H:%M" if wide else "%H:%M" if length >= 600 else "%H:%M:%S"
    return [
        Tick(part * WIDTH / 4, datetime.fromtimestamp(
            begin.timestamp() + part * length / 4, begin.tzinfo).strftime(words))
        for part in range(5)
    ]  # fmt: skip


def count_ticks(total: int) -> list[Tick]:
    """Nothing, half and all, along the axis of counts."""
    return (
        [Tick(_y(count, total), f"{count:,}") for count in (0, total // 2, total)] if total else []
    )


def histogram(bars: Sequence[tuple[int, int]], width: int) -> list[Bar]:
    """How many took how long."""
    most = max((count for _, count in bars), default=0)
    if not most:
        return []
    step = WIDTH / len(bars)
    return [
        Bar(
            round(place * step + 1, 1),
            _y(count, most),
            round(max(step - 2, 1), 1),
            round(HEIGHT - _y(count, most), 1),
            f"{duration(begin)} to {duration(begin + width)}: {count:,}",
        )
        for place, (begin, count) in enumerate(bars)
    ]


def duration_ticks(bars: Sequence[tuple[int, int]]) -> list[Tick]:
    """Some of the durations along the axis."""
    every = max(1, len(bars) // 6)
    step = WIDTH / max(len(bars), 1)
    return [Tick(place * step, duration(bars[place][0])) for place in range(0, len(bars), every)]


def duration(seconds: float) -> str:
    """`seconds` as a person says it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.1f} days"


def _span(moments: Sequence[Moment]) -> tuple[datetime, float]:
    begin = moments[0].at
    return begin, max((moments[-1].at - begin).total_seconds(), 1.0)


def _y(count: int, most: int) -> float:
    return round(HEIGHT - count / most * HEIGHT, 1)
