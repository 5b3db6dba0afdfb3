"""`fleet watch`: how fleet collections stand, by the ledger alone, until they have ended."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Group
from rich.live import Live

from cado_sentinelone.console.fleet import again, say
from cado_sentinelone.console.fleet_view import line_of, picture_of, without_secrets
from cado_sentinelone.console.tables import console_for
from cado_sentinelone.errors import NotFoundError
from cado_sentinelone.fleet.begin import tenant_of
from cado_sentinelone.fleet.status import status_of
from cado_sentinelone.fleet.tick import WORKED_ON
from cado_sentinelone.fleet.work import is_meant

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.fleet.status import FleetStatus
    from cado_sentinelone.log import Mask
    from cado_sentinelone.models.fleet import FleetState
    from cado_sentinelone.models.run import Run

_PICTURE_EVERY_SECONDS = 2.0
_LINE_EVERY_SECONDS = 60.0


def command(parsed: argparse.Namespace, desks: Sequence[Desk], mask: Mask) -> int:
    """Shows those that are open, or the one that is named."""
    return watch(desks, mask, parsed.fleet_id, again("watch", parsed, parsed.fleet_id))


def watch(
    desks: Sequence[Desk],
    mask: Mask,
    fleet_id: str,
    how_to_come_back: str,
    trouble: Callable[[], str] = lambda: "",
) -> int:
    """Shows them until none is open. Raises NotFoundError for an id that is not there, LedgerError.

    On a terminal a picture that is drawn anew, else a line a minute. Ctrl-C ends the watching, and
    so does `trouble`, with its words and the status 1.
    """
    ids = _watched(desks, fleet_id)
    if not ids:
        say("none is open; list_fleet_collections has those that ended")
        return 0
    try:
        words = (_draw if sys.stdout.isatty() else _tell)(
            lambda: _statuses(desks, mask, ids), desks[0].run, trouble
        )
    except KeyboardInterrupt:
        say(f"it goes on without you; come back with: {how_to_come_back}")
        return 0
    if words:
        say(words)
    return int(bool(words))


def _draw(look: Callable[[], list[FleetStatus]], run: Run, trouble: Callable[[], str]) -> str:
    with Live(console=console_for(sys.stdout), auto_refresh=False) as live:
        while True:
            words = trouble()
            found = look()
            live.update(Group(*[picture_of(status) for status in found]), refresh=True)
            if all(status.terminal for status in found):
                return ""
            if words:
                return words
            run.wait(_PICTURE_EVERY_SECONDS)


def _tell(look: Callable[[], list[FleetStatus]], run: Run, trouble: Callable[[], str]) -> str:
    states: list[str] = []
    told_at = 0.0
    while True:
        words = trouble()
        found = look()
        # A state that changed is worth a line before its minute.
        if states != (states := [status.state for status in found]) or (
            run.monotonic() - told_at >= _LINE_EVERY_SECONDS
        ):
            told_at = run.monotonic()
            for status in found:
                print(line_of(status), flush=True)
        if all(status.terminal for status in found):
            return ""
        if words:
            return words
        run.wait(_PICTURE_EVERY_SECONDS)


def _watched(desks: Sequence[Desk], wanted: str) -> set[str]:
    """The open ones of the assets, or the one or the group that is named, open or not."""
    states: tuple[FleetState, ...] = () if wanted else WORKED_ON
    found = {
        fleet.fleet_id
        for desk in desks
        for fleet in desk.ledger.fleets(states=states, tenant=tenant_of(desk.asset))
        if is_meant(fleet, wanted)
    }
    if wanted and not found:
        raise no_such(wanted)
    return found


def no_such(fleet_id: str) -> NotFoundError:
    """What to say of an id that the assets' ledgers do not have."""
    return NotFoundError(
        f"the ledger has no fleet collection{f' {fleet_id!r}' * bool(fleet_id)} of this asset",
        remedy="list_fleet_collections has those that there are; --asset names the asset.",
    )


def _statuses(desks: Sequence[Desk], mask: Mask, ids: set[str]) -> list[FleetStatus]:
    return [
        without_secrets(status_of(fleet, desk), mask)
        for desk in desks
        for fleet in desk.ledger.fleets(tenant=tenant_of(desk.asset))
        if fleet.fleet_id in ids
    ]
