"""Endpoints as Cado lists them: what it can reach through its SentinelOne account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from cado_sentinelone.clients.cado import Cado
from cado_sentinelone.clients.cado_records import Device
from cado_sentinelone.clients.sentinelone_agent_rows import OFFLINE
from cado_sentinelone.errors import ParamsError, RefusedError
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.endpoint import Endpoint
from cado_sentinelone.models.run import Run

_MACOS_WORDS = ("macos", "mac os", "os x", "darwin")


def endpoints_of_cado(
    asset: Asset,
    run: Run,
    *,
    hostname_contains: str,
    os: str,
    site_ids: Sequence[str],
    online_only: bool,
    query: str,
    limit: int | None,
    page_size: int,
    cursor: str,
) -> Iterator[Endpoint]:
    """The devices of the asset's Cado account, as endpoints whose agent id is the device id.

    Raises ParamsError for what Cado cannot select by, RefusedError when the asset pins sites or
    accounts: a device tells neither, so nothing would show that it is inside.
    """
    if site_ids or query:
        raise ParamsError("source=cado knows neither site_ids nor query; use source=sentinelone")
    if asset.site_ids or asset.account_ids:
        raise RefusedError(
            "source=cado cannot be limited to the site_ids and account_ids that the asset pins",
            remedy="Use source=sentinelone.",
        )
    asset.require("cado_account_name")
    sifted = bool(hostname_contains or os or online_only)
    devices = Cado(asset, run).devices(
        asset.cado_account_name,
        hostname=hostname_contains,
        # What is sifted out here must not count; otherwise Cado's own limit can be resumed.
        limit=None if sifted else limit,
        page_size=page_size,
        cursor=cursor,
    )
    endpoints = (_endpoint(device) for device in devices)
    fitting = (
        endpoint
        for endpoint in endpoints
        # Cado's own filter for the hostname may be another than ours (Cado contract 3.1).
        if hostname_contains.lower() in endpoint.hostname.lower()
        and os in ("", endpoint.os)
        and (endpoint.online or not online_only)
    )
    yield from islice(fitting, limit if sifted else None)


def _endpoint(device: Device) -> Endpoint:
    os = _os(device.operating_system)
    collectable: bool | None = None
    reason = "Cado does not tell of isolation and of the site's modules"
    if os == "macos":
        collectable, reason = False, "collection does not support macOS"
    elif device.online is False:
        collectable, reason = False, OFFLINE
    return Endpoint(
        agent_id=device.device_id,
        hostname=device.hostname,
        os=os,
        os_name=device.operating_system,
        online=device.online,
        ip_addresses=(device.ip_address,) if device.ip_address else (),
        collectable=collectable,
        not_collectable_reason=reason,
        tags=device.tags,
    )


def _os(name: str) -> str:
    """The kind of operating system that the name tells, empty when it tells none."""
    name = name.lower()
    if any(word in name for word in _MACOS_WORDS):
        return "macos"
    return next((os for os in ("windows", "linux") if os in name), "")
