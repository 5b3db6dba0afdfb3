"""Runs a request and writes its outcome, record by record as they come."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from cado_sentinelone.invoke import exit_status, invoke
from cado_sentinelone.log import log_to_stderr
from cado_sentinelone.models.action import Outcome, Output, Run

# After the imports little garbage has cycles; collecting every 700 objects would only cost time.
_COLLECT_EVERY = 50_000


def run_and_show(
    request: object, asset: str | None, *, as_json: bool, log_level: str, runner: str = "cli"
) -> int:
    """Runs `request` and shows what came of it; returns the exit status."""
    gc.freeze()
    gc.set_threshold(_COLLECT_EVERY)
    gc.enable()
    log_to_stderr(log_level)
    run = Run(runner=runner)
    asset_file = Path(asset) if asset else None
    if as_json:
        writer = JsonWriter()
        outcome = invoke(request, asset_file=asset_file, emit=writer.write, run=run)
        writer.finish(outcome)
        return exit_status(outcome)

    from cado_sentinelone.console.person import show_person

    return show_person(request, asset_file, run)


class JsonWriter:
    """Writes one JSON document: the records as they come, then what the outcome says of them."""

    def __init__(self) -> None:
        self._out = sys.stdout.buffer
        self._out.write(b'{"data":[')
        self._comma = b""

    def write(self, record: Output) -> None:
        self._out.write(self._comma + type(record).__pydantic_serializer__.to_json(record))
        self._comma = b","

    def finish(self, outcome: Outcome) -> None:
        rest = outcome.model_dump_json(exclude={"data"})
        self._out.write(b"]," + rest[1:].encode() + b"\n")
        self._out.flush()
