"""`fleet ...`: collections over many endpoints, planned, begun, worked on and looked at."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from cado_sentinelone.assets import asset_of, asset_settings
from cado_sentinelone.console import quick
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.fleet.queue import broker_url
from cado_sentinelone.log import Mask, log_to_stderr, masked, new_run_id, with_passwords
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.run import Run

if TYPE_CHECKING:
    import argparse


def command(parsed: argparse.Namespace) -> int:
    """Runs the one that was asked for, with what is secret in the assets masked."""
    gc.enable()
    log_to_stderr(parsed.log_level, new_run_id())
    mask = Mask(with_passwords([broker_url()]))
    desks: list[Desk] = []
    with masked(mask):
        try:
            for file in parsed.asset or [None]:
                asset = asset_of(asset_settings({}, Path(file) if file else None))
                mask.add(with_passwords(Asset.secrets_in(dict(asset))))
                asset.require("sentinelone_url", "sentinelone_token", "cado_url", "cado_api_key")
                desks.append(Desk(asset, Run(runner="fleet")))
            for desk in desks:
                _ = desk.ledger  # a ledger that cannot be opened is told before anything begins
            module = import_module(f"cado_sentinelone.console.fleet_{parsed.what}")
            status: int = module.command(parsed, desks, mask)
        except ConnectorError as error:
            error.message, error.remedy = mask(error.message), mask(error.remedy)
            return quick.refuse(f"fleet {parsed.what}", error, as_json=False)
        except BrokenPipeError:
            from cado_sentinelone.console.pipe import leave_stdout

            leave_stdout()
            return 0
        finally:
            for desk in desks:
                desk.run.close()
    return status


def say(line: str) -> None:
    """Tells a person something that is not the result."""
    print(f"fleet: {line}", file=sys.stderr, flush=True)


def again(what: str, parsed: argparse.Namespace, fleet_id: str) -> str:
    """The command that comes back to a fleet collection, with the same assets."""
    assets = "".join(f" --asset {file}" for file in parsed.asset or ())
    named = f" --fleet-id {fleet_id}" if fleet_id else ""
    return f"cado-sentinelone fleet {what}{named}{assets}"
