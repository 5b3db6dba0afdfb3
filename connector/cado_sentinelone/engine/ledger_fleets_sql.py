"""Fleet collections in SQL, for every backend: plain statements with `?` marks.

A backend gives `_read` and `_write`, whose connection's rows are read by place and by name, and its
words for locking what was read.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from cado_sentinelone.engine.ledger_connection import Connection
from cado_sentinelone.engine.ledger_fleet_rows import columns_of, fleet_of, marks
from cado_sentinelone.engine.ledger_fleets import Draft
from cado_sentinelone.engine.ledger_rows import (
    Column,
    collection_of,
    to_microseconds,
)
from cado_sentinelone.errors import ConflictError, NotFoundError
from cado_sentinelone.models.collection import Collection, State
from cado_sentinelone.models.fleet import Fleet, FleetCounts, FleetState

# What a member's row repeats of its collection's, so that a fleet is counted without them.
_REPEATED = {"state": "state", "requested_at": "began_at", "finished_at": "ended_at"}
_JOINED = (
    "SELECT collections.* FROM fleet_members JOIN collections"
    " ON collections.sequence = fleet_members.collection"
)


class FleetSql(ABC):
    """Fleet collections and their endpoints; engine.ledger_fleets says what each method does."""

    # Where several write at a time: what was read stays as it is, or what others hold is passed by.
    _for_update = ""
    _skip_locked = ""
    # A host name's case means nothing.
    _hostname_is = "hostname = ?"

    def _lock_keys(  # noqa: B027 - nothing to do where one writes at a time
        self, connection: Connection, keys: Iterable[str]
    ) -> None:
        """Lets nobody else claim `keys` before the transaction ends."""

    @abstractmethod
    def _read(self) -> AbstractContextManager[Connection]:
        """A connection for statements that only read."""

    @abstractmethod
    def _write(self) -> AbstractContextManager[Connection]:
        """A connection inside a transaction; what raises has changed nothing."""

    @abstractmethod
    def claim(self, draft: Collection, *, allow_repeat: bool = False) -> tuple[Collection, bool]:
        """As engine.ledger says."""

    @abstractmethod
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
        """As engine.ledger says."""

    def add_fleet(self, fleet: Fleet) -> None:
        columns = columns_of(fleet)
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        with self._write() as connection:
            connection.execute(
                f"INSERT INTO fleets ({names}) VALUES ({marks})",  # noqa: S608 - our names
                tuple(columns.values()),
            )

    def fleet(self, fleet_id: str) -> Fleet:
        with self._read() as connection:
            return fleet_of(self._fleet_row(connection, fleet_id))

    def fleets(
        self, *, states: Iterable[FleetState] = (), tenant: str = "", group_id: str = ""
    ) -> list[Fleet]:
        wanted = tuple(states)
        filters: list[tuple[str, tuple[Column, ...]]] = []
        if wanted:
            filters.append((f"state IN ({marks(wanted)})", wanted))
        if tenant:
            filters.append(("tenant = ?", (tenant,)))
        if group_id:
            filters.append(("group_id = ?", (group_id,)))
        where = " AND ".join(words for words, _ in filters) or "1 = 1"
        with self._read() as connection:
            rows = connection.execute(
                f"SELECT * FROM fleets WHERE {where}"  # noqa: S608 - our words, bound values
                " ORDER BY created_at DESC, sequence DESC",
                [value for _, values in filters for value in values],
            ).fetchall()
        return [fleet_of(row) for row in rows]

    def step_fleet(
        self,
        fleet_id: str,
        from_states: Iterable[FleetState],
        to_state: FleetState,
        *,
        at: datetime,
        **changes: object,
    ) -> Fleet:
        with self._write() as connection:
            before = fleet_of(self._fleet_row(connection, fleet_id, lock=True))
            if before.state not in tuple(from_states):
                raise ConflictError(f"fleet collection {fleet_id} is {before.state} by now")
            after = before.model_copy(update={"state": to_state, "updated_at": at, **changes})
            columns = columns_of(after)
            settings = ", ".join(f"{name} = ?" for name in columns)
            connection.execute(
                f"UPDATE fleets SET {settings} WHERE fleet_id = ?",  # noqa: S608 - our names
                (*columns.values(), fleet_id),
            )
        return after

    def enroll(self, fleet_id: str, drafts: Iterable[Draft], *, at: datetime) -> int:
        with self._write() as connection:
            row = self._fleet_row(connection, fleet_id, lock=True)
            if row["state"] != "planning":
                raise ConflictError(f"fleet collection {fleet_id} is {row['state']} by now")
            fleet = row["sequence"]
            # In one order, so that two who enroll the same endpoints never wait for one another.
            drafts = list(drafts)
            self._lock_keys(connection, [draft.collection.dedupe_key for draft in drafts])
            added = 0
            for draft in drafts:
                collection, created = self.claim(draft.collection)
                if created and draft.refusal:
                    self.step(
                        collection.collection_id,
                        "refused",
                        at=at,
                        run_id=collection.run_id,
                        note=draft.refusal,
                        error=draft.refusal,
                    )
                added += connection.execute(
                    "INSERT INTO fleet_members"  # noqa: S608 - our words
                    " SELECT ?, sequence, ?, 1, state, requested_at, finished_at FROM collections"
                    f" WHERE collection_id = ?{self._for_update} ON CONFLICT DO NOTHING",
                    (fleet, to_microseconds(draft.due_at), collection.collection_id),
                ).rowcount
            connection.execute(
                "UPDATE fleets SET selected = selected + ? WHERE sequence = ?", (added, fleet)
            )
        return added

    def drop_fleet(self, fleet_id: str) -> None:
        own = (
            "SELECT collection FROM fleet_members JOIN collections ON sequence = collection"
            " WHERE fleet = ? AND collections.run_id = ? AND requested_at IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM fleet_members other"
            " WHERE other.collection = fleet_members.collection AND other.fleet <> ?)"
        )
        with self._write() as connection:
            row = self._fleet_row(connection, fleet_id, lock=True)
            if row["state"] != "planning":
                raise ConflictError(f"fleet collection {fleet_id} has begun")
            fleet = row["sequence"]
            rows = connection.execute(own, (fleet, row["run_id"], fleet)).fetchall()
            numbers = [(one["collection"],) for one in rows]
            connection.execute("DELETE FROM fleet_members WHERE fleet = ?", (fleet,))
            for table, column in (
                ("custody", "collection"),
                ("steps", "collection"),
                ("collections", "sequence"),
            ):
                delete = f"DELETE FROM {table} WHERE {column} = ?"  # noqa: S608 - our names
                connection.executemany(delete, numbers)
            connection.execute("DELETE FROM fleets WHERE sequence = ?", (fleet,))

    def fleet_counts(self, fleet_id: str) -> FleetCounts:
        with self._read() as connection:
            # One statement, so that both figures are of one instant.
            rows = connection.execute(
                "SELECT selected, fleet_members.state, count(*) FROM fleets"
                " LEFT JOIN fleet_members ON fleet_members.fleet = fleets.sequence"
                " WHERE fleet_id = ? GROUP BY selected, fleet_members.state",
                (fleet_id,),
            ).fetchall()
        if not rows:
            raise NotFoundError(f"the ledger has no fleet collection {fleet_id!r}")
        states = {state: count for _, state, count in rows if state is not None}
        return FleetCounts(selected=rows[0][0], states=states)

    def fleet_sites(self, fleet_id: str, *, states: Sequence[str] = ()) -> dict[str, int]:
        within = f" AND fleet_members.state IN ({marks(states)})" if states else ""
        rows = self._grouped("site_id, count(*)", within, states, "site_id", fleet_id)
        return {site_id: count for site_id, count in rows}

    def fleet_errors(self, fleet_id: str, *, most: int = 20) -> list[tuple[str, str, int]]:
        rows = self._grouped(
            "fleet_members.state, error, count(*)",
            " AND error <> ''",
            (),
            "fleet_members.state, error ORDER BY count(*) DESC, error",
            fleet_id,
        )
        return [(state, error, count) for state, error, count in rows[:most]]

    def launched_of(self, fleet_id: str) -> FleetCounts:
        began = " AND began_at >= (SELECT created_at FROM fleets WHERE sequence = fleet)"
        return self._counted(began, (), fleet_id)

    def ended_since(self, fleet_id: str, since: datetime) -> FleetCounts:
        launched = " AND began_at IS NOT NULL AND ended_at >= ?"
        return self._counted(launched, (to_microseconds(since),), fleet_id)

    def _counted(self, within: str, values: Sequence[Column], fleet_id: str) -> FleetCounts:
        with self._read() as connection:
            fleet = self._fleet_row(connection, fleet_id)["sequence"]
            rows = connection.execute(
                "SELECT state, count(*) FROM fleet_members"  # noqa: S608 - our words
                f" WHERE fleet = ?{within} GROUP BY state",
                (fleet, *values),
            ).fetchall()
        states = {state: count for state, count in rows}
        return FleetCounts(selected=sum(states.values()), states=states)

    def _tell_members(
        self, connection: Connection, collection_id: str, changed: Mapping[str, Column]
    ) -> None:
        """Repeats in the members' rows what has changed in their collection's."""
        told = {mine: changed[its] for its, mine in _REPEATED.items() if its in changed}
        if told:
            settings = ", ".join(f"{name} = ?" for name in told)
            connection.execute(
                f"UPDATE fleet_members SET {settings} WHERE collection ="  # noqa: S608 - ours
                " (SELECT sequence FROM collections WHERE collection_id = ?)",
                (*told.values(), collection_id),
            )

    def _grouped(
        self, wanted: str, within: str, values: Sequence[Column], by: str, fleet_id: str
    ) -> list[Any]:
        with self._read() as connection:
            fleet = self._fleet_row(connection, fleet_id)["sequence"]
            rows: list[Any] = connection.execute(
                f"SELECT {wanted} FROM fleet_members JOIN collections"  # noqa: S608 - our words
                " ON collections.sequence = fleet_members.collection"
                f" WHERE fleet = ?{within} GROUP BY {by}",
                (fleet, *values),
            ).fetchall()
        return rows

    def lease_due(
        self,
        fleet_id: str,
        owner: str,
        *,
        states: Sequence[str],
        now: datetime,
        until: datetime,
        limit: int,
    ) -> list[Collection]:
        at = to_microseconds(now)
        with self._write() as connection:
            fleet = self._fleet_row(connection, fleet_id)["sequence"]
            rows: list[Any] = []
            for state in states:
                # The index has each state's in the order in which they are due: none is sorted.
                rows += connection.execute(
                    f"{_JOINED} WHERE fleet = ? AND fleet_members.state = ? AND due_at <= ?"
                    " AND collections.state = ? AND (lease_until <= ? OR lease_owner = ?)"
                    # What was sent and waits for its endpoint is looked at, not sent again.
                    " AND began_at IS NULL"
                    " ORDER BY due_at, collection LIMIT ?" + self._skip_locked,
                    (fleet, state, at, state, at, owner, limit - len(rows)),
                ).fetchall()
            connection.executemany(
                "UPDATE collections SET lease_owner = ?, lease_until = ? WHERE sequence = ?",
                [(owner, to_microseconds(until), row["sequence"]) for row in rows],
            )
        return [collection_of(dict(row)) for row in rows]

    def reserved_sites(
        self, fleet_id: str, *, states: Sequence[str], now: datetime
    ) -> dict[str, int]:
        leased = (
            f" AND lease_until > 0 AND lease_until > ? AND fleet_members.state IN ({marks(states)})"
        )
        values: list[Column] = [to_microseconds(now), *states]
        rows = self._grouped("site_id, count(*)", leased, values, "site_id", fleet_id)
        return {site_id: count for site_id, count in rows}

    def set_due(self, fleet_id: str, collection_ids: Sequence[str], due_at: datetime) -> None:
        with self._write() as connection:
            fleet = self._fleet_row(connection, fleet_id)["sequence"]
            connection.executemany(
                "UPDATE fleet_members SET due_at = ? WHERE fleet = ? AND collection ="
                " (SELECT sequence FROM collections WHERE collection_id = ?)",
                [(to_microseconds(due_at), fleet, one) for one in collection_ids],
            )
            self.release_members(collection_ids)

    def release_members(self, collection_ids: Sequence[str]) -> None:
        with self._write() as connection:
            connection.executemany(
                "UPDATE collections SET lease_owner = '', lease_until = 0 WHERE collection_id = ?",
                [(one,) for one in collection_ids],
            )

    def members(
        self,
        fleet_id: str,
        *,
        states: Sequence[str] = (),
        agent_ids: Sequence[str] = (),
        page_rows: int = 500,
    ) -> Iterator[Collection]:
        filters = ""
        values: list[str] = []
        if states:
            filters += f" AND fleet_members.state IN ({marks(states)})"
            values += states
        if agent_ids:
            filters += f" AND agent_id IN ({marks(agent_ids)})"
            values += agent_ids
        last = 0
        while True:
            with self._read() as connection:
                fleet = self._fleet_row(connection, fleet_id)["sequence"]
                rows = connection.execute(
                    f"{_JOINED} WHERE fleet = ? AND collection > ?{filters}"
                    " ORDER BY collection LIMIT ?",
                    (fleet, last, *values, page_rows),
                ).fetchall()
            yield from (collection_of(dict(row)) for row in rows)
            if len(rows) < page_rows:
                return
            last = rows[-1]["sequence"]

    def members_to_retry(
        self, fleet_id: str, *, ended_before: datetime, most_attempts: int
    ) -> list[Collection]:
        with self._read() as connection:
            fleet = self._fleet_row(connection, fleet_id)["sequence"]
            rows = connection.execute(
                f"{_JOINED} WHERE fleet = ? AND fleet_members.state = 'failed' AND ended_at <= ?"
                " AND attempt <= ? ORDER BY collection LIMIT 500",
                (fleet, to_microseconds(ended_before), most_attempts),
            ).fetchall()
        return [collection_of(dict(row)) for row in rows]

    def replace_member(
        self, fleet_id: str, ended: Collection, draft: Collection, *, due_at: datetime
    ) -> bool:
        with self._write() as connection:
            fleet = self._fleet_row(connection, fleet_id)["sequence"]
            collection, created = self.claim(draft)
            if not created:
                return False
            connection.execute(
                "UPDATE fleet_members SET due_at = ?, attempt = attempt + 1, state = 'planned',"
                " began_at = NULL, ended_at = NULL, collection ="
                " (SELECT sequence FROM collections WHERE collection_id = ?)"
                " WHERE fleet = ? AND collection ="
                " (SELECT sequence FROM collections WHERE collection_id = ?)",
                (
                    to_microseconds(due_at),
                    collection.collection_id,
                    fleet,
                    ended.collection_id,
                ),
            )
        return True

    def _fleet_row(self, connection: Connection, fleet_id: str, *, lock: bool = False) -> Any:  # noqa: ANN401
        row = connection.execute(
            f"SELECT * FROM fleets WHERE fleet_id = ?{self._for_update if lock else ''}",  # noqa: S608
            (fleet_id,),
        ).fetchone()
        if row is None:
            raise NotFoundError(f"the ledger has no fleet collection {fleet_id!r}")
        return row
