"""Records for a pipe or a file: one line each, nothing cut off, tabs between the fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TextIO

from cado_sentinelone.console.cells import cell, columns_of, filled_columns, is_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cado_sentinelone.models.action import Action
    from cado_sentinelone.plain import PlainAction


class PlainView:
    """Writes a list with a header line, a single record as one line per field."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._has_header = False

    def row(self, record: dict[str, Any], action: Action | PlainAction) -> None:
        """The next record of a list."""
        columns = columns_of(action)
        if not self._has_header:
            self._line(columns)
            self._has_header = True
        self._line([cell(record.get(name)) for name in columns])

    def single(self, record: dict[str, Any]) -> None:
        """A record that is all there is."""
        for name, value in record.items():
            if not is_table(value):
                self._line([name, cell(value)])
                continue
            self._line([name])
            columns = filled_columns(value)
            self._line(["", *columns])
            for row in value:
                self._line(["", *(cell(row.get(column)) for column in columns)])

    def end(self) -> None:
        """Nothing is held back, so there is nothing left to write."""

    def _line(self, cells: Iterable[str]) -> None:
        self._out.write("\t".join(cells) + "\n")
