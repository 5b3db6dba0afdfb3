"""The ledger in one SQLite file on a local disk, for any number of processes of one machine.

Every write is one BEGIN IMMEDIATE transaction, on the disk before it returns; docs/decisions
has why. One connection with a lock serves all threads: SQLite has one writer anyway.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cado_sentinelone.engine.ledger_sql import SqlLedger
from cado_sentinelone.engine.ledger_sqlite_file import connect, transaction, use_wal
from cado_sentinelone.engine.ledger_sqlite_schema import APPLICATION_ID, MIGRATIONS
from cado_sentinelone.engine.ledger_sqlite_words import in_words
from cado_sentinelone.errors import LedgerError

_BUSY_TIMEOUT_SECONDS = 30.0
# Closing any descriptor of a file drops this process's locks on it, so no ledger may be open
# while its file is being made.
_OPENING = threading.Lock()

_SET_UP = (
    # FULL: a launch that was noted is noted after a power cut too. fullfsync is macOS's word.
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA foreign_keys = ON",
)


class SqliteLedger(SqlLedger):
    """A ledger in the file `path`, or in memory when it is None; see engine.ledger.Ledger."""

    _not_unique = sqlite3.IntegrityError

    def __init__(
        self, path: Path | None, *, busy_timeout_seconds: float = _BUSY_TIMEOUT_SECONDS
    ) -> None:
        """Opens the file, makes it where there is none, and brings its schema up to date.

        Its folder must exist. Raises LedgerError, and leaves a foreign, damaged or newer file
        as it was; a ledger that opened can be written.
        """
        self._name = "the ledger in memory" if path is None else f"the ledger {path}"
        self._lock = threading.RLock()
        self._is_writing = False  # read and written under the lock
        with _OPENING, self._in_words():
            self._connection = connect(path, busy_timeout_seconds)
            try:
                self._prepare(busy_timeout_seconds)
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        with self._lock, self._in_words():
            self._connection.close()

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._in_words():
            yield self._connection

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._is_writing:
                yield self._connection
                return
            self._is_writing = True
            try:
                with self._in_words(), transaction(self._connection):
                    yield self._connection
            finally:
                self._is_writing = False

    def _prepare(self, busy_timeout_seconds: float) -> None:
        connection = self._connection
        for pragma in _SET_UP:
            connection.execute(pragma)
        # Nothing is written before the file is known to be ours; the write lock shows that
        # it can be written.
        with transaction(connection):
            version = self._version()
        use_wal(connection, busy_timeout_seconds)
        while version < len(MIGRATIONS):
            with transaction(connection):
                # Another process may have migrated the file since it was looked at.
                version = self._version()
                if version < len(MIGRATIONS):
                    for statement in MIGRATIONS[version]:
                        connection.execute(statement)
                    version += 1
                    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                    connection.execute(f"PRAGMA user_version = {version}")

    def _version(self) -> int:
        """The file's schema version, 0 when it is empty. Raises LedgerError unless it is ours."""
        [owner] = self._connection.execute("PRAGMA application_id").fetchone()
        [version] = self._connection.execute("PRAGMA user_version").fetchone()
        [things] = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if (owner, version, things) == (0, 0, 0):
            return 0
        if owner != APPLICATION_ID:
            raise LedgerError(
                f"{self._name} is another program's database",
                remedy="Set ledger_url to a file of this connector's own; that file was left "
                "as it is.",
            )
        if not 0 < version <= len(MIGRATIONS):
            raise LedgerError(
                f"{self._name} has schema version {version}; this version of the connector "
                f"knows {len(MIGRATIONS)}",
                remedy="Upgrade the connector, or set ledger_url to another file; that file was "
                "left as it is.",
            )
        return int(version)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Turns what SQLite and its driver raise into a LedgerError that says what to do."""
        try:
            yield
        except (sqlite3.Error, OSError, OverflowError, UnicodeError) as error:
            raise in_words(self._name, error) from error
