"""The ledger in a PostgreSQL database, for processes on any number of machines.

A write is one transaction at READ COMMITTED: what it builds on is locked when it is read, and who
claims a key holds the key's lock first. As many connections are open as threads were at it at once.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import PipelineStatus, TransactionStatus

from cado_sentinelone.engine.ledger_connection import Connection
from cado_sentinelone.engine.ledger_postgres_rows import Marked, row_factory
from cado_sentinelone.engine.ledger_postgres_schema import HISTORY, MIGRATIONS, VERSION
from cado_sentinelone.engine.ledger_postgres_words import in_words
from cado_sentinelone.engine.ledger_sql import SqlLedger
from cado_sentinelone.errors import LedgerError

_CONNECT_SECONDS = 10
_SURELY_ALIVE_SECONDS = 1.0
# Locks of keys: so few that a transaction over thousands of keys fits the server's table of locks.
_KEY_LOCKS, _SCHEMA_LOCK = 0x4353, 0x4354
_BUCKETS = 256
_OURS = "cado_sentinelone_ledger"
_SESSION = (
    # A partner that has gone silently is noticed in a minute; a lock is waited for half as long.
    "SET lock_timeout = '30s'",
    "SET idle_in_transaction_session_timeout = '60s'",
    "SET timezone = 'UTC'",
)


class PostgresLedger(SqlLedger):
    """A ledger in the database that `url` names; see engine.ledger.Ledger."""

    _not_unique = psycopg.errors.UniqueViolation
    _for_update = " FOR UPDATE"
    _skip_locked = " FOR UPDATE OF collections SKIP LOCKED"
    _hostname_is = "lower(hostname) = lower(?)"

    def __init__(self, url: str) -> None:
        """Connects, and brings the schema up to date.

        Raises LedgerError, and leaves a database alone that is another program's or newer.
        """
        self._url = _checked(url)
        self._own = threading.local()
        self._lock = threading.Lock()
        self._free: list[tuple[float, psycopg.Connection[Any]]] = []
        self._is_closed = False
        try:
            with in_words(), self._connection() as connection:
                self._prepare(connection)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        with self._lock, in_words():
            self._is_closed = True
            while self._free:
                self._free.pop()[1].close()

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with in_words(), self._connection() as connection:
            yield Marked(connection)

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        # Inside another write this is a savepoint: what raises has changed nothing.
        with in_words(), self._connection() as connection, connection.transaction():
            yield Marked(connection)

    def _lock_keys(self, connection: Connection, keys: Iterable[str]) -> None:
        buckets = sorted({zlib.crc32(key.encode()) % _BUCKETS for key in keys})
        for bucket in buckets:
            connection.execute("SELECT pg_advisory_xact_lock(?, ?)", (_KEY_LOCKS, bucket))

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        """The one that this thread is at already, or a free one, or a new one."""
        inside: psycopg.Connection[Any] | None = getattr(self._own, "connection", None)
        if inside is not None:
            yield inside
            return
        connection = self._free_one() or self._connect()
        self._own.connection = connection
        try:
            yield connection
        finally:
            self._own.connection = None
            with self._lock:
                keep = _is_at_rest(connection) and not self._is_closed
                if keep:
                    self._free.append((monotonic(), connection))
            if not keep:
                connection.close()

    def _free_one(self) -> psycopg.Connection[Any] | None:
        """A free connection that still reaches the server."""
        while True:
            with self._lock:
                if not self._free:
                    return None
                since, connection = self._free.pop()
            if monotonic() - since < _SURELY_ALIVE_SECONDS:
                return connection
            # After a restart of the server none of them reaches it.
            with suppress(psycopg.OperationalError):
                connection.execute("SELECT 1")
                return connection
            connection.close()

    def _connect(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(
            self._url,
            autocommit=True,
            connect_timeout=_CONNECT_SECONDS,
            row_factory=row_factory,
            application_name="cado-sentinelone",
        )
        for statement in _SESSION:
            connection.execute(statement)
        return connection

    def _prepare(self, connection: psycopg.Connection[Any]) -> None:
        if _version(connection) == len(MIGRATIONS):
            return
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s, 0)", (_SCHEMA_LOCK,))
            # Another process may have migrated it since it was looked at.
            for statements in MIGRATIONS[_version(connection) :]:
                for statement in statements:
                    connection.execute(statement)
            connection.execute(HISTORY)
            connection.execute(VERSION, (len(MIGRATIONS),))


def _is_at_rest(connection: psycopg.Connection[Any]) -> bool:
    """Whether it can be used again; one that was cut in the middle may be left in no state for that,
    without being closed.
    """
    return (
        not connection.closed
        and connection.info.transaction_status == TransactionStatus.IDLE
        and connection.info.pipeline_status == PipelineStatus.OFF
    )


def _checked(url: str) -> str:
    """`url`. Raises LedgerError, with no part of it, for one whose password would be misread."""
    try:
        port = conninfo_to_dict(url).get("port") or "5432"
    except psycopg.ProgrammingError:
        port = ""
    if not str(port).isdigit():
        raise LedgerError(
            "ledger_url is no URL of a PostgreSQL database",
            remedy="Write postgresql://user:password@host:port/database, with every other sign "
            "than letters and digits of the password percent-encoded (/ as %2F).",
        )
    return url


def _version(connection: psycopg.Connection[Any]) -> int:
    """The schema's version, 0 where there is none. Raises LedgerError unless it is ours."""
    # Read from the catalogue's table: what looks a name up may remember that it was not there.
    tables = {
        name
        for (name,) in connection.execute(
            "SELECT relname FROM pg_catalog.pg_class WHERE relname = ANY(%s)"
            " AND pg_catalog.pg_table_is_visible(oid)",
            ([_OURS, "collections"],),
        )
    }
    if not tables:
        return 0
    if _OURS not in tables:
        raise LedgerError(
            "the ledger's database has a table `collections` of another program",
            remedy="Give the ledger a database or a schema of its own; nothing was changed.",
        )
    [version] = connection.execute("SELECT version FROM cado_sentinelone_ledger").fetchone() or (0,)
    if not 0 < version <= len(MIGRATIONS):
        raise LedgerError(
            f"the ledger's database has schema version {version}; this version of the connector "
            f"knows {len(MIGRATIONS)}",
            remedy="Upgrade the connector, or name another database; nothing was changed.",
        )
    return int(version)
