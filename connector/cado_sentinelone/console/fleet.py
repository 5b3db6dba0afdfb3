"""`fleet work` launches and follows fleet collections; `fleet watch` shows how they stand."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from cado_sentinelone.assets import asset_of, asset_settings
from cado_sentinelone.console import quick
from cado_sentinelone.console.fleet_view import line_of
from cado_sentinelone.console.fleet_watch import watch
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.fleet.begin import tenant_of
from cado_sentinelone.fleet.status import status_of
from cado_sentinelone.fleet.tick import WORKED_ON
from cado_sentinelone.fleet.work import work
from cado_sentinelone.log import Mask, log_to_stderr, new_run_id, printable, with_passwords
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.run import Run

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

_LINE_EVERY_SECONDS = 60.0


def command(parsed: argparse.Namespace) -> int:
    """Works until it is stopped, or with --until-done until nothing is left; or watches."""
    gc.enable()
    log_to_stderr(parsed.log_level, new_run_id())
    try:
        assets = [_asset(file) for file in parsed.asset or [None]]
        for asset in assets:
            asset.require("sentinelone_url", "sentinelone_token", "cado_url", "cado_api_key")
            Desk(asset, Run(runner="fleet")).ledger.close()
        if parsed.what == "watch":
            return watch([_desk(asset) for asset in assets], parsed.fleet_id)
    except ConnectorError as error:
        return quick.refuse(f"fleet {parsed.what}", error, as_json=False)
    mask = Mask()
    for asset in assets:
        mask.add(with_passwords(Asset.secrets_in(dict(asset))))
    stop = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, partial(_stop, stop))

    def tell(line: str) -> None:
        print(f"fleet: {printable(mask(line))}", file=sys.stderr, flush=True)

    tell(f"working for {len(assets)} asset(s); Ctrl-C stops this worker and loses nothing")
    telling = threading.Thread(target=_tell_status, args=(assets, stop, tell), daemon=True)
    telling.start()
    work(
        [partial(_desk, asset) for asset in assets],
        stop=stop,
        threads=parsed.threads,
        until_done=parsed.until_done,
        fleet_id=parsed.fleet_id,
        tell=tell,
    )
    stop.set()
    telling.join()
    return 0


def _stop(stop: threading.Event, number: int, frame: FrameType | None) -> None:
    stop.set()


def _asset(file: str | None) -> Asset:
    return asset_of(asset_settings({}, Path(file) if file else None))


def _desk(asset: Asset) -> Desk:
    return Desk(asset, Run(runner="fleet"))


def _tell_status(assets: list[Asset], stop: threading.Event, tell: Callable[[str], None]) -> None:
    """One line a minute for each open fleet collection, and one at the end."""
    desks = [_desk(asset) for asset in assets]
    while True:
        ended = stop.wait(_LINE_EVERY_SECONDS)
        for desk in desks:
            tenant = tenant_of(desk.asset)
            for fleet in desk.ledger.fleets(states=WORKED_ON, tenant=tenant):
                tell(line_of(status_of(fleet, desk)))
        if ended:
            for desk in desks:
                desk.run.close()
            return
