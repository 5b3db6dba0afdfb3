"""What workers share in SQL, for every backend: launches that are allowed, duties, budgets of calls."""

from __future__ import annotations

from datetime import datetime, timedelta

from cado_sentinelone.engine.ledger_fleets_sql import FleetSql
from cado_sentinelone.engine.ledger_rows import from_microseconds, to_microseconds

_MINUTE = timedelta(minutes=1)


class DutySql(FleetSql):
    """What several workers must not do twice; engine.ledger_fleets says what each method does."""

    def give_allowance_back(self, fleet_id: str, count: int) -> None:
        if count > 0:
            with self._write() as connection:
                connection.execute(
                    "UPDATE fleets SET allowance = allowance + ? WHERE fleet_id = ?",
                    (count, fleet_id),
                )

    def learn_device(self, fleet_id: str, device_id: str, hostname: str) -> None:
        with self._write() as connection:
            for who, values in (
                ("agent_id = ?", (device_id,)),
                (f"{self._hostname_is} AND agent_uuid = ?", (hostname, device_id)),
            ):
                connection.execute(
                    f"UPDATE collections SET device_id = ? WHERE {who}"  # noqa: S608 - our words
                    " AND requested_at IS NULL AND EXISTS (SELECT 1 FROM fleet_members WHERE fleet"
                    " = (SELECT sequence FROM fleets WHERE fleet_id = ?)"
                    " AND collection = collections.sequence)",
                    (device_id, *values, fleet_id),
                )

    def take_allowance(self, fleet_id: str, most: int, *, least: int = 1, now: datetime) -> int:
        with self._write() as connection:
            row = self._fleet_row(connection, fleet_id, lock=True)
            passed = max(now - from_microseconds(row["allowance_at"]), timedelta())
            rate = row["rate_per_minute"]
            saved = min(row["allowance"] + rate * (passed / _MINUTE), max(rate, 1.0))
            taken = min(most, int(saved)) if saved >= min(least, max(rate, 1.0)) else 0
            connection.execute(
                "UPDATE fleets SET allowance = ?, allowance_at = ? WHERE sequence = ?",
                (saved - taken, to_microseconds(now), row["sequence"]),
            )
        return taken

    def take_duty(
        self, fleet_id: str, duty: str, owner: str, *, now: datetime, until: datetime
    ) -> datetime | None:
        at = to_microseconds(now)
        with self._read() as connection:
            # Most of the time it is not due, or somebody has it: then nothing is written.
            fleet = self._fleet_row(connection, fleet_id)["sequence"]
            known = connection.execute(
                "SELECT due_at, lease_until, owner FROM fleet_duties WHERE fleet = ? AND duty = ?",
                (fleet, duty),
            ).fetchone()
            if known and (known[0] > at or (known[1] > at and known[2] != owner)):
                return None
        with self._write() as connection:
            connection.execute(
                "INSERT INTO fleet_duties VALUES (?, ?, 0, '', 0, 0) ON CONFLICT DO NOTHING",
                (fleet, duty),
            )
            taken = connection.execute(
                "UPDATE fleet_duties SET owner = ?, lease_until = ? WHERE fleet = ? AND duty = ?"
                " AND due_at <= ? AND (lease_until <= ? OR owner = ?)",
                (owner, to_microseconds(until), fleet, duty, at, at, owner),
            )
            if taken.rowcount != 1:
                return None
            [done_at] = connection.execute(
                "SELECT done_at FROM fleet_duties WHERE fleet = ? AND duty = ?", (fleet, duty)
            ).fetchone()
        return from_microseconds(done_at)

    def end_duty(
        self, fleet_id: str, duty: str, owner: str, *, done_at: datetime, due_at: datetime
    ) -> None:
        with self._write() as connection:
            connection.execute(
                "UPDATE fleet_duties SET due_at = ?, done_at = ?, owner = '', lease_until = 0"
                " WHERE fleet = (SELECT sequence FROM fleets WHERE fleet_id = ?)"
                " AND duty = ? AND owner = ?",
                (to_microseconds(due_at), to_microseconds(done_at), fleet_id, duty, owner),
            )

    def take_budget(
        self, token: str, prefix: str, *, per_second: float, burst: int, now: datetime
    ) -> float:
        at, step = to_microseconds(now), int(1_000_000 / per_second)
        with self._write() as connection:
            connection.execute(
                "INSERT INTO budgets VALUES (?, ?, 0) ON CONFLICT DO NOTHING", (token, prefix)
            )
            [full_at] = connection.execute(
                f"SELECT full_at FROM budgets WHERE token = ? AND prefix = ?{self._for_update}",  # noqa: S608
                (token, prefix),
            ).fetchone()
            full_at = max(full_at, at) + step
            connection.execute(
                "UPDATE budgets SET full_at = ? WHERE token = ? AND prefix = ?",
                (full_at, token, prefix),
            )
        return max(0.0, float(full_at - at - burst * step) / 1_000_000)
