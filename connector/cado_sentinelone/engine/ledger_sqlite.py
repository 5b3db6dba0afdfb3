"""The ledger in one SQLite file on a local disk, for any number of processes of one machine.

Every write is one BEGIN IMMEDIATE transaction, on the disk before it returns; docs/decisions
has why. One connection with a lock serves all threads: SQLite has one writer anyway.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cado_sentinelone.engine.custody import Record
from cado_sentinelone.engine.ledger import Step
from cado_sentinelone.engine.ledger_duties_sql import DutySql
from cado_sentinelone.engine.ledger_rows import (
    Column,
    collection_of,
    columns_of,
    from_microseconds,
    to_microseconds,
)
from cado_sentinelone.engine.ledger_sqlite_custody import append, note_claim, note_step, record_of
from cado_sentinelone.engine.ledger_sqlite_file import connect, transaction, use_wal
from cado_sentinelone.engine.ledger_sqlite_schema import APPLICATION_ID, MIGRATIONS
from cado_sentinelone.engine.ledger_sqlite_words import in_words
from cado_sentinelone.engine.states import FREES_KEY, take_step
from cado_sentinelone.errors import ConflictError, InternalError, LedgerError, NotFoundError
from cado_sentinelone.models.collection import Collection, State

_BUSY_TIMEOUT_SECONDS = 30.0
_PAGE_ROWS = 200
# Closing any descriptor of a file drops this process's locks on it, so no ledger may be open
# while its file is being made.
_OPENING = threading.Lock()

_SET_UP = (
    # FULL: a launch that was noted is noted after a power cut too. fullfsync is macOS's word.
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA foreign_keys = ON",
)


class SqliteLedger(DutySql):
    """A ledger in the file `path`, or in memory when it is None; see engine.ledger.Ledger."""

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

    def claim(self, draft: Collection, *, allow_repeat: bool = False) -> tuple[Collection, bool]:
        if draft.state != "planned":
            raise ConflictError(f"a collection begins as planned, not as {draft.state}")
        columns = columns_of(draft) | {"holds_key": 1}
        with self._write() as connection:
            holder = self._first("dedupe_key = ? AND holds_key = 1", (draft.dedupe_key,))
            if holder is not None and holder.collection_id == draft.collection_id:
                return holder, True
            if holder is not None and not allow_repeat:
                return holder, False
            if self._first("collection_id = ?", (draft.collection_id,)) is not None:
                raise ConflictError(f"there is a collection {draft.collection_id} already")
            connection.execute(
                "UPDATE collections SET holds_key = 0 WHERE dedupe_key = ? AND holds_key = 1",
                (draft.dedupe_key,),
            )
            names, marks = ", ".join(columns), ", ".join("?" * len(columns))
            connection.execute(
                f"INSERT INTO collections ({names}) VALUES ({marks})",  # noqa: S608 - our names
                tuple(columns.values()),
            )
            self._note(draft.collection_id, draft.created_at, "", "planned", draft.run_id, "")
            note_claim(self._connection, draft)
        return draft, True

    def holder(self, dedupe_key: str) -> Collection | None:
        with self._read():
            return self._first("dedupe_key = ? AND holds_key = 1", (dedupe_key,))

    def get(self, collection_id: str) -> Collection:
        with self._read():
            return self._get(collection_id)

    def find(
        self, *, pipeline_id: int | None = None, parent_task_id: str | None = None
    ) -> Collection | None:
        conditions: list[tuple[str, Column]] = []
        if pipeline_id is not None:
            conditions.append(("pipeline_id = ?", pipeline_id))
        if parent_task_id:
            # The second half lets SQLite use the index, which has no empty ids.
            conditions.append(("parent_task_id = ? AND parent_task_id <> ''", parent_task_id))
        if not conditions:
            raise InternalError("find needs a pipeline_id or a parent_task_id")
        with self._read():
            return self._first(
                " AND ".join(words for words, _ in conditions), [bound for _, bound in conditions]
            )

    def collections(
        self,
        *,
        states: Iterable[State] = (),
        agent_id: str = "",
        hostname: str = "",
        investigation_id: int | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> Iterator[Collection]:
        conditions: list[tuple[str, tuple[Column, ...]]] = []
        if wanted := tuple(states):
            conditions.append((f"state IN ({', '.join('?' * len(wanted))})", wanted))
        if agent_id:
            conditions.append(("agent_id = ?", (agent_id,)))
        if hostname:
            conditions.append(("hostname = ?", (hostname,)))
        if investigation_id is not None:
            conditions.append(("investigation_id = ?", (investigation_id,)))
        if since is not None:
            conditions.append(("created_at >= ?", (to_microseconds(since),)))
        left = limit
        last: tuple[int, int] | None = None
        while left is None or left > 0:
            size = _PAGE_ROWS if left is None else min(left, _PAGE_ROWS)
            here = [*conditions, ("(created_at, sequence) < (?, ?)", last)] if last else conditions
            rows = self._page(here, size)
            yield from (collection_of(dict(row)) for row in rows)
            if len(rows) < size:
                return
            last = (rows[-1]["created_at"], rows[-1]["sequence"])
            left = None if left is None else left - size

    def step(
        self,
        collection_id: str,
        to_state: State,
        *,
        at: datetime,
        run_id: str = "",
        note: str = "",
        from_state: State | None = None,
        **changes: object,
    ) -> Collection:
        with self._write() as connection:
            before = self._get(collection_id)
            if from_state is not None and before.state != from_state:
                raise ConflictError(
                    f"collection {collection_id} is {before.state} by now, not {from_state}"
                )
            after = take_step(before, to_state, at=at, changes=changes)
            if after is not before:
                self._update(connection, before, after)
            if after.state != before.state or note:
                self._note(collection_id, at, before.state, to_state, run_id, note)
                note_step(connection, before, after, at=at, run_id=run_id, note=note)
        return after

    def note(
        self,
        collection_id: str,
        *,
        at: datetime,
        run_id: str,
        event: str,
        details: Mapping[str, object],
    ) -> None:
        with self._write() as connection:
            self._get(collection_id)
            append(connection, collection_id, at=at, event=event, run_id=run_id, details=details)

    def custody(self, collection_id: str) -> Record:
        with self._read() as connection:
            return record_of(connection, collection_id)

    def history(self, collection_id: str) -> list[Step]:
        with self._read() as connection:
            self._get(collection_id)
            rows = connection.execute(
                "SELECT at, from_state, to_state, steps.run_id, note FROM steps"
                " JOIN collections ON collection = sequence"
                " WHERE collection_id = ? ORDER BY number",
                (collection_id,),
            ).fetchall()
        return [
            Step(
                at=from_microseconds(at),
                collection_id=collection_id,
                from_state=from_state,
                to_state=to_state,
                run_id=run_id,
                note=note,
            )
            for at, from_state, to_state, run_id, note in rows
        ]

    def lease(self, collection_id: str, owner: str, *, until: datetime, now: datetime) -> bool:
        with self._write() as connection:
            self._get(collection_id)
            taken = connection.execute(
                "UPDATE collections SET lease_owner = ?, lease_until = ?"
                " WHERE collection_id = ? AND (lease_owner IN ('', ?) OR lease_until <= ?)",
                (owner, to_microseconds(until), collection_id, owner, to_microseconds(now)),
            )
            return taken.rowcount == 1

    def release(self, collection_id: str, owner: str) -> None:
        with self._write() as connection:
            connection.execute(
                "UPDATE collections SET lease_owner = '', lease_until = 0"
                " WHERE collection_id = ? AND lease_owner = ?",
                (collection_id, owner),
            )

    def known_pipelines(self, investigation_id: int) -> set[int]:
        with self._read() as connection:
            rows = connection.execute(
                "SELECT pipeline_id FROM collections"
                " WHERE investigation_id = ? AND pipeline_id IS NOT NULL",
                (investigation_id,),
            )
            return {pipeline_id for (pipeline_id,) in rows}

    def keep_exclusion(
        self,
        exclusion_id: str,
        *,
        scope: str,
        scope_id: str,
        os: str,
        value: str,
        at: datetime,
    ) -> None:
        with self._write() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO exclusions VALUES (?, ?, ?, ?, ?, ?)",
                (exclusion_id, scope, scope_id, os, value, to_microseconds(at)),
            )

    def kept_exclusions(self) -> set[str]:
        with self._read() as connection:
            rows = connection.execute("SELECT exclusion_id FROM exclusions")
            return {exclusion_id for (exclusion_id,) in rows}

    def forget_exclusion(self, exclusion_id: str) -> None:
        with self._write() as connection:
            connection.execute("DELETE FROM exclusions WHERE exclusion_id = ?", (exclusion_id,))

    def close(self) -> None:
        with self._lock, self._in_words():
            self._connection.close()

    def _get(self, collection_id: str) -> Collection:
        collection = self._first("collection_id = ?", (collection_id,))
        if collection is None:
            raise NotFoundError(f"the ledger has no collection {collection_id!r}")
        return collection

    def _first(self, condition: str, values: Sequence[Column]) -> Collection | None:
        row = self._connection.execute(
            f"SELECT * FROM collections WHERE {condition}"  # noqa: S608 - our words, bound values
            " ORDER BY created_at DESC, sequence DESC LIMIT 1",
            values,
        ).fetchone()
        return None if row is None else collection_of(dict(row))

    def _page(
        self, conditions: Sequence[tuple[str, tuple[Column, ...]]], rows: int
    ) -> list[sqlite3.Row]:
        where = " AND ".join(words for words, _ in conditions) or "1"
        values = [value for _, bound in conditions for value in bound]
        with self._read() as connection:
            return connection.execute(
                f"SELECT * FROM collections WHERE {where}"  # noqa: S608 - our words, bound values
                " ORDER BY created_at DESC, sequence DESC LIMIT ?",
                (*values, rows),
            ).fetchall()

    def _update(
        self, connection: sqlite3.Connection, before: Collection, after: Collection
    ) -> None:
        old, new = columns_of(before), columns_of(after)
        # Only what changed, so that an index is touched only where its columns did.
        changed: dict[str, Column] = {name: new[name] for name in new if new[name] != old[name]}
        if after.state in FREES_KEY:
            changed["holds_key"] = 0
        settings = ", ".join(f"{name} = ?" for name in changed)
        try:
            connection.execute(
                f"UPDATE collections SET {settings} WHERE collection_id = ?",  # noqa: S608 - ours
                (*changed.values(), after.collection_id),
            )
        except sqlite3.IntegrityError:
            raise ConflictError(
                f"pipeline {after.pipeline_id} belongs to another collection of the investigation"
            ) from None

    def _note(
        self, collection_id: str, at: datetime, before: str, after: str, run_id: str, note: str
    ) -> None:
        self._connection.execute(
            "INSERT INTO steps SELECT sequence,"
            " (SELECT count(*) FROM steps WHERE collection = sequence) + 1, ?, ?, ?, ?, ?"
            " FROM collections WHERE collection_id = ?",
            (to_microseconds(at), before, after, run_id, note, collection_id),
        )

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

    @contextmanager
    def together(self) -> Iterator[None]:
        with self._write():
            yield

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
