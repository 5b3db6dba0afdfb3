"""Long listings in less time: independent chains of pages over disjoint sets of sites.

A chain's next page can be asked for only when its last one is there, so one chain takes a round
trip for every page. Chains over different sites do not wait for each other.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol, TypeVar

from cado_sentinelone.clients.paging import Page, pages

T = TypeVar("T")
R = TypeVar("R")


class Start(Protocol):
    """Starts a call and returns what waits for its result."""

    def __call__(self, call: Callable[[], R], /) -> Callable[[], R]: ...


# Five at 200 ms a call ask for all that the vendor allows on /agents (25 a second, contract 1.4).
MOST_CHAINS = 5


def parts_of(
    sites: Mapping[str, float],
    total: float,
    *,
    page_size: int,
    most_sites: int,
    fewer_than: int | None = None,
) -> list[tuple[str, ...]]:
    """The sites in as many parts as list `total` rows in the fewest rounds, then calls.

    `sites` gives each site's weight, which need not be exact. Empty when that takes no fewer
    rounds than `fewer_than`, or when a part would need more than `most_sites`. The result depends
    on the arguments alone, never on time or on the order of `sites`.
    """
    weight = sum(sites.values())
    rows = {site: total * (sites[site] / weight if weight else 1 / len(sites)) for site in sites}
    best: list[tuple[str, ...]] = []
    cost = (fewer_than or math.inf), 0
    for count in range(1, min(MOST_CHAINS, len(sites)) + 1):
        parts = _balanced(rows, count)
        lengths = [pages_for(sum(rows[site] for site in part), page_size) for part in parts]
        if max(map(len, parts)) <= most_sites and (max(lengths), sum(lengths)) < cost:
            best, cost = parts, (max(lengths), sum(lengths))
    return best


def pages_for(rows: float, page_size: int) -> int:
    """How many pages hold `rows`; an empty listing is a page, too."""
    return max(1, math.ceil(round(rows) / page_size))


def chained(
    ask: Callable[[str | None], Callable[[], R]], read: Callable[[R], Page[T]]
) -> Iterator[Page[T]]:
    """The pages of one chain, each asked for as soon as the one before is read.

    `ask` starts asking for a page and returns what waits for the answer; `read` makes a page of
    it, in the thread of whoever reads the chain. Raises VendorError as `pages` does.
    """
    answer = ask(None)

    def fetch(_: str | None) -> Page[T]:
        nonlocal answer
        page = read(answer())
        if page.next_cursor:
            answer = ask(page.next_cursor)
        return page

    return pages(fetch)


def in_turn(chains: Iterable[Iterator[T]]) -> Iterator[T]:
    """One page of each chain in turn: the order never depends on which answers first."""
    waiting = deque(chains)
    while waiting:
        chain = waiting.popleft()
        for page in chain:
            waiting.append(chain)
            yield page
            break


@contextmanager
def threads(count: int) -> Iterator[Start]:
    """A way to start calls in `count` threads; without any, waiting for the result makes the call.

    The threads have ended when the block has: an error in it, or a reader who stops early, waits
    for the calls under way and starts no more.
    """
    if not count:
        yield lambda call: call
        return
    from concurrent.futures import ThreadPoolExecutor  # a short listing needs none of it

    pool = ThreadPoolExecutor(count, thread_name_prefix="chain")
    try:
        yield lambda call: pool.submit(call).result
    finally:
        pool.shutdown(cancel_futures=True)


def _balanced(rows: Mapping[str, float], count: int) -> list[tuple[str, ...]]:
    """The sites in `count` parts, the largest first to the part that has least so far."""
    parts: list[list[str]] = [[] for _ in range(count)]
    loads = [0.0] * count
    for site in sorted(rows, key=lambda site: (-rows[site], site)):
        lightest = loads.index(min(loads))
        parts[lightest].append(site)
        loads[lightest] += rows[site]
    return [tuple(part) for part in parts]
