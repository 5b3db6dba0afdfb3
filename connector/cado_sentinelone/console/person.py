"""What a person sees of a run: its records on standard output, all that is said of them on stderr."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TextIO

from cado_sentinelone.console.cells import cell
from cado_sentinelone.console.pipe import leave_stdout
from cado_sentinelone.console.plain import PlainView
from cado_sentinelone.console.progress import Progress
from cado_sentinelone.invoke import invoke
from cado_sentinelone.log import printable
from cado_sentinelone.models.outcome import Outcome
from cado_sentinelone.models.run import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cado_sentinelone.console.tables import TerminalView
    from cado_sentinelone.models.action import Action
    from cado_sentinelone.plain import PlainAction


def show_person(request: object, asset_file: Path | None, run: Run, progress: Progress) -> int:
    """Runs `request`, shows what comes of it and returns the exit status."""
    page = Page(sys.stdout, progress)
    outcome = invoke(request, asset_file=asset_file, emit=page.record, run=run)
    progress.clear()
    page.end()
    say(outcome, sys.stderr)
    return outcome.exit_status


def view_for(out: TextIO) -> PlainView | TerminalView:
    """Tables on a terminal, lines in a pipe."""
    if not out.isatty():
        return PlainView(out)
    # rich is for terminals only: a script in a pipe does not wait for its import.
    from cado_sentinelone.console.tables import TerminalView, console_for

    return TerminalView(console_for(out))


class Page:
    """Shows records as they come."""

    def __init__(self, out: TextIO, progress: Progress) -> None:
        self._view = view_for(out)
        self._progress = progress
        self._is_read = True

    def record(self, line: bytes, action: Action | PlainAction, *, alone: bool) -> bool:
        """Shows the next record; False when nobody reads any more."""
        if self._is_read:
            record = json.loads(line)
            self._progress.clear()
            try:
                if alone:
                    self._view.single(record)
                else:
                    self._view.row(record, action)
            except BrokenPipeError:
                self._is_read = False
                leave_stdout()
        return self._is_read

    def end(self) -> None:
        """Shows what was held back."""
        try:
            self._view.end()
            sys.stdout.flush()
        except BrokenPipeError:
            leave_stdout()


def say(outcome: Outcome, stream: TextIO) -> None:
    """Says how it went: message, summary, warnings, and what to do about an error."""
    write = partial(_write, stream)
    for warning in outcome.warnings:
        write(f"warning: {warning}", "yellow")
    for name, value in _worth_saying(outcome):
        write(f"{name.replace('_', ' ')}: {cell(value)}", "dim")
    if outcome.error is None:
        write(outcome.message, "green")
        return
    error = outcome.error
    write(f"{outcome.action or 'request'} failed ({error.kind}): {error.message}", "red")
    write(f"  {error.remedy}", "")
    facts = {
        "vendor": error.vendor,
        "status": error.http_status,
        "request id": error.request_id,
        "retry after seconds": error.retry_after_seconds,
        "run id": outcome.run_id,
    }
    told = (f"{name} {value}" for name, value in facts.items() if value is not None)
    write(f"  {', '.join(told)}", "dim")


def _worth_saying(outcome: Outcome) -> list[tuple[str, object]]:
    """The summary without what the message says already: how many records there are."""
    return [
        (name, value)
        for name, value in outcome.summary.items()
        if value not in (None, "") and str(value) not in outcome.message
    ]


def _write(stream: TextIO, line: str, style: str) -> None:
    if not stream.isatty():
        print(printable(line), file=stream)
        return
    from rich.text import Text

    from cado_sentinelone.console.tables import console_for

    console_for(stream).print(Text(printable(line), style=style))
