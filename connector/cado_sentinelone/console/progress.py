"""A line on the terminal that says what is being waited for."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from cado_sentinelone.log import printable

if TYPE_CHECKING:
    from rich.live import Live


class Progress:
    """Shows the newest line with a spinner while the work goes on; nothing off a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live: Live | None = None

    def __call__(self, line: str) -> None:
        if not self._stream.isatty():
            return
        from rich.console import Console
        from rich.live import Live
        from rich.spinner import Spinner
        from rich.text import Text

        spinner = Spinner("dots", Text(printable(line), style="dim"))
        if self._live is None:
            console = Console(file=self._stream, force_terminal=True)
            # Records may be written meanwhile: standard output stays what it is.
            self._live = Live(
                spinner,
                console=console,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()
        else:
            self._live.update(spinner)

    def clear(self) -> None:
        """Takes the line away, until the next one comes."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.clear()
