"""One page of a listing: skip and limit, or a cursor; sorted either way (contract 1.3)."""

import base64
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from cado_sentinelone.sandbox.sentinelone.errors import invalid
from cado_sentinelone.sandbox.sentinelone.rules import Query
from cado_sentinelone.sandbox.sentinelone.selecting import Read

Row = TypeVar("Row")
Key = tuple[bool, object, str]


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page and what the envelope says of the rest."""

    rows: Sequence[Row]
    pagination: dict[str, object]


def page_of(
    rows: Sequence[Row], query: Query, read: Read[Row], *, sorted_by_id: bool = False
) -> Page[Row]:
    """The page that the query asks for. `sorted_by_id` says that the rows are so already.

    Raises:
        Refusal: the cursor is none of ours; one that was encoded twice is not.
    """
    cursor = _decode(str(query["cursor"])) if query.get("cursor") else {}
    sort_by = str(cursor.get("sort_by_column") or query.get("sortBy") or "id")
    descending = (cursor.get("sort_order") or query.get("sortOrder")) == "desc"
    total = 0 if query.get("skipCount") else len(rows)
    if query.get("countOnly"):
        return Page([], {"totalItems": len(rows), "nextCursor": None})

    def key(row: Row) -> Key:
        return _key(read(row, sort_by), str(read(row, "id")))

    if not (sorted_by_id and sort_by == "id"):
        rows = sorted(rows, key=key)
    last = _key(cursor["sort_by_value"], str(cursor["id_value"])) if cursor else None
    try:
        chosen, more = _slice(rows, query, key, last, descending=descending)
    except TypeError:
        raise invalid({"cursor": "Invalid cursor"}) from None
    after = None
    if chosen and more:
        value, row_id = read(chosen[-1], sort_by), str(read(chosen[-1], "id"))
        after = _encode(sort_by, value, row_id, "desc" if descending else "asc")
    return Page(chosen, {"totalItems": total, "nextCursor": after})


def _slice(
    rows: Sequence[Row],
    query: Query,
    key: Callable[[Row], Key],
    last: Key | None,
    *,
    descending: bool,
) -> tuple[Sequence[Row], bool]:
    """The rows after `last`, or after the skipped ones, and whether more follow."""
    limit, skip = int(str(query["limit"])), int(str(query.get("skip", 0)))
    if descending:
        end = len(rows) - skip if last is None else bisect_left(rows, last, key=key)
        start = max(0, end - limit)
        return rows[start : max(0, end)][::-1], start > 0
    start = skip if last is None else bisect_right(rows, last, key=key)
    return rows[start : start + limit], start + limit < len(rows)


def _key(value: object, row_id: str) -> Key:
    if value is None:
        return False, 0, row_id
    return True, value if isinstance(value, int | str) else str(value), row_id


def _encode(sort_by: str, value: object, row_id: str, order: str) -> str:
    """Base64 of a JSON keyset, its padding already percent-encoded as the vendor sends it."""
    keyset = {
        "id_column": "id",
        "id_value": row_id,
        "id_sort_order": order,
        "sort_by_column": sort_by,
        "sort_by_value": value,
        "sort_order": order,
    }
    text = json.dumps(keyset, separators=(",", ":"))
    # One byte more, so that there always is padding to be tripped up by.
    text += " " * (len(text) % 3 == 0)
    return base64.b64encode(text.encode()).decode().replace("=", "%3D")


def _decode(cursor: str) -> dict[str, object]:
    try:
        keyset = json.loads(base64.b64decode(cursor, validate=True))
        if not isinstance(keyset, dict) or not {"sort_by_value", "id_value"} <= keyset.keys():
            raise TypeError
    except (ValueError, TypeError):
        raise invalid({"cursor": "Invalid cursor"}) from None
    return keyset
