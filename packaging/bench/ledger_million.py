"""A ledger with a million collections: how long each step of a worker takes, and what it weighs.

    python packaging/bench/ledger_million.py sqlite:////tmp/ledger.db --rows 1000000 --fill-only
    python packaging/bench/ledger_million.py postgresql://... --rows 1000000 --filled-from /tmp/ledger.db
    python packaging/bench/ledger_million.py sqlite:////tmp/ledger.db --rows 1000000 --filled-from /tmp/ledger.db

The rows are enrolled in ten fleet collections, as the fleet's own planning does it; a ledger on PostgreSQL
gets those of an SQLite file, table by table. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cado_sentinelone.engine.ledger import Ledger, open_ledger
from cado_sentinelone.engine.ledger_fleets import Draft
from cado_sentinelone.models.collection import Collection
from cado_sentinelone.models.fleet import Fleet

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FLEETS, TIMES = 10, 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ledger_url")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--fill-only", action="store_true")
    parser.add_argument("--filled-from", type=Path, help="an SQLite ledger with the rows in it")
    arguments = parser.parse_args()
    ledger = open_ledger(arguments.ledger_url)
    began = time.perf_counter()
    if arguments.filled_from is None:
        for number in range(FLEETS):
            fill(ledger, number, arguments.rows // FLEETS)
    elif not arguments.ledger_url.startswith("sqlite"):
        copy(arguments.filled_from, arguments.ledger_url)
    told: dict[str, Any] = {
        "rows": arguments.rows,
        "filling_seconds": round(time.perf_counter() - began),
        "bytes_per_endpoint": round(size_of(arguments.ledger_url) / arguments.rows),
    }
    if not arguments.fill_only:
        dice = random.Random(1)  # noqa: S311 - repeatable
        told["milliseconds"] = {
            name: percentiles(step) for name, step in steps(ledger, arguments.rows, dice).items()
        }
    print(json.dumps(told))
    ledger.close()
    return 0


def copy(source: Path, url: str) -> None:
    """Puts the rows of an SQLite ledger into an empty one on PostgreSQL."""
    import psycopg

    with sqlite3.connect(source) as rows, psycopg.connect(url) as target:
        for table in ("collections", "steps", "custody", "fleets", "fleet_members"):
            names = [name for _, name, *_ in rows.execute(f"PRAGMA table_info({table})")]
            columns = ", ".join(names)
            with target.cursor().copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as into:
                for row in rows.execute(f"SELECT {columns} FROM {table}"):  # noqa: S608 - our names
                    into.write_row(row)
        for table in ("collections", "fleets"):
            target.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'sequence'),"  # noqa: S608
                f" (SELECT max(sequence) FROM {table}))".encode()
            )
    with psycopg.connect(url, autocommit=True) as target:
        target.execute("VACUUM ANALYZE")


def fill(ledger: Ledger, number: int, rows: int) -> None:
    ledger.add_fleet(
        Fleet(
            fleet_id=f"fleet-{number:016x}", tenant="0" * 32, state="planning",
            allowance_at=NOW, raised_at=NOW, judged_from=NOW, created_at=NOW, updated_at=NOW,
            expires_at=NOW + timedelta(days=7), rate_per_minute=600,
        )
    )  # fmt: skip
    drafts = (Draft(draft(number, one), NOW) for one in range(rows))
    ledger.enroll(f"fleet-{number:016x}", drafts, at=NOW)
    ledger.step_fleet(f"fleet-{number:016x}", ("planning",), "running", at=NOW)


def draft(fleet: int, number: int) -> Collection:
    return Collection(
        collection_id=f"col-{fleet:04x}{number:016x}", dedupe_key=f"{fleet}-{number}+1+balanced",
        state="planned", route="cado", agent_id=f"{19 * 10**17 + fleet * 10**9 + number}",
        agent_uuid=f"{fleet:08x}-0000-0000-0000-{number:012x}", hostname=f"host-{fleet}-{number}",
        os="windows", site_id=f"{13 * 10**17 + number % 200}", account_id=f"{12 * 10**17}",
        investigation_id=fleet, investigation_name="INC-1", options={"profile": "balanced"},
        requested_by="bench", runner="bench", run_id="0" * 16, created_at=NOW, updated_at=NOW,
        deadline_at=NOW + timedelta(days=7),
    )  # fmt: skip


def steps(ledger: Ledger, rows: int, dice: random.Random) -> dict[str, Callable[[int], object]]:
    """What a worker does to the ledger, by name; each is given a number of its own."""
    later, until = NOW + timedelta(seconds=1), NOW + timedelta(minutes=10)

    def fleet_id(number: int) -> str:
        return f"fleet-{number % FLEETS:016x}"

    def somebody(number: int) -> str:
        return f"col-{number % FLEETS:04x}{dice.randrange(rows // FLEETS):016x}"

    def claim(number: int) -> object:
        return ledger.claim(draft(FLEETS + 1, number))

    def lease_200(number: int) -> object:
        return ledger.lease_due(
            fleet_id(number), "bench", states=("planned",), now=later, until=until, limit=200
        )

    def step(number: int) -> object:
        return ledger.step(
            f"col-{number % FLEETS:04x}{number:016x}", "requested", at=later, run_id="r"
        )

    return {
        "claim": claim,
        "lease 200": lease_200,
        "step": step,
        "get": lambda number: ledger.get(somebody(number)),
        "counts": lambda number: ledger.fleet_counts(fleet_id(number)),
        "budget": lambda number: ledger.take_budget(
            "token", "/remote-scripts", per_second=1e6, burst=30, now=later
        ),
    }


def percentiles(step: Callable[[int], object]) -> dict[str, float]:
    took = sorted(timed(step))
    return {
        "median": round(1000 * took[len(took) // 2], 2),
        "p99": round(1000 * took[int(len(took) * 0.99)], 2),
    }


def timed(step: Callable[[int], object]) -> Iterator[float]:
    for number in range(TIMES):
        began = time.perf_counter()
        step(number)
        yield time.perf_counter() - began


def size_of(url: str) -> int:
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*"))
    import psycopg

    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    sys.exit(main())
