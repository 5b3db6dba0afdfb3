"""Records for a person at a terminal."""

from __future__ import annotations

from typing import Any, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cado_sentinelone.console.cells import cell, columns_of, filled_columns, is_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cado_sentinelone.models.action import Action
    from cado_sentinelone.plain import PlainAction

# So many rows are laid out at once; a longer list repeats its header, and needs no more memory.
ROWS_AT_ONCE = 500

_WORDS = {
    "green": ("green", "ok", "success", "completed", "created", "online"),
    "yellow": (
        *("amber", "warning", "already_present", "suspicious", "pending", "completed_with_errors"),
        *("planned", "requested", "waiting_approval", "waiting_endpoint", "running", "uploading"),
        *("processing", "medium"),
    ),
    "red": ("red", "failed", "failure", "malicious", "expired", "refused", "critical", "high"),
    "dim": ("grey", "unknown", "no_findings", "cancelled", "low"),
}
STYLES = {word: style for style, words in _WORDS.items() for word in words}


def console_for(stream: TextIO) -> Console:
    """A console that takes text as it is: colours on terminals only, and never with NO_COLOR."""
    return Console(
        file=stream,
        force_terminal=stream.isatty(),
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=False,
    )


class TerminalView:
    """Lays a list out as a table, a single record as one line per field."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rows: list[dict[str, Any]] = []
        self._columns: list[str] = []

    def row(self, record: dict[str, Any], action: Action | PlainAction) -> None:
        """The next record of a list."""
        self._columns = list(columns_of(action))
        self._rows.append(record)
        if len(self._rows) == ROWS_AT_ONCE:
            self.end()

    def single(self, record: dict[str, Any]) -> None:
        """A record that is all there is."""
        fields = Table(box=None, show_header=False, pad_edge=False)
        fields.add_column(style="bold", no_wrap=True)
        fields.add_column(overflow="fold")
        for name, value in record.items():
            if not is_table(value):
                fields.add_row(_words(name), styled(value))
        self._console.print(fields)
        for name, value in record.items():
            if is_table(value):
                self._console.print()
                self._console.print(Text(_words(name), style="bold"))
                self._console.print(_table(filled_columns(value), value))

    def end(self) -> None:
        """Shows what is held back."""
        if self._rows:
            self._console.print(_table(self._columns, self._rows))
            self._rows = []


def styled(value: object) -> Text:
    """The text of a cell; words that say how it went have their colour."""
    text = cell(value)
    return Text(text, style=STYLES.get(text, ""))


def _table(columns: list[str], rows: list[dict[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(_words(name), overflow="fold")
    for row in rows:
        table.add_row(*(styled(row.get(name)) for name in columns))
    return table


def _words(name: str) -> str:
    return name.replace("_", " ")
