"""Every page of a listing, once each, whatever the vendor calls the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from cado_sentinelone.errors import VendorError

T = TypeVar("T")

# Some services send the word null, which is true in Python (SentinelOne contract 1.3).
_NO_CURSOR = (None, "", "null")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page; `total` counts the whole listing, None where the vendor does not say."""

    items: Sequence[T]
    next_cursor: str | None
    total: int | None


def pages(fetch: Callable[[str | None], Page[T]]) -> Iterator[Page[T]]:
    """Every page in order, the first fetched with None (SentinelOne contract 1.3, promise R7).

    A page without items does not end the listing, only a missing cursor does. Raises
    VendorError when the vendor repeats a cursor.
    """
    cursor: str | None = None
    seen: set[str] = set()
    while True:
        page = fetch(cursor)
        yield page
        cursor = page.next_cursor
        if cursor is None or cursor in _NO_CURSOR:
            return
        if cursor in seen:
            raise VendorError(f"the listing does not end: its page {len(seen) + 1} came twice")
        seen.add(cursor)


def numbered_pages(fetch: Callable[[int], tuple[Page[T], int]]) -> Iterator[Page[T]]:
    """Every page in order, from number 1 to the latest total that `fetch` gives (Cado contract 0.2).

    Raises VendorError when two pages in a row are the same: the listing does not advance.
    """
    number = 1
    before: Page[T] | None = None
    while True:
        page, total_pages = fetch(number)
        if before is not None and page.items == before.items:
            raise VendorError(
                f"the listing does not advance: pages {number - 1} and {number} agree"
            )
        yield page
        if number >= total_pages:
            return
        before = page
        number += 1
