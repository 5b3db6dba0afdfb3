"""Workers and figures in SQL, for every backend; engine.ledger_workers says what each method does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cado_sentinelone.engine.ledger_duties_sql import DutySql
from cado_sentinelone.engine.ledger_rows import from_microseconds, to_microseconds
from cado_sentinelone.engine.ledger_workers import Budget, Change, Grouping, Lease, Worker

_FORGOTTEN_AFTER = timedelta(days=1)
_SECOND = 1_000_000


class WorkerSql(DutySql):
    """Reads of the whole ledger: for people and reports, never in a tick."""

    def see_worker(self, worker: Worker) -> None:
        seen_at = to_microseconds(worker.seen_at)
        with self._write() as connection:
            connection.execute(
                "INSERT INTO workers VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (owner) DO UPDATE SET tenant = EXCLUDED.tenant,"
                " version = EXCLUDED.version, started_at = EXCLUDED.started_at,"
                " seen_at = EXCLUDED.seen_at",
                (
                    worker.owner,
                    worker.tenant,
                    worker.version,
                    to_microseconds(worker.started_at),
                    seen_at,
                ),
            )
            connection.execute(
                "DELETE FROM workers WHERE seen_at < ?",
                (seen_at - to_microseconds(from_microseconds(0) + _FORGOTTEN_AFTER),),
            )

    def forget_worker(self, owner: str) -> None:
        with self._write() as connection:
            connection.execute("DELETE FROM workers WHERE owner = ?", (owner,))

    def workers(self) -> list[Worker]:
        rows = self._all("SELECT * FROM workers ORDER BY seen_at DESC, owner")
        return [
            Worker(
                owner=row["owner"],
                tenant=row["tenant"],
                version=row["version"],
                started_at=from_microseconds(row["started_at"]),
                seen_at=from_microseconds(row["seen_at"]),
            )
            for row in rows
        ]

    def leases(self) -> list[Lease]:
        rows = self._all(
            "SELECT fleet_id, tenant, lease_owner, 'launches', count(*), max(lease_until)"
            " FROM collections JOIN fleet_members ON collection = collections.sequence"
            " JOIN fleets ON fleets.sequence = fleet"
            " WHERE lease_owner <> '' AND fleet_members.state IN ('planned', 'waiting_endpoint')"
            " GROUP BY fleet_id, tenant, lease_owner"
            " UNION ALL SELECT fleet_id, tenant, owner, duty, 1, lease_until"
            " FROM fleet_duties JOIN fleets ON fleets.sequence = fleet WHERE owner <> ''"
            " ORDER BY 1, 3, 4"
        )
        return [
            Lease(fleet_id, tenant, owner, what, count, from_microseconds(until))
            for fleet_id, tenant, owner, what, count, until in rows
        ]

    def budgets(self) -> list[Budget]:
        rows = self._all("SELECT token, prefix, full_at FROM budgets ORDER BY token, prefix")
        return [Budget(row[0], row[1], from_microseconds(row[2])) for row in rows]

    def fleet_by(self, fleet_id: str, by: Grouping) -> list[tuple[str, str, int]]:
        rows = self._grouped(
            f"{by}, fleet_members.state, count(*)", "", (), f"{by}, fleet_members.state", fleet_id
        )
        return sorted((value, state, count) for value, state, count in rows)

    def fleet_changes(self, fleet_id: str, *, every_seconds: int) -> list[Change]:
        every = every_seconds * _SECOND
        with self._read() as connection:
            fleet = self._fleet_row(connection, fleet_id)["sequence"]
            rows = connection.execute(
                "SELECT at / ? * ?, from_state, to_state, count(*) FROM fleet_members"
                " JOIN steps ON steps.collection = fleet_members.collection"
                " WHERE fleet = ? AND from_state <> to_state GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
                (every, every, fleet),
            ).fetchall()
        return [Change(from_microseconds(at), was, now, count) for at, was, now, count in rows]

    def fleet_durations(self, fleet_id: str, *, every_seconds: int) -> list[tuple[int, int]]:
        with self._read() as connection:
            fleet = self._fleet_row(connection, fleet_id)["sequence"]
            rows = connection.execute(
                "SELECT (ended_at - began_at) / ?, count(*) FROM fleet_members WHERE fleet = ?"
                " AND state IN ('completed', 'completed_with_errors') AND began_at IS NOT NULL"
                " GROUP BY 1 ORDER BY 1",
                (every_seconds * _SECOND, fleet),
            ).fetchall()
        return [(place * every_seconds, count) for place, count in rows]

    def _all(self, statement: str) -> list[Any]:
        with self._read() as connection:
            rows: list[Any] = connection.execute(statement).fetchall()
        return rows
