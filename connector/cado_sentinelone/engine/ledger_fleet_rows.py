"""A fleet collection as one row of a table and back: the same for every backend."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cado_sentinelone.engine.ledger_rows import from_microseconds, to_json, to_microseconds
from cado_sentinelone.models.fleet import Fleet

_TIMES = (
    "allowance_at", "raised_at", "judged_from", "created_at", "updated_at", "expires_at",
    "finished_at",
)  # fmt: skip


def marks(values: Sequence[object]) -> str:
    """A `?` for each of `values`."""
    return ", ".join("?" * len(values))


def columns_of(fleet: Fleet) -> dict[str, Any]:
    """One value per column. Raises LedgerError for a request over the limits (promise S9)."""
    columns: dict[str, Any] = dict(fleet)
    for name in _TIMES:
        if columns[name] is not None:
            columns[name] = to_microseconds(columns[name])
    columns["request"] = to_json("request", columns["request"])
    return columns


def fleet_of(row: Mapping[str, Any]) -> Fleet:
    """The fleet collection of a row, which may hold other columns too."""
    columns = {name: row[name] for name in Fleet.model_fields}
    for name in _TIMES:
        if columns[name] is not None:
            columns[name] = from_microseconds(columns[name])
    columns["request"] = json.loads(columns["request"])
    return Fleet.model_validate(columns)
