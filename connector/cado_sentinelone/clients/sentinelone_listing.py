"""The listing of endpoints, from the first page to the last or any stretch of it (contract 5).

No pydantic model here: a runner that starts a process for every listing waits for its import.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cado_sentinelone.clients.sentinelone_agent_pages import Selection
from cado_sentinelone.clients.sentinelone_agent_rows import endpoint_fields, standing_reason
from cado_sentinelone.clients.sentinelone_calls import IDS_PER_CALL, PAGE_SIZE
from cado_sentinelone.clients.sentinelone_fleet import FleetCalls
from cado_sentinelone.clients.sentinelone_scope import Row
from cado_sentinelone.clients.sentinelone_sites import SiteModules
from cado_sentinelone.errors import ParamsError

if TYPE_CHECKING:
    from cado_sentinelone.models.endpoint import Endpoint


class ListingCalls(FleetCalls):
    """The part of the client that lists endpoints."""

    def endpoint_fields(
        self,
        selection: Selection,
        *,
        limit: int | None = None,
        page_size: int = PAGE_SIZE,
        cursor: str = "",
    ) -> Iterator[dict[str, Any]]:
        """The fields of every Endpoint of the selection, or of `limit` of them, from `cursor` on.

        When `limit` stops it, `next_cursor` in the run's summary says where to go on. The order
        is by agent id, or, for a long listing over several sites, another that does not change.

        Raises RefusedError for a site outside the pin, ParamsError, and what the console says.
        """
        parts = selection.parts()
        whole = limit is None and not cursor and page_size == PAGE_SIZE
        if len(parts) > 1 and not whole:
            raise ParamsError(f"agent_ids: with limit, page_size or cursor at most {IDS_PER_CALL}")
        modules = self.site_modules()
        for part in parts:
            listing = (
                self.agent_fleet(part, modules)
                if whole
                else self.agent_stretch(part, limit=limit, page_size=page_size, cursor=cursor)
            )
            for rows in listing:
                yield from _told(rows, modules)


def _told(rows: Sequence[Row], modules: SiteModules) -> Iterator[dict[str, Any]]:
    """The rows of one page as endpoints; the sites that matter are asked for together."""
    standing = [standing_reason(row) for row in rows]
    modules.learn(
        row.get("siteId") or "" for row, (can, _) in zip(rows, standing, strict=True) if can
    )
    for row, (can, reason) in zip(rows, standing, strict=True):
        yield endpoint_fields(row, modules.collectable(row) if can else (can, reason))


def endpoint_of(fields: dict[str, Any]) -> Endpoint:
    """The endpoint that has `fields`, which were validated when their row was read.

    Validating them again takes nearly twice as long, and `model_construct`, which does what is
    written out here, more than three times.
    """
    from cado_sentinelone.models.endpoint import Endpoint

    endpoint = Endpoint.__new__(Endpoint)
    put = object.__setattr__  # the model is frozen
    put(endpoint, "__dict__", fields)
    put(endpoint, "__pydantic_fields_set__", set(fields))
    put(endpoint, "__pydantic_extra__", None)
    put(endpoint, "__pydantic_private__", None)
    return endpoint
