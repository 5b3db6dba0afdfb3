"""`fleet work`: launches and follows fleet collections until it is stopped or nothing is left."""

from __future__ import annotations

import signal
import threading
from functools import partial
from typing import TYPE_CHECKING

from cado_sentinelone.console.fleet import say
from cado_sentinelone.console.fleet_view import line_of, without_secrets
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.fleet.begin import tenant_of
from cado_sentinelone.fleet.queue import checked_broker_url, require_celery
from cado_sentinelone.fleet.queue_work import work_by_queue
from cado_sentinelone.fleet.status import status_of
from cado_sentinelone.fleet.tick import WORKED_ON
from cado_sentinelone.fleet.work import is_meant, work
from cado_sentinelone.log import printable
from cado_sentinelone.models.run import Run

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from types import FrameType

    from cado_sentinelone.log import Mask
    from cado_sentinelone.models.asset import Asset

_LINE_EVERY_SECONDS = 60.0


def command(parsed: argparse.Namespace, desks: Sequence[Desk], mask: Mask) -> int:
    """Works in this process; a line a minute tells how they stand."""
    return work_here(
        desks,
        mask,
        threads=parsed.threads,
        fleet_id=parsed.fleet_id,
        until_done=parsed.until_done,
        by_queue=parsed.celery,
    )


def work_here(
    desks: Sequence[Desk],
    mask: Mask,
    *,
    threads: int,
    fleet_id: str,
    until_done: bool,
    by_queue: bool = False,
) -> int:
    """Works until Ctrl-C or SIGTERM, or, with `until_done`, until nothing is left; the status, 0.

    With `by_queue` RabbitMQ's hints say what is worked on. Raises AssetError, UnavailableError then.
    """
    if by_queue:
        checked_broker_url()
        require_celery()
    stop = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, partial(_stop, stop))
    say(f"working for {len(desks)} asset(s); Ctrl-C stops this worker and loses nothing")
    telling = threading.Thread(target=_tell_status, args=(desks, mask, fleet_id, stop), daemon=True)
    telling.start()
    try:
        (work_by_queue if by_queue else work)(
            [partial(_desk, desk.asset) for desk in desks],
            stop=stop,
            threads=threads,
            until_done=until_done,
            fleet_id=fleet_id,
            tell=lambda line: say(printable(mask(line))),
        )
    finally:
        stop.set()
        telling.join()
    return 0


def _stop(stop: threading.Event, number: int, frame: FrameType | None) -> None:
    stop.set()


def _desk(asset: Asset) -> Desk:
    return Desk(asset, Run(runner="fleet"))


def _tell_status(desks: Sequence[Desk], mask: Mask, fleet_id: str, stop: threading.Event) -> None:
    """One line a minute for each fleet collection that is or was open, and one at the end."""
    own = [_desk(desk.asset) for desk in desks]
    was_open: set[str] = set()
    ended = False
    while True:
        try:
            for desk in own:
                for fleet in desk.ledger.fleets(tenant=tenant_of(desk.asset)):
                    if is_meant(fleet, fleet_id) and {fleet.fleet_id, fleet.state} & {
                        *was_open,
                        *WORKED_ON,
                    }:
                        was_open.add(fleet.fleet_id)
                        say(line_of(without_secrets(status_of(fleet, desk), mask)))
        except ConnectorError as error:
            say(printable(mask(f"{error.message}. {error.remedy}")))
        if ended:
            break
        ended = stop.wait(_LINE_EVERY_SECONDS)
    for desk in own:
        desk.run.close()
