"""`fleet report`: what became of a fleet collection, as a page, as CSV or as JSON lines."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from cado_sentinelone.console.fleet import say
from cado_sentinelone.console.fleet_watch import no_such
from cado_sentinelone.errors import ParamsError
from cado_sentinelone.fleet.begin import tenant_of
from cado_sentinelone.fleet.outcomes import Writable, write_csv, write_json_lines
from cado_sentinelone.fleet.report import write_report
from cado_sentinelone.fleet.work import is_meant

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.log import Mask
    from cado_sentinelone.models.fleet import Fleet


def command(parsed: argparse.Namespace, desks: Sequence[Desk], mask: Mask) -> int:
    """Writes each file that was asked for; of one fleet collection, the newest unless one is named."""
    wanted = {"--html": parsed.html, "--csv": parsed.csv, "--json-lines": parsed.json_lines}
    if not any(wanted.values()):
        raise ParamsError("give at least one of --html, --csv and --json-lines, with a file")
    fleet, desk = _fleet(desks, parsed.fleet_id)
    writers: dict[str, Callable[[Writable], int]] = {
        "--html": lambda out: write_report(fleet, desk, out),
        "--csv": lambda out: write_csv(desk.ledger.members(fleet.fleet_id), out),
        "--json-lines": lambda out: write_json_lines(desk.ledger.members(fleet.fleet_id), out),
    }
    for option, name in wanted.items():
        if name:
            count = _write(Path(name), option, writers[option], mask)
            say(f"{name}: {count} endpoints of {fleet.fleet_id}")
    return 0


def _fleet(desks: Sequence[Desk], wanted: str) -> tuple[Fleet, Desk]:
    found = [
        (fleet, desk)
        for desk in desks
        for fleet in desk.ledger.fleets(tenant=tenant_of(desk.asset))
        if is_meant(fleet, wanted)
    ]
    if not found:
        raise no_such(wanted)
    if wanted and len(found) > 1:
        ids = ", ".join(fleet.fleet_id for fleet, _ in found)
        raise ParamsError(f"--fleet-id: {wanted} has several; a report is of one of {ids}")
    return max(found, key=lambda one: one[0].created_at)


class _Masked:
    """A file that no secret of the assets is written to, should a vendor have repeated one (S5)."""

    def __init__(self, out: TextIO, mask: Mask) -> None:
        self._out, self._mask = out, mask

    def write(self, text: str) -> int:
        return self._out.write(self._mask(text))


def _write(path: Path, option: str, write: Callable[[Writable], int], mask: Mask) -> int:
    """Writes beside the file first, so that nobody ever reads half of it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("x", encoding="utf-8", newline="") as out:
            count = write(_Masked(out, mask))
        beside.replace(path)
    except OSError as error:
        raise ParamsError(f"{option}: {path} cannot be written: {error.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)
    return count
