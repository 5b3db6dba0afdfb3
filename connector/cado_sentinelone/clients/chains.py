"""Long listings in less time: independent chains of pages over disjoint sets of sites.

A chain's next page can be asked for only when its last one is there, so one chain takes a round
trip for every page. Chains over different sites do not wait for each other.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

# Eight at 200 ms a call ask for all that the vendor allows on /agents (25 a second, contract 1.4).
MOST_CHAINS = 8


def parts_of(
    sites: Mapping[str, float], *, total: int, page_size: int, most_sites: int
) -> list[tuple[str, ...]]:
    """The sites in as many parts as list `total` rows in the fewest rounds, then calls.

    `sites` gives each site's weight, which need not be exact. Empty when one chain of which the
    first page is there already does as well, or when a part would need more than `most_sites`.
    The result depends on the arguments alone, never on time or on the order of `sites`.
    """
    weight = sum(sites.values())
    rows = {site: total * (sites[site] / weight if weight else 1 / len(sites)) for site in sites}
    best: list[tuple[str, ...]] = []
    cost = _pages(total, page_size) - 1, 0
    for count in range(2, min(MOST_CHAINS, len(sites)) + 1):
        parts = _balanced(rows, count)
        if max(map(len, parts)) > most_sites:
            continue
        lengths = [_pages(sum(rows[site] for site in part), page_size) for part in parts]
        if (max(lengths), sum(lengths)) < cost:
            best, cost = parts, (max(lengths), sum(lengths))
    return best


def in_turn(chains: Sequence[Iterator[T]], *, at_once: bool) -> Iterator[T]:
    """The pages of all chains: one of each in turn, so the order never depends on time.

    With `at_once` every chain fetches its next page while the others are read, in a thread of its
    own; at most one page of each is held. Threads have ended when the iterator has: a chain's
    error, or a reader who stops early, waits for the calls under way and starts no more.
    """
    if not at_once:
        yield from _one_by_one(chains)
        return
    from concurrent.futures import ThreadPoolExecutor  # a short listing needs none of it

    with ThreadPoolExecutor(len(chains), thread_name_prefix="chain") as pool:
        waiting = deque((chain, pool.submit(next, chain, None)) for chain in chains)
        try:
            while waiting:
                chain, future = waiting.popleft()
                page = future.result()
                if page is not None:
                    waiting.append((chain, pool.submit(next, chain, None)))
                    yield page
        finally:
            for _, future in waiting:
                future.cancel()


def _one_by_one(chains: Sequence[Iterator[T]]) -> Iterator[T]:
    waiting = deque(chains)
    while waiting:
        chain = waiting.popleft()
        page = next(chain, None)
        if page is not None:
            waiting.append(chain)
            yield page


def _balanced(rows: Mapping[str, float], count: int) -> list[tuple[str, ...]]:
    """The sites in `count` parts, the largest first to the part that has least so far."""
    parts: list[list[str]] = [[] for _ in range(count)]
    loads = [0.0] * count
    for site in sorted(rows, key=lambda site: (-rows[site], site)):
        lightest = loads.index(min(loads))
        parts[lightest].append(site)
        loads[lightest] += rows[site]
    return [tuple(part) for part in parts]


def _pages(rows: float, page_size: int) -> int:
    return max(1, math.ceil(round(rows) / page_size))
