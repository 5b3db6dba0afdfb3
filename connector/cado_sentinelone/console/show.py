"""Runs a request and shows its outcome, record by record as they come."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from types import FrameType

from cado_sentinelone.console.pipe import leave_stdout
from cado_sentinelone.console.progress import Progress
from cado_sentinelone.errors import DeadlineError
from cado_sentinelone.invoke import invoke
from cado_sentinelone.log import log_to_stderr
from cado_sentinelone.models.outcome import Outcome
from cado_sentinelone.models.run import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cado_sentinelone.models.action import Action
    from cado_sentinelone.plain import PlainAction

# After the imports little garbage has cycles; collecting every 700 objects would only cost time.
_COLLECT_EVERY = 50_000


def run_and_show(
    request: object, asset: str | None, *, as_json: bool, log_level: str, runner: str = "cli"
) -> int:
    """Runs `request` and shows what came of it; returns the exit status."""
    gc.freeze()
    gc.set_threshold(_COLLECT_EVERY)
    gc.enable()
    asset_file = Path(asset) if asset else None
    with _sigterm_like_ctrl_c(), Progress(sys.stderr) as progress:
        run = Run(runner=runner, progress=progress)
        log_to_stderr(log_level, run.run_id)
        if as_json:
            return _write_json(request, asset_file, run)

        from cado_sentinelone.console.person import show_person

        return show_person(request, asset_file, run, progress)


def _write_json(request: object, asset_file: Path | None, run: Run) -> int:
    document = JsonDocument()
    try:
        # What a plugin prints must not end up inside the document.
        with redirect_stdout(sys.stderr):
            outcome = invoke(request, asset_file=asset_file, emit=document.record, run=run)
    except KeyboardInterrupt:
        document.end(_interrupted(request, run))
        raise
    document.end(outcome)
    return outcome.exit_status


class JsonDocument:
    """One JSON document on standard output: the records as they come, then what is said of them."""

    def __init__(self) -> None:
        self._out = sys.stdout.buffer
        self._is_read = True
        self._between = b'{"data":['

    def record(self, line: bytes, action: Action | PlainAction, *, alone: bool) -> bool:
        """Writes the next record; False when nobody reads any more."""
        self._write(self._between + line)
        self._between = b","
        return self._is_read

    def end(self, outcome: Outcome) -> None:
        """Completes the document and sends it off."""
        start = self._between if self._between != b"," else b""
        self._write(start + b"]," + outcome.end_json().encode() + b"\n", flush=True)

    def _write(self, text: bytes, *, flush: bool = False) -> None:
        if not self._is_read:
            return
        try:
            self._out.write(text)
            if flush:
                self._out.flush()
        except BrokenPipeError:
            self._is_read = False
            leave_stdout()


def _interrupted(request: object, run: Run) -> Outcome:
    name = request.get("action") if isinstance(request, dict) else ""
    remedy = "What was launched goes on and is in the ledger: see list_collections."
    error = DeadlineError("interrupted before it was complete", remedy=remedy)
    return Outcome(str(name), run.run_id, error)


@contextmanager
def _sigterm_like_ctrl_c() -> Iterator[None]:
    """Runners end what takes too long with SIGTERM: the outcome is still written then."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
