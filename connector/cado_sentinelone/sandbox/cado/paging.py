"""Pages by number and pages by cursor (Cado contract 0.2)."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from cado_sentinelone.sandbox.cado.asked import PageQuery
from cado_sentinelone.sandbox.cado.refusal import invalid

T = TypeVar("T")


def numbered(
    items: Sequence[T], query: PageQuery, shown: Callable[[T], dict[str, object]]
) -> dict[str, object]:
    """One page of a listing; only what is on it is rendered. Past the end it is empty."""
    start = (query.page - 1) * query.per_page
    return {
        "data": [shown(item) for item in items[start : start + query.per_page]],
        "pagination": {
            "type": "page",
            "total_records": len(items),
            "current_page": query.page,
            "total_pages": -(-len(items) // query.per_page),
            "per_page": query.per_page,
        },
    }


def cursor_to(field: str, value: int) -> str:
    """An opaque pointer to what follows, in the form of the vendor's own."""
    return base64.b64encode(f"{field}:{value}".encode()).decode()


def read_cursor(field: str, cursor: str) -> int | None:
    """What the cursor points to, None for an empty one.

    Raises:
        Refusal: it is not a cursor of this listing.
    """
    if not cursor:
        return None
    try:
        name, _, value = base64.b64decode(cursor, validate=True).decode().partition(":")
        if name == field:
            return int(value)
    except (binascii.Error, ValueError):
        pass
    raise invalid(f"cursor: {cursor!r} is not a cursor of this listing")
