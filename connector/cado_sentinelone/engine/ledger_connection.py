"""What the ledger's SQL needs of a database's connection: sqlite3 has it as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol


class Cursor(Protocol):
    """What came of a statement; its rows are read by place and by name."""

    @property
    def rowcount(self) -> int:
        """How many rows the statement changed."""
        ...

    def fetchone(self) -> Any:  # noqa: ANN401 - a row of any columns, or None
        """The next row."""
        ...

    def fetchall(self) -> list[Any]:
        """The rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """Statements with `?` where a value belongs."""

    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> Cursor:
        """Runs one statement."""
        ...

    def executemany(self, statement: str, values: Sequence[Sequence[Any]], /) -> object:
        """Runs one statement for each row of `values`."""
        ...
