"""How a fleet collection stands, for a person: as one line, or as a picture of a terminal's width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from cado_sentinelone.console.tables import STYLES
from cado_sentinelone.log import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from cado_sentinelone.fleet.status import FleetStatus
    from cado_sentinelone.log import Mask

_MOST_ERRORS = 5


def without_secrets(status: FleetStatus, mask: Mask) -> FleetStatus:
    """`status` with what vendors said masked, should they have repeated a credential (S5)."""
    causes = [one.model_copy(update={"error": mask(one.error)}) for one in status.errors]
    return status.model_copy(
        update={"paused_reason": mask(status.paused_reason), "errors": tuple(causes)}
    )


def line_of(status: FleetStatus) -> str:
    """Everything that matters, in one line; the counts add up to what was selected."""
    counts = ", ".join(f"{count} {state}" for state, count in status.counts.items())
    why = f" ({status.paused_reason})" if status.paused_reason else ""
    eta = f"; {_duration(status.eta_minutes)} left" if status.eta_minutes is not None else ""
    line = f"{status.fleet_id} {status.state}{why}: {status.selected} = {counts or 'none yet'}{eta}"
    return printable(line)


def picture_of(status: FleetStatus) -> RenderableType:
    """The same as lines to look at; nothing in it is wider than the terminal."""
    return Group(*_parts(status))


def _parts(status: FleetStatus) -> Iterator[RenderableType]:
    yield Text.assemble(
        (status.fleet_id, "bold"),
        "  ",
        (status.state, STYLES.get(status.state, "bold")),
        f"  {printable(status.investigation)}  via {status.via}",
    )
    if status.paused_reason:
        yield Text(f"paused: {printable(status.paused_reason)}", style="yellow")
    yield _counts(status)
    yield Text(
        f"{status.selected:,} selected = {status.to_launch:,} to launch + {status.under_way:,}"
        f" under way + {status.ended:,} ended ({status.with_evidence:,} with evidence)"
    )
    yield Text(
        f"{status.rate_per_minute:g} launches a minute allowed, {status.ended_per_minute:g} ended"
        " a minute"
    )
    if status.eta_minutes is not None:
        yield Text(f"about {_duration(status.eta_minutes)} left, by {status.eta_basis}")
    elif status.eta_basis:
        yield Text(status.eta_basis)
    if status.oldest_wait_hours:
        yield Text(f"the oldest wait is {_duration(status.oldest_wait_hours * 60)}")
    for cause in status.errors[:_MOST_ERRORS]:
        words = printable(cause.error)
        yield Text(f"{cause.endpoints:,} {cause.state}: {words}", style="red", overflow="ellipsis",
                   no_wrap=True)  # fmt: skip


def _counts(status: FleetStatus) -> Table:
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(ratio=1)
    for state, count in status.counts.items():
        style = STYLES.get(state, "")
        bar = ProgressBar(total=max(status.selected, 1), completed=count, complete_style=style,
                          finished_style=style)  # fmt: skip
        table.add_row(Text(state, style=style), f"{count:,}", bar)
    return table


def _duration(minutes: float) -> str:
    if minutes < 90:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h" if minutes < 48 * 60 else f"{minutes / 1440:.1f} days"
