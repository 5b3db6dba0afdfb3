"""What PostgreSQL's errors mean to the person who runs the connector."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psycopg

from cado_sentinelone.errors import LedgerError


class _Meaning(NamedTuple):
    words: str
    remedy: str
    retryable: bool = False


_AGAIN = "Run again: nothing was changed, or it is found again by its key."
# By SQLSTATE, or by its class of two characters.
_MEANINGS = {
    "28": _Meaning("refuses this user", "Check user, password and pg_hba.conf of ledger_url."),
    "3D": _Meaning("does not exist", "Create the database that ledger_url names."),
    "42501": _Meaning("refuses this user", "Grant the user the tables and the schema."),
    "25006": _Meaning("is read-only", "Name the primary server in ledger_url, not a replica."),
    "40": _Meaning("had to give up a transaction", _AGAIN, retryable=True),
    "55P03": _Meaning("is locked by another process", _AGAIN, retryable=True),
    "53": _Meaning("has no room left", "Look at the server's disk and at max_connections.", True),
    "57": _Meaning("was stopped", _AGAIN, retryable=True),
    "08": _Meaning("cannot be reached", _AGAIN, retryable=True),
}
_CUT = _Meaning("cannot be reached", "Check host, port and network of ledger_url.", True)


@contextmanager
def in_words() -> Iterator[None]:
    """Turns what psycopg raises into a LedgerError that says what to do, without a value."""
    try:
        yield
    except psycopg.Error as error:
        state = error.sqlstate or ""
        meaning = _MEANINGS.get(state) or _MEANINGS.get(state[:2])
        if meaning is None:
            lost = isinstance(error, psycopg.OperationalError) and not state
            meaning = _CUT if lost else _Meaning("failed", "")
        # The first line: the others may repeat a row.
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise LedgerError(
            f"the ledger's database {meaning.words}: {lines[0]}",
            remedy=meaning.remedy,
            retryable=meaning.retryable,
        ) from error
