"""Agents as the console lists them: read from the bytes of a page, told as endpoints.

A page of a thousand agents is megabytes of which we keep a tenth: `sentinelone_agent_bytes`
reads those with pydantic-core, which never builds the rest. A short page is read here, in less
time than that takes to import; whatever is unusual in it is left to the other reader.
"""

from __future__ import annotations

import json
from typing import Any

from cado_sentinelone.clients.paging import Page
from cado_sentinelone.clients.reply import Reply
from cado_sentinelone.clients.sentinelone_calls import broken, next_cursor
from cado_sentinelone.clients.sentinelone_scope import Row

# Whether a collection can start (None: it cannot be told), and why it cannot.
Collectable = tuple[bool | None, str]
CAN_COLLECT: Collectable = (True, "")
OFFLINE = "the endpoint is offline"

_UNSUPPORTED = {
    "macos": "collection does not support macOS",
    "windows_legacy": "collection does not support legacy Windows agents (windows_legacy)",
}


# Bytes; some fifty agents.
_SHORT_PAGE = 200_000

# What is kept of an agent, and its kind: text, a flag, a list of a kind, an object of kinds.
# Each may be null or missing (contract 12.17).
AGENT: dict[str, Any] = {
    "id": "text",
    "uuid": "text",
    "computerName": "text",
    "osType": "text",
    "osName": "text",
    "osRevision": "text",
    "agentVersion": "text",
    "isActive": "flag",
    "lastActiveDate": "text",
    "isDecommissioned": "flag",
    "isUninstalled": "flag",
    "networkStatus": "text",
    "externalIp": "text",
    "accountId": "text",
    "siteId": "text",
    "siteName": "text",
    "groupName": "text",
    "networkInterfaces": [{"inet": ["text"], "inet6": ["text"]}],
    "tags": {"sentinelone": [{"key": "text", "value": "text"}]},
}
PAGE: dict[str, Any] = {
    "data": [AGENT],
    "pagination": {"nextCursor": "text", "totalItems": "count"},
}


def agents_page(reply: Reply) -> Page[Row]:
    """The agents of one answer. Raises VendorError for what is not such a page."""
    envelope = _short(reply.body) if len(reply.body) < _SHORT_PAGE else None
    if envelope is None:
        from cado_sentinelone.clients.sentinelone_agent_bytes import read_page

        envelope = read_page(reply)
    rows = envelope.get("data") or []
    if not all(row.get("id") for row in rows):
        raise broken(reply, "an agent has no id")
    pagination = envelope.get("pagination") or {}
    return Page(rows, next_cursor(pagination), pagination.get("totalItems"))


class _UnusualError(Exception):
    """Something is not as it is expected; the other reader knows what it means."""


def _short(body: bytes) -> dict[str, Any] | None:
    """The page, or None when anything in it is unusual."""
    try:
        envelope: dict[str, Any] | None = _kept(PAGE, json.loads(body))
    except (ValueError, RecursionError, _UnusualError):
        return None
    return envelope


def _kept(kind: Any, value: Any) -> Any:  # noqa: ANN401 - JSON
    """What is kept of `value`, which is of this kind. Raises _UnusualError when it is not."""
    if value is None:
        return None
    if kind == "text" and type(value) is str:
        value.encode()  # UnicodeEncodeError, a ValueError, for half of a character
        return value
    if kind == "flag" and type(value) is bool:
        return value
    if kind == "count" and type(value) is int:
        return value
    if type(kind) is list and type(value) is list:
        # A list holds no null, unlike an object.
        if None in value:
            raise _UnusualError
        return [_kept(kind[0], one) for one in value]
    if type(kind) is dict and type(value) is dict:
        return {name: _kept(kind[name], value[name]) for name in kind if name in value}
    raise _UnusualError


def standing_reason(row: Row) -> Collectable:
    """What the agent's own row says about collecting from it; its site has a say besides."""
    os = row.get("osType") or ""
    if row.get("isDecommissioned"):
        return False, "the agent is decommissioned"
    if row.get("isUninstalled"):
        return False, "the agent is uninstalled"
    if os not in ("windows", "linux"):
        return False, _UNSUPPORTED.get(os, f"collection does not support {os or 'an unnamed OS'}")
    if row.get("isActive") is None:
        return None, "the console does not say whether the endpoint is online"
    if not row["isActive"]:
        return False, OFFLINE
    # networkStatus is the quarantine state; on the way into it or out of it is not out (contract 5)
    if row.get("networkStatus") not in (None, "connected"):
        return False, "the endpoint is network-isolated: its upload cannot get out"
    return CAN_COLLECT


def is_gone(row: Row) -> bool:
    """Whether the console keeps the row of an agent that is there no more."""
    return bool(row.get("isDecommissioned") or row.get("isUninstalled"))


def ip_addresses(row: Row) -> tuple[str, ...]:
    """The addresses of the endpoint's interfaces, each once, in the console's order; without
    loopback, which every endpoint has and no other reaches.
    """
    addresses = [
        address
        for interface in row.get("networkInterfaces") or ()
        for family in ("inet", "inet6")
        for address in interface.get(family) or ()
        if address != "::1" and not address.startswith("127.")
    ]
    return tuple(dict.fromkeys(addresses))


def endpoint_fields(row: Row, collectable: Collectable) -> dict[str, Any]:
    """The fields of an Endpoint that tells what `row` does."""
    get = row.get
    status = get("networkStatus")
    return {
        "agent_id": row["id"],
        "agent_uuid": get("uuid") or "",
        "hostname": get("computerName") or "",
        "os": get("osType") or "",
        "os_name": " ".join(filter(None, (get("osName"), get("osRevision")))),
        "online": get("isActive"),
        "last_seen": get("lastActiveDate") or "",
        "ip_addresses": ip_addresses(row),
        "external_ip": get("externalIp") or "",
        "account_id": get("accountId") or "",
        "site_id": get("siteId") or "",
        "site_name": get("siteName") or "",
        "group_name": get("groupName") or "",
        "agent_version": get("agentVersion") or "",
        "network_isolated": None if status is None else status == "disconnected",
        "collectable": collectable[0],
        "not_collectable_reason": collectable[1],
        "tags": _tags(row),
    }


def _tags(row: Row) -> tuple[str, ...]:
    tags = (row.get("tags") or {}).get("sentinelone") or ()
    return tuple("=".join(filter(None, (tag.get("key"), tag.get("value")))) for tag in tags)
