"""The selected endpoints, frozen: the digest of exactly this set is what a person confirms (S11)."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator

from cado_sentinelone.clients.sentinelone_agent_pages import Selection
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.errors import ParamsError
from cado_sentinelone.fleet.request import FleetRequest
from cado_sentinelone.models.endpoint import Endpoint


class Digest:
    """The SHA-256 over the ids of a set, whatever order they come in; eight bytes for each."""

    def __init__(self) -> None:
        self._ids = array("Q")

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, agent_id: str) -> None:
        """Adds one. Raises ParamsError for an id that is none."""
        if not agent_id.isascii() or not agent_id.isdecimal() or len(agent_id) > 19:
            raise ParamsError(f"agent_ids: {agent_id!r} is no agent id")
        self._ids.append(int(agent_id))

    def hex(self) -> str:
        """The digest of what was added so far."""
        ordered = sorted(self._ids)
        return hashlib.sha256("\n".join(map(str, ordered)).encode()).hexdigest()


def selected(request: FleetRequest, desk: Desk) -> Iterator[Endpoint]:
    """Every endpoint that `request` selects, page by page, each once.

    Raises ParamsError naming explicit ids that the console does not show.
    """
    missing = set(request.agent_ids)
    listing = desk.sentinelone.endpoints(
        hostname_contains=request.hostname_contains,
        os=request.os,
        site_ids=request.site_ids,
        online_only=request.online_only,
        query=request.query,
        agent_ids=sorted(missing),
    )
    for endpoint in listing:
        missing.discard(endpoint.agent_id)
        yield endpoint
    filters = (request.hostname_contains, request.os, request.site_ids, request.query)
    if missing and not any(filters) and not request.online_only:
        shown = ", ".join(sorted(missing)[:5])
        raise ParamsError(
            f"agent_ids: the console shows no endpoint {shown}"
            + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        )


def count(request: FleetRequest, desk: Desk) -> int:
    """How many endpoints `request` selects, without listing them."""
    return desk.sentinelone.count(
        **Selection(
            site_ids=request.site_ids,
            agent_ids=request.agent_ids,
            hostname_contains=request.hostname_contains,
            os=request.os,
            query=request.query,
            online_only=request.online_only,
        ).__dict__
    )
