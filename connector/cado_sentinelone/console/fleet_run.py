"""`fleet run`: begins a fleet collection and works on it, here or in a worker that goes on alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cado_sentinelone.console.fleet import again, say
from cado_sentinelone.console.fleet_plan import request_of
from cado_sentinelone.console.fleet_watch import watch
from cado_sentinelone.console.fleet_work import work_here
from cado_sentinelone.engine.ledger import own_folder
from cado_sentinelone.errors import LedgerError
from cado_sentinelone.fleet.group import begin
from cado_sentinelone.fleet.tick import WORKED_ON

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.log import Mask


def command(parsed: argparse.Namespace, desks: Sequence[Desk], mask: Mask) -> int:
    """Begins it for every asset, then works until it has ended, or watches a worker that does."""
    request = request_of(parsed, desks, mask)
    if request.dry_run:
        from cado_sentinelone.console import fleet_plan

        parsed.json = False
        return fleet_plan.command(parsed, desks, mask)
    shares = begin(request, desks)
    fleets = [share.fleet for share in shares if share.fleet]
    for share, fleet in zip(shares, fleets, strict=True):
        told = share.told
        say(f"{fleet.fleet_id}: {told.collectable} of {told.selected} endpoints are planned")
    fleet_id = fleets[0].group_id or fleets[0].fleet_id
    if not parsed.watch:
        status = work_here(desks, mask, threads=parsed.threads, fleet_id=fleet_id, until_done=True)
        if any(
            share.desk.ledger.fleet(fleet.fleet_id).state in WORKED_ON
            for share, fleet in zip(shares, fleets, strict=True)
        ):
            say(f"it has not ended; go on with: {again('work', parsed, fleet_id)}")
        return status
    worker, log = _start_worker(parsed, fleet_id)
    say(f"worker {worker.pid} goes on by itself; what it says is in {log}")

    def trouble() -> str:
        if worker.poll() is None:
            return ""
        return f"the worker has ended (see {log}); go on with: {again('work', parsed, fleet_id)}"

    return watch(desks, mask, fleet_id, again("watch", parsed, fleet_id), trouble)


def _start_worker(
    parsed: argparse.Namespace, fleet_id: str
) -> tuple[subprocess.Popen[bytes], Path]:
    """A worker in a session of its own, which no Ctrl-C and no closed terminal reaches."""
    log = own_folder() / f"{fleet_id}.log"
    # -P: what lies in the working directory is never imported.
    command = [sys.executable, "-P", "-m", "cado_sentinelone", "fleet", "work", "--until-done"]
    command += ["--fleet-id", fleet_id, "--threads", str(parsed.threads)]
    command += ["--log-level", parsed.log_level]
    for file in parsed.asset or ():
        command += ["--asset", file]
    try:
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as out:
            worker = subprocess.Popen(  # noqa: S603 - this program
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
    except OSError as error:
        raise LedgerError(
            f"the worker could not be started ({log}: {error.strerror}); the fleet collection waits",
            remedy=f"Run: {again('work', parsed, fleet_id)}",
        ) from None
    return worker, log
