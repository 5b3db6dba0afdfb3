"""A collection as one row of a table and back: the same for every backend.

Times are integers, microseconds since 1970 UTC: exact, sortable, without a zone to lose.
What is not a column is JSON, limited in size and depth, and never anything that executes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from cado_sentinelone.errors import InternalError, LedgerError
from cado_sentinelone.models.collection import Collection

Column = str | int | None

JSON_LIMIT_BYTES = 65_536
JSON_LIMIT_DEPTH = 16

_TIMES = (
    "created_at",
    "requested_at",
    "updated_at",
    "finished_at",
    "deadline_at",
    "script_deleted_at",
)
_JSON = ("options", "evidence_ids")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(moment: datetime) -> int:
    """`moment` as microseconds since 1970 UTC. Raises InternalError when it has no zone."""
    if moment.tzinfo is None:
        raise InternalError("a time without a zone cannot enter the ledger")
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    """The aware UTC time that is `count` microseconds after 1970."""
    return _EPOCH + count * _MICROSECOND


def columns_of(collection: Collection) -> dict[str, Column]:
    """One value per column. Raises LedgerError for options over the limits (promise S9)."""
    columns: dict[str, Any] = dict(collection)
    for name in _TIMES:
        if columns[name] is not None:
            columns[name] = to_microseconds(columns[name])
    for name in _JSON:
        columns[name] = to_json(name, columns[name])
    return columns


def collection_of(columns: Mapping[str, Any]) -> Collection:
    """The collection of a row, which may hold other columns too. Raises LedgerError."""
    try:
        fields = {name: columns[name] for name in Collection.model_fields}
        for name in _TIMES:
            if fields[name] is not None:
                fields[name] = from_microseconds(fields[name])
        for name in _JSON:
            fields[name] = from_json(fields[name])
        return Collection.model_validate(fields)
    except (KeyError, IndexError, TypeError, ValueError, OverflowError, RecursionError) as error:
        wrong = _fields(error) if isinstance(error, ValidationError) else type(error).__name__
        raise LedgerError(
            f"a row of the ledger is damaged ({wrong})",
            remedy="Restore the ledger from a backup; do not edit it by hand.",
        ) from None


def to_json(name: str, value: object) -> str:
    """`value` as JSON. Raises LedgerError for one over the limits (promise S9)."""
    if _deeper_than(value, JSON_LIMIT_DEPTH):
        raise _over_limit(name, f"nest deeper than {JSON_LIMIT_DEPTH} levels")
    try:
        text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError):
        raise _over_limit(name, "hold something that JSON cannot express") from None
    if len(text) > JSON_LIMIT_BYTES:
        raise _over_limit(name, f"take more than {JSON_LIMIT_BYTES} bytes")
    return text


def from_json(text: str) -> object:
    """What `to_json` wrote. Raises ValueError for what it never would have written."""
    if len(text) > JSON_LIMIT_BYTES:
        raise ValueError
    value = json.loads(text)
    if _deeper_than(value, JSON_LIMIT_DEPTH):
        raise ValueError
    return value


def _deeper_than(value: object, levels: int) -> bool:
    inner: Iterable[object]
    match value:
        case dict():
            inner = value.values()
        case list() | tuple():
            inner = value
        case _:
            return False
    return levels == 0 or any(_deeper_than(item, levels - 1) for item in inner)


def _over_limit(name: str, why: str) -> LedgerError:
    return LedgerError(
        f"the collection's {name} {why}; the ledger keeps no such value",
        remedy=f"Shorten the collection's {name} and run again.",
    )


def _fields(error: ValidationError) -> str:
    return ", ".join(str(detail["loc"][0]) for detail in error.errors(include_input=False))
