"""Endpoints: listed, counted, and found by what a person has to name one (contract 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cado_sentinelone.clients.sentinelone_agent_pages import Selection
from cado_sentinelone.clients.sentinelone_agent_rows import (
    Collectable,
    endpoint_fields,
    ip_addresses,
    is_gone,
    standing_reason,
)
from cado_sentinelone.clients.sentinelone_calls import PAGE_SIZE
from cado_sentinelone.clients.sentinelone_listing import ListingCalls, endpoint_of
from cado_sentinelone.clients.sentinelone_scope import Query, Row
from cado_sentinelone.clients.sentinelone_sites import SiteModules
from cado_sentinelone.errors import ConflictError, NotFoundError, ParamsError
from cado_sentinelone.log import printable
from cado_sentinelone.models.endpoint import Endpoint, EndpointDetail

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

_AGENT_ID = re.compile(r"[0-9]{17,20}")
_UUID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# Whether the console leaves them out by itself is not documented, so both are asked for.
_GONE_TOO: Query = [("isDecommissioned", "true,false"), ("isUninstalled", "true,false")]
_MOST_CANDIDATES = 20


class AgentCalls(ListingCalls):
    """The part of the client that tells of endpoints."""

    def endpoints(
        self,
        *,
        hostname_contains: str = "",
        os: str = "",
        site_ids: Sequence[str] = (),
        online_only: bool = False,
        query: str = "",
        agent_ids: Sequence[str] = (),
        limit: int | None = None,
        page_size: int = PAGE_SIZE,
        cursor: str = "",
    ) -> Iterator[Endpoint]:
        """Every endpoint of the selection; as `endpoint_fields`, each as an Endpoint."""
        selection = Selection(site_ids, agent_ids, hostname_contains, os, query, online_only)
        listing = self.endpoint_fields(selection, limit=limit, page_size=page_size, cursor=cursor)
        yield from map(endpoint_of, listing)

    def count(
        self,
        *,
        hostname_contains: str = "",
        os: str = "",
        site_ids: Sequence[str] = (),
        online_only: bool = False,
        query: str = "",
        agent_ids: Sequence[str] = (),
    ) -> int:
        """How many endpoints `endpoints` would list."""
        selection = Selection(site_ids, agent_ids, hostname_contains, os, query, online_only)
        return sum(self.count_agents(part.filters(), site_ids) for part in selection.parts())

    def seen_since(self, moment: datetime) -> Iterator[list[str]]:
        """The ids of the agents of the scope that are online and were active since, page by page."""
        active = ("lastActiveDate__gt", moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        for page in self.agent_chain([active, ("isActive", "true")]):
            yield [row["id"] for row in page.items]

    def find(self, endpoint: str) -> EndpointDetail:
        """The one endpoint that `endpoint` names: agent id, agent UUID, hostname or IP address.

        Agents that are decommissioned or uninstalled count only when no other fits. Raises
        NotFoundError, and ConflictError with the candidates when several fit.
        """
        name = endpoint.strip()
        found = list({row["id"]: row for row in self._candidates(name)}.values())
        fitting = [row for row in found if not is_gone(row)] or found
        if not fitting:
            raise NotFoundError(f"no endpoint is called {printable(name)}", vendor="sentinelone")
        if len(fitting) > 1:
            raise ConflictError(
                f"{len(fitting)} endpoints are called {printable(name)}: {_listed(fitting)}",
                remedy="Name the one that you mean by its agent id.",
            )
        row = fitting[0]
        if is_gone(row):
            self.run.warn(f"only a gone agent fits {printable(name)}: {standing_reason(row)[1]}")
        return self._detail(row)

    def _candidates(self, name: str) -> list[Row]:
        """The agents that `name` fits, read as what it looks like.

        Whatever the console answers with is held against the name: the wrong endpoint would be
        worse than none.
        """
        if _AGENT_ID.fullmatch(name):
            return [row for row in self._rows(("ids", name)) if row["id"] == name]
        if _UUID.fullmatch(name):
            uuid = name.lower()
            rows = self._rows(("uuids", uuid))
            return [row for row in rows if (row.get("uuid") or "").lower() == uuid]
        if "," in name:
            # The vendor would split it and look for its parts (contract 1.3).
            raise ParamsError("endpoint: neither hostnames nor addresses hold a comma")
        if address := _address(name):
            return self._with_address(address)
        exact = self._rows(("computerName", name))
        if not exact and len(name) > 1:
            # Whether the exact filter tells upper from lower case is not documented.
            exact = self._rows(("computerName__contains", name))
        return [row for row in exact if (row.get("computerName") or "").lower() == name.lower()]

    def _with_address(self, wanted: IPv4Address | IPv6Address) -> list[Row]:
        """The agents with the address on an interface of their own, or else behind it."""
        # The filter for interfaces may know IPv4 only; `query` looks at many fields.
        filters = ["networkInterfaceInet__contains", *(["query"] if wanted.version == 6 else [])]
        for name in filters:
            rows = self._rows((name, str(wanted)))
            own = [row for row in rows if wanted in map(_address, ip_addresses(row))]
            if own:
                return own
        rows = self._rows(("externalIp__contains", str(wanted)))
        return [row for row in rows if _address(row.get("externalIp") or "") == wanted]

    def _rows(self, wanted: tuple[str, str]) -> list[Row]:
        return [row for page in self.agent_chain([wanted, *_GONE_TOO]) for row in page.items]

    def _detail(self, row: Row) -> EndpointDetail:
        modules = SiteModules(self.site_rows, self.run.warn)
        modules.learn([row.get("siteId") or ""])
        level = self._rso_level(row["id"])
        collectable = _collectable(row, modules)
        if collectable[0] and level == "none":
            collectable = False, "the agent does not support remote scripts (rsoLevel none)"
        return EndpointDetail(
            **endpoint_fields(row, collectable),
            rso_level=level,
            site_rso_module=modules.has_rso(row.get("siteId") or ""),
        )

    def _rso_level(self, agent_id: str) -> str:
        """No field tells it, only whether the agent passes a filter (contract 5)."""
        for level in ("ars", "pro"):
            if self.count_agents([("ids", agent_id), ("rsoLevels", level), *_GONE_TOO]):
                return level
        return "none"


def _address(text: str) -> IPv4Address | IPv6Address | None:
    from ipaddress import ip_address  # a listing needs none of it

    try:
        return ip_address(text)
    except ValueError:
        return None


def _collectable(row: Row, modules: SiteModules) -> Collectable:
    standing = standing_reason(row)
    return modules.collectable(row) if standing[0] else standing


def _listed(rows: Sequence[Row]) -> str:
    """The candidates in words, sorted; not more than a person reads."""
    words = sorted(
        f"{row.get('computerName') or ''} (agent {row['id']}, site {row.get('siteName') or ''},"
        f" {'online' if row.get('isActive') else 'offline'})"
        for row in rows
    )
    more = len(words) - _MOST_CANDIDATES
    shown = "; ".join(words[:_MOST_CANDIDATES])
    return printable(f"{shown}; and {more} more" if more > 0 else shown)
