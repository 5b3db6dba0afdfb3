"""Agents as the console lists them: read from the bytes of a page, told as endpoints.

A page of a thousand agents is megabytes of which we keep a tenth. pydantic-core reads the bytes
and never builds the rest (0.6 of json.loads); its schema is written out because deriving it from
annotations costs a cold start more than reading a small page does.
"""

from __future__ import annotations

from typing import Any

from pydantic_core import CoreSchema, SchemaValidator, ValidationError, core_schema

from cado_sentinelone.clients.paging import Page
from cado_sentinelone.clients.reply import Reply
from cado_sentinelone.clients.sentinelone_calls import broken, next_cursor
from cado_sentinelone.clients.sentinelone_scope import Row
from cado_sentinelone.models.endpoint import OFFLINE, Endpoint

# Whether a collection can start (None: it cannot be told), and why it cannot.
Collectable = tuple[bool | None, str]
CAN_COLLECT: Collectable = (True, "")

_UNSUPPORTED = {
    "macos": "collection does not support macOS",
    "windows_legacy": "collection does not support legacy Windows agents (windows_legacy)",
}


def _object(**fields: CoreSchema) -> CoreSchema:
    """An object of which `fields` are kept; each may be null or missing (contract 12.17)."""
    return core_schema.typed_dict_schema(
        {
            name: core_schema.typed_dict_field(core_schema.nullable_schema(kind), required=False)
            for name, kind in fields.items()
        }
    )


_TEXT = core_schema.str_schema(coerce_numbers_to_str=True)
_FLAG = core_schema.bool_schema()
_TEXTS = core_schema.list_schema(_TEXT)
_AGENT = _object(
    id=_TEXT,
    uuid=_TEXT,
    computerName=_TEXT,
    osType=_TEXT,
    osName=_TEXT,
    osRevision=_TEXT,
    agentVersion=_TEXT,
    isActive=_FLAG,
    lastActiveDate=_TEXT,
    isDecommissioned=_FLAG,
    isUninstalled=_FLAG,
    networkStatus=_TEXT,
    externalIp=_TEXT,
    accountId=_TEXT,
    siteId=_TEXT,
    siteName=_TEXT,
    groupName=_TEXT,
    networkInterfaces=core_schema.list_schema(_object(inet=_TEXTS, inet6=_TEXTS)),
    tags=_object(sentinelone=core_schema.list_schema(_object(key=_TEXT, value=_TEXT))),
)
_PAGE = SchemaValidator(
    _object(
        data=core_schema.list_schema(_AGENT),
        pagination=_object(nextCursor=_TEXT, totalItems=core_schema.int_schema()),
    )
)


def agents_page(reply: Reply) -> Page[Row]:
    """The agents of one answer. Raises VendorError for what is not such a page."""
    try:
        envelope = _PAGE.validate_json(reply.body)
    except ValidationError as error:
        reply.json()  # knows better words for a page of HTML and for JSON that was cut off
        place = ".".join(map(str, error.errors(include_input=False, include_url=False)[0]["loc"]))
        raise broken(reply, f"{place or 'the body'} is not what it should be") from None
    rows = envelope.get("data") or []
    if not all(row.get("id") for row in rows):
        raise broken(reply, "an agent has no id")
    pagination = envelope.get("pagination") or {}
    return Page(rows, next_cursor(pagination), pagination.get("totalItems"))


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


def endpoint_of(row: Row, collectable: Collectable) -> Endpoint:
    """The endpoint that `row` tells of.

    `row` was validated when it was read. Validating it again takes nearly twice as long, and
    `model_construct`, which does what is written out here, more than three times.
    """
    endpoint = Endpoint.__new__(Endpoint)
    fields = endpoint_fields(row, collectable)
    put = object.__setattr__  # the model is frozen
    put(endpoint, "__dict__", fields)
    put(endpoint, "__pydantic_fields_set__", set(fields))
    put(endpoint, "__pydantic_extra__", None)
    put(endpoint, "__pydantic_private__", None)
    return endpoint


def _tags(row: Row) -> tuple[str, ...]:
    tags = (row.get("tags") or {}).get("sentinelone") or ()
    return tuple("=".join(filter(None, (tag.get("key"), tag.get("value")))) for tag in tags)
