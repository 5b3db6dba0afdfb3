"""`fleet watch`: how fleet collections stand, by the ledger alone, until they have ended."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Group
from rich.live import Live

from cado_sentinelone.console.fleet_view import line_of, picture_of
from cado_sentinelone.console.tables import console_for
from cado_sentinelone.errors import NotFoundError
from cado_sentinelone.fleet.begin import tenant_of
from cado_sentinelone.fleet.status import status_of
from cado_sentinelone.fleet.tick import WORKED_ON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.fleet.status import FleetStatus
    from cado_sentinelone.models.fleet import FleetState

_PICTURE_EVERY_SECONDS = 2.0
_LINE_EVERY_SECONDS = 60.0


def watch(desks: Sequence[Desk], fleet_id: str) -> int:
    """Shows them until none is open. Raises NotFoundError for an id that is not there, LedgerError.

    On a terminal a picture that is drawn anew, else a line a minute. Ctrl-C ends the watching.
    """
    ids = _watched(desks, fleet_id)
    if not ids:
        print("fleet: none is open; list_fleet_collections has those that ended", file=sys.stderr)
        return 0
    try:
        if sys.stdout.isatty():
            _draw(desks, ids)
        else:
            _tell(desks, ids)
    except KeyboardInterrupt:
        again = f" --fleet-id {fleet_id}" if fleet_id else ""
        print(
            f"fleet: it goes on without you; come back with: cado-sentinelone fleet watch{again}",
            file=sys.stderr,
        )
    return 0


def _draw(desks: Sequence[Desk], ids: set[str]) -> None:
    with Live(console=console_for(sys.stdout), auto_refresh=False) as live:
        while True:
            found = _statuses(desks, ids)
            live.update(Group(*[picture_of(status) for status in found]), refresh=True)
            if all(status.terminal for status in found):
                return
            desks[0].run.wait(_PICTURE_EVERY_SECONDS)


def _tell(desks: Sequence[Desk], ids: set[str]) -> None:
    states: list[str] = []
    told_at = 0.0
    while True:
        found = _statuses(desks, ids)
        # A state that changed is worth a line before its minute.
        if states != (states := [status.state for status in found]) or (
            desks[0].run.monotonic() - told_at >= _LINE_EVERY_SECONDS
        ):
            told_at = desks[0].run.monotonic()
            for status in found:
                print(line_of(status), flush=True)
        if all(status.terminal for status in found):
            return
        desks[0].run.wait(_PICTURE_EVERY_SECONDS)


def _watched(desks: Sequence[Desk], fleet_id: str) -> set[str]:
    """The open ones of the assets, or the one that is named, open or not."""
    wanted: tuple[FleetState, ...] = () if fleet_id else WORKED_ON
    found = {
        fleet.fleet_id
        for desk in desks
        for fleet in desk.ledger.fleets(states=wanted, tenant=tenant_of(desk.asset))
    }
    if fleet_id and fleet_id not in found:
        raise NotFoundError(
            f"the ledger has no fleet collection {fleet_id!r} of this asset",
            remedy="list_fleet_collections has those that there are; --asset names the asset.",
        )
    return {fleet_id} if fleet_id else found


def _statuses(desks: Sequence[Desk], ids: set[str]) -> list[FleetStatus]:
    return [
        status_of(fleet, desk)
        for desk in desks
        for fleet in desk.ledger.fleets(tenant=tenant_of(desk.asset))
        if fleet.fleet_id in ids
    ]
