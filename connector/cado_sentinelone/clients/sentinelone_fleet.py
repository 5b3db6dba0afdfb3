"""The whole fleet, in chains over disjoint sites where that takes fewer round trips."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence

from cado_sentinelone.clients.chains import (
    MOST_CHAINS,
    Start,
    chained,
    in_turn,
    pages_for,
    parts_of,
    threads,
)
from cado_sentinelone.clients.paging import Page
from cado_sentinelone.clients.sentinelone_agent_pages import AgentPageCalls, Selection
from cado_sentinelone.clients.sentinelone_calls import IDS_PER_CALL, PAGE_SIZE
from cado_sentinelone.clients.sentinelone_scope import Row
from cado_sentinelone.clients.sentinelone_sites import SiteModules

# A first call that waits longer than this is worth threads, each of which costs megabytes. What this
# process works meanwhile, loading the HTTP library and reading the page, is not waiting: threads
# would not shorten it, as Python does one thing at a time.
_WORTH_THREADS_SECONDS = 0.15


class FleetCalls(AgentPageCalls):
    """The part of the client that lists every agent there is."""

    def agent_fleet(self, selection: Selection, modules: SiteModules) -> Iterator[Sequence[Row]]:
        """Every agent of the selection, page by page, none missing and none twice.

        The order is the answers' alone, not their speed's: the first page by id, then the chains
        in turn.
        """
        whole = self.agent_chain(selection.filters(), selection.site_ids)
        started, worked = self.run.monotonic(), time.process_time()
        first = next(whole)
        worked = time.process_time() - worked
        is_slow = self.run.monotonic() - started - worked > _WORTH_THREADS_SECONDS
        total = first.total or 0
        # With one more page to come, chains could save nothing.
        is_long = first.next_cursor is not None and total > 2 * PAGE_SIZE
        announced = 0
        with threads(MOST_CHAINS if is_long and is_slow else 0) as start:
            parts, chains = self._chains(start, selection, first, modules) if is_long else ([], [])
            yield first.items
            seen = {row["id"] for row in first.items} if chains else set()
            for number, page in enumerate(in_turn(chains)):
                # The first pages of all chains come before any second one.
                if number < len(chains):
                    announced += page.total or 0
                yield [row for row in page.items if row["id"] not in seen]
        if not chains or announced < total:
            # Agents on sites that the console does not list are left to the one chain.
            listed = frozenset(site for part in parts for site in part)
            for page in whole:
                yield [row for row in page.items if row.get("siteId") not in listed]

    def _chains(
        self, start: Start, selection: Selection, first: Page[Row], modules: SiteModules
    ) -> tuple[list[tuple[str, ...]], list[Iterator[Page[Row]]]]:
        """Disjoint sets of sites and the chain over each; none when one chain does as well.

        The first page is a sample of the sites, so the chains over those are under way while the
        console lists all sites; the rest of them follow in chains of their own.
        """
        filters, total = selection.filters(), first.total or 0
        rounds_left = pages_for(total, PAGE_SIZE) - 1

        def chain(part: Sequence[str]) -> Iterator[Page[Row]]:
            return chained(
                lambda cursor: start(lambda: self.ask_agents(filters, part, cursor, PAGE_SIZE)),
                lambda reply: self.read_agents(reply, part),
            )

        sample = Counter(row["siteId"] for row in first.items if row.get("siteId"))
        parts = _parts(sample, total, fewer_than=rounds_left)
        chains = [chain(part) for part in parts]
        licences = {
            site["id"]: site.get("activeLicenses") or 0
            for site in modules.rows(selection.site_ids)
            if site.get("id")
        }
        others = {site: licences[site] for site in licences if not parts or site not in sample}
        share = sum(others.values()) / (sum(licences.values()) or 1)
        more = _parts(others, total * share, fewer_than=None if parts else rounds_left)
        return parts + more, chains + [chain(part) for part in more]


def _parts(sites: dict[str, int], total: float, *, fewer_than: int | None) -> list[tuple[str, ...]]:
    return parts_of(
        sites, total, page_size=PAGE_SIZE, most_sites=IDS_PER_CALL, fewer_than=fewer_than
    )
