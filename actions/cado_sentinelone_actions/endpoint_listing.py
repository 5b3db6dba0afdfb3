"""The listing behind list_endpoints, without a model (cado_sentinelone.plain says why)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cado_sentinelone.models.run import Run


def list_endpoint_fields(asset: Any, params: Any, run: Run) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - forms of either kind
    """The fields of each endpoint of the fleet, all pages of them."""
    if params.source == "cado":
        from cado_sentinelone.engine.devices import endpoints_of_cado

        listed = endpoints_of_cado(
            asset,
            run,
            hostname_contains=params.hostname_contains,
            os=params.os,
            site_ids=params.site_ids,
            online_only=params.online_only,
            query=params.query,
            limit=params.limit,
            page_size=params.page_size,
            cursor=params.cursor,
        )
        yield from (dict(endpoint) for endpoint in listed)
        return
    # Not the whole client: the rest of it would cost a cold start more than the listing does.
    from cado_sentinelone.clients.sentinelone_agent_pages import Selection
    from cado_sentinelone.clients.sentinelone_listing import ListingCalls

    selection = Selection(
        site_ids=params.site_ids,
        hostname_contains=params.hostname_contains,
        os=params.os,
        query=params.query,
        online_only=params.online_only,
    )
    yield from ListingCalls(asset, run).endpoint_fields(
        selection, limit=params.limit, page_size=params.page_size, cursor=params.cursor
    )
