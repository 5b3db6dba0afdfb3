"""The ledger's SQLite file: made, opened, and written in transactions of our own."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_WAL_PAUSE_SECONDS = 0.01


def connect(path: Path | None, busy_timeout_seconds: float) -> sqlite3.Connection:
    """A connection without implicit transactions to the file, which is made if need be."""
    target = ":memory:"
    if path is not None:
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        target = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(
        target,
        uri=True,
        timeout=busy_timeout_seconds,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.row_factory = sqlite3.Row
    return connection


def use_wal(connection: sqlite3.Connection, busy_timeout_seconds: float) -> None:
    """Readers and the writer stop waiting for one another; a lasting property of the file."""
    until = time.monotonic() + busy_timeout_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # Several processes that open a new file at once: SQLite does not wait here.
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > until:
                raise
            time.sleep(_WAL_PAUSE_SECONDS)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
