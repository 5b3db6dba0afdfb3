"""Pages of agents: one, a chain of them, or a stretch of a chain (contract 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cado_sentinelone.clients.paging import Page, pages
from cado_sentinelone.clients.reply import Reply
from cado_sentinelone.clients.sentinelone_agent_rows import agents_page
from cado_sentinelone.clients.sentinelone_calls import (
    PAGE_SIZE,
    batches,
    broken,
    envelope_of,
    page_query,
)
from cado_sentinelone.clients.sentinelone_scope import Query, Row
from cado_sentinelone.clients.sentinelone_sites import SiteCalls
from cado_sentinelone.errors import ParamsError

# Sorted by what never changes, so that a cursor's place in the list does not either.
_STABLE = [("sortBy", "id"), ("sortOrder", "asc")]


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
        return self.read_agents(self.ask_agents(filters, site_ids, cursor, page_size), site_ids)

    def ask_agents(
        self, filters: Query, site_ids: Sequence[str], cursor: str | None, page_size: int
    ) -> Reply:
        """The console's answer about one page, not read yet."""
        query = [*self.scope.query(site_ids), *filters, *_STABLE]
        return self.send("GET", "agents", page_query(query, page_size, cursor))

    def read_agents(self, reply: Reply, site_ids: Sequence[str]) -> Page[Row]:
        """The agents of an answer that are inside the pin and in `site_ids`."""
        page = agents_page(reply)
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
