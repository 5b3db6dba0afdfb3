"""Rows and marks of the ledger's statements, for psycopg."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import psycopg


class Row(tuple[Any, ...]):
    """A row that is read by place and by name, and gives a dict of itself."""

    names: dict[str, int]

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401
        return super().__getitem__(self.names[key] if isinstance(key, str) else key)

    def keys(self) -> list[str]:
        return list(self.names)


def row_factory(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Row]:
    """What makes the rows of one statement; psycopg's protocol of row factories."""
    names = {column.name: place for place, column in enumerate(cursor.description or ())}
    kind = type("Row", (Row,), {"names": names})
    return kind


class Marked:
    """A connection that takes `?` where psycopg takes `%s`."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Nothing is sent yet."""
        self._connection = connection

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> psycopg.Cursor[Any]:
        return self._connection.execute(_with_percent(statement), values)

    def executemany(self, statement: str, values: Sequence[Sequence[Any]], /) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(_with_percent(statement), values)


@lru_cache(maxsize=512)
def _with_percent(statement: str) -> bytes:
    # None of the ledger's statements has either mark inside a literal.
    return statement.replace("?", "%s").encode()
