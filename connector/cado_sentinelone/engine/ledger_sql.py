"""Collections in SQL, for every backend: plain statements with `?` marks.

A backend gives `_read` and `_write`, whose connection's rows are read by place and by name, and the
few words in which it differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar

from cado_sentinelone.engine.custody import Record
from cado_sentinelone.engine.ledger import Step
from cado_sentinelone.engine.ledger_connection import Connection
from cado_sentinelone.engine.ledger_custody_sql import append, note_claim, note_step, record_of
from cado_sentinelone.engine.ledger_rows import (
    Column,
    collection_of,
    columns_of,
    from_microseconds,
    to_microseconds,
)
from cado_sentinelone.engine.ledger_workers_sql import WorkerSql
from cado_sentinelone.engine.states import FREES_KEY, take_step
from cado_sentinelone.errors import ConflictError, InternalError, NotFoundError
from cado_sentinelone.models.collection import Collection, State

_PAGE_ROWS = 200


class SqlLedger(WorkerSql):
    """All that is the same in every backend; engine.ledger says what each method does."""

    # What the driver raises where a unique index refuses a row.
    _not_unique: ClassVar[type[Exception]]

    def claim(self, draft: Collection, *, allow_repeat: bool = False) -> tuple[Collection, bool]:
        if draft.state != "planned":
            raise ConflictError(f"a collection begins as planned, not as {draft.state}")
        columns = columns_of(draft) | {"holds_key": 1}
        with self._write() as connection:
            self._lock_keys(connection, [draft.dedupe_key])
            holder = self._first(
                connection, "dedupe_key = ? AND holds_key = 1", (draft.dedupe_key,)
            )
            if holder is not None and holder.collection_id == draft.collection_id:
                return holder, True
            if holder is not None and not allow_repeat:
                return holder, False
            if self._first(connection, "collection_id = ?", (draft.collection_id,)) is not None:
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
            self._note(
                connection, draft.collection_id, draft.created_at, "", "planned", draft.run_id, ""
            )
            note_claim(connection, draft)
        return draft, True

    def holder(self, dedupe_key: str) -> Collection | None:
        with self._read() as connection:
            return self._first(connection, "dedupe_key = ? AND holds_key = 1", (dedupe_key,))

    def get(self, collection_id: str) -> Collection:
        with self._read() as connection:
            return self._get(connection, collection_id)

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
        with self._read() as connection:
            return self._first(
                connection,
                " AND ".join(words for words, _ in conditions),
                [bound for _, bound in conditions],
            )

    def script_is_needed(self, script_id: str, *, done: Iterable[State]) -> bool:
        states = tuple(done)
        with self._read() as connection:
            row = connection.execute(
                "SELECT 1 FROM collections WHERE script_id = ? AND script_id <> ''"  # noqa: S608
                f" AND script_deleted_at IS NULL AND state NOT IN ({', '.join('?' * len(states))}) LIMIT 1",
                (script_id, *states),
            ).fetchone()
        return row is not None

    def of_script(self, script_id: str) -> list[Collection]:
        with self._read() as connection:
            rows = connection.execute(
                "SELECT * FROM collections WHERE script_id = ? AND script_id <> ''"
                " ORDER BY sequence",
                (script_id,),
            ).fetchall()
        return [collection_of(dict(row)) for row in rows]

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
            conditions.append((self._hostname_is, (hostname,)))
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
            before = self._get(connection, collection_id, lock=True)
            if from_state is not None and before.state != from_state:
                raise ConflictError(
                    f"collection {collection_id} is {before.state} by now, not {from_state}"
                )
            after = take_step(before, to_state, at=at, changes=changes)
            if after is not before:
                self._update(connection, before, after)
            if after.state != before.state or note:
                self._note(connection, collection_id, at, before.state, to_state, run_id, note)
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
            self._get(connection, collection_id, lock=True)
            append(connection, collection_id, at=at, event=event, run_id=run_id, details=details)

    def custody(self, collection_id: str) -> Record:
        with self._read() as connection:
            return record_of(connection, collection_id)

    def history(self, collection_id: str) -> list[Step]:
        with self._read() as connection:
            self._get(connection, collection_id)
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
            self._get(connection, collection_id)
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
                "INSERT INTO exclusions VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (exclusion_id, scope, scope_id, os, value, to_microseconds(at)),
            )

    def kept_exclusions(self) -> set[str]:
        with self._read() as connection:
            rows = connection.execute("SELECT exclusion_id FROM exclusions")
            return {exclusion_id for (exclusion_id,) in rows}

    def forget_exclusion(self, exclusion_id: str) -> None:
        with self._write() as connection:
            connection.execute("DELETE FROM exclusions WHERE exclusion_id = ?", (exclusion_id,))

    @contextmanager
    def together(self) -> Iterator[None]:
        with self._write():
            yield

    def _get(self, connection: Connection, collection_id: str, *, lock: bool = False) -> Collection:
        collection = self._first(connection, "collection_id = ?", (collection_id,), lock=lock)
        if collection is None:
            raise NotFoundError(f"the ledger has no collection {collection_id!r}")
        return collection

    def _first(
        self,
        connection: Connection,
        condition: str,
        values: Sequence[Column],
        *,
        lock: bool = False,
    ) -> Collection | None:
        row = connection.execute(
            f"SELECT * FROM collections WHERE {condition}"  # noqa: S608 - our words, bound values
            f" ORDER BY created_at DESC, sequence DESC LIMIT 1{self._for_update if lock else ''}",
            values,
        ).fetchone()
        return None if row is None else collection_of(dict(row))

    def _page(self, conditions: Sequence[tuple[str, tuple[Column, ...]]], limit: int) -> list[Any]:
        where = " AND ".join(words for words, _ in conditions) or "1 = 1"
        values = [value for _, bound in conditions for value in bound]
        with self._read() as connection:
            rows: list[Any] = connection.execute(
                f"SELECT * FROM collections WHERE {where}"  # noqa: S608 - our words, bound values
                " ORDER BY created_at DESC, sequence DESC LIMIT ?",
                (*values, limit),
            ).fetchall()
        return rows

    def _update(self, connection: Connection, before: Collection, after: Collection) -> None:
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
            self._tell_members(connection, after.collection_id, changed)
        except self._not_unique:
            raise ConflictError(
                f"pipeline {after.pipeline_id} belongs to another collection of the investigation"
            ) from None

    def _note(
        self,
        connection: Connection,
        collection_id: str,
        at: datetime,
        before: str,
        after: str,
        run_id: str,
        note: str,
    ) -> None:
        connection.execute(
            "INSERT INTO steps SELECT sequence,"
            " (SELECT count(*) FROM steps WHERE collection = sequence) + 1, ?, ?, ?, ?, ?"
            " FROM collections WHERE collection_id = ?",
            (to_microseconds(at), before, after, run_id, note, collection_id),
        )
