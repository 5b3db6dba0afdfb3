"""Pages of agents: one, a stretch of them, or the whole fleet in chains (contract 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cado_sentinelone.clients.chains import in_turn, parts_of
from cado_sentinelone.clients.paging import Page, pages
from cado_sentinelone.clients.sentinelone_agent_rows import agents_page
from cado_sentinelone.clients.sentinelone_calls import (
    IDS_PER_CALL,
    PAGE_SIZE,
    batches,
    broken,
    envelope_of,
    page_query,
)
from cado_sentinelone.clients.sentinelone_scope import Query, Row
from cado_sentinelone.clients.sentinelone_sites import SiteCalls, SiteModules
from cado_sentinelone.errors import ParamsError

# Sorted by what never changes, so that a cursor's place in the list does not either.
_STABLE = [("sortBy", "id"), ("sortOrder", "asc")]

# A round trip longer than this is worth threads; below it the time goes into reading pages, of
# which Python does one at a time.
_WORTH_THREADS_SECONDS = 0.025


@dataclass(frozen=True)
class Selection:
    """Which agents; an empty field leaves all of them in."""

    site_ids: Sequence[str] = ()
    agent_ids: Sequence[str] = ()
    hostname_contains: str = ""
    os: str = ""
    query: str = ""
    online_only: bool = False

    def filters(self) -> Query:
        """The filters of the routes `agents` and `agents/count`, but for the scope's."""
        # The vendor splits this one at commas and finds any of the parts (contract 1.3).
        if "," in self.hostname_contains:
            raise ParamsError("hostname_contains: a hostname holds no comma")
        wanted = [
            ("ids", ",".join(self.agent_ids)),
            ("computerName__contains", self.hostname_contains),
            ("osTypes", self.os),
            ("query", self.query),
            ("isActive", "true" if self.online_only else ""),
        ]
        return [(name, value) for name, value in wanted if value]

    def parts(self) -> list[Selection]:
        """The selection in as many as requests are needed to carry its agent ids."""
        if not self.agent_ids:
            return [self]
        return [replace(self, agent_ids=ids) for ids in batches(self.agent_ids)]


class AgentPageCalls(SiteCalls):
    """The part of the client that asks for pages of agents."""

    def agent_page(
        self, filters: Query, site_ids: Sequence[str], cursor: str | None, page_size: int
    ) -> Page[Row]:
        """One page of the agents inside the pin and in `site_ids` that `filters` let pass."""
        query = [*self.scope.query(site_ids), *filters, *_STABLE]
        page = agents_page(self.send("GET", "agents", page_query(query, page_size, cursor)))
        inside = self.scope.only_inside(page.items, site_ids)
        if len(inside) < len(page.items):
            self.run.warn("The console answered with agents outside the scope; they are left out.")
        return replace(page, items=inside)

    def agent_chain(self, filters: Query, site_ids: Sequence[str] = ()) -> Iterator[Page[Row]]:
        """All pages of the agents, each asked for with the cursor of the one before."""
        return pages(lambda cursor: self.agent_page(filters, site_ids, cursor, PAGE_SIZE))

    def count_agents(self, filters: Query, site_ids: Sequence[str] = ()) -> int:
        """How many agents of `site_ids`, or of the whole scope, `filters` let pass."""
        reply = self.send("GET", "agents/count", [*self.scope.query(site_ids), *filters])
        content = envelope_of(reply).get("data")
        total = content.get("total") if isinstance(content, dict) else None
        if not isinstance(total, int):
            raise broken(reply, "it holds no total")
        return total

    def agent_stretch(
        self, selection: Selection, *, limit: int | None, page_size: int, cursor: str
    ) -> Iterator[Sequence[Row]]:
        """The agents from `cursor` on, in one chain; where `limit` stops it the summary says."""
        left = limit
        filters = selection.filters()

        def fetch(following: str | None) -> Page[Row]:
            size = page_size if left is None else min(page_size, left)
            return self.agent_page(filters, selection.site_ids, following or cursor, size)

        for page in pages(fetch):
            yield page.items[:left]
            if left is not None:
                left -= len(page.items)
                if left <= 0:
                    # A page longer than was asked for cannot be resumed in its middle.
                    if page.next_cursor and not left:
                        self.run.summary["next_cursor"] = page.next_cursor
                    return

    def agent_fleet(self, selection: Selection, modules: SiteModules) -> Iterator[Sequence[Row]]:
        """Every agent of the selection, none missing and none twice, in an order that the answers
        alone decide: by id, or in chains over disjoint sites where that takes fewer round trips.
        """
        filters = selection.filters()
        whole = self.agent_chain(filters, selection.site_ids)
        first = next(whole)
        parts, slow = self._parts(selection, first, modules)
        yield first.items
        announced = 0
        if parts:
            seen = {row["id"] for row in first.items}
            chains = [self.agent_chain(filters, part) for part in parts]
            for number, page in enumerate(in_turn(chains, at_once=slow)):
                # The first pages of all chains come before any second one.
                if number < len(chains):
                    announced += page.total or 0
                yield [row for row in page.items if row["id"] not in seen]
        if announced < (first.total or 1):
            # Not in chains, or there are agents on sites that the console did not list.
            listed = frozenset(site for part in parts for site in part)
            for page in whole:
                yield [row for row in page.items if row.get("siteId") not in listed]

    def _parts(
        self, selection: Selection, first: Page[Row], modules: SiteModules
    ) -> tuple[list[tuple[str, ...]], bool]:
        """The chains worth listing besides the first page, and whether calls are slow."""
        # With one more page to come, chains could save nothing.
        if not first.next_cursor or (first.total or 0) <= 2 * PAGE_SIZE:
            return [], False
        started = self.run.monotonic()
        sites = modules.rows(selection.site_ids)
        seconds = self.run.monotonic() - started
        parts = parts_of(
            {site["id"]: float(site.get("activeLicenses") or 0) for site in sites if "id" in site},
            total=first.total or 0,
            page_size=PAGE_SIZE,
            most_sites=IDS_PER_CALL,
        )
        return parts, seconds > _WORTH_THREADS_SECONDS
