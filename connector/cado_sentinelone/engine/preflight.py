"""Refusing early what cannot work: checks before a collection is launched through Cado."""

from __future__ import annotations

from collections.abc import Sequence

from cado_sentinelone.clients.cado_records import Device
from cado_sentinelone.clients.sentinelone_agent_rows import OFFLINE
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.identity import same_host
from cado_sentinelone.engine.plan import CollectionRequest
from cado_sentinelone.errors import ConflictError, NotFoundError, RefusedError
from cado_sentinelone.models.endpoint import Endpoint


def find_endpoint(request: CollectionRequest, desk: Desk) -> Endpoint:
    """The endpoint that `request` names: at SentinelOne, or in Cado's listing when the asset has
    no SentinelOne half and the route is Cado's.

    Raises NotFoundError, ConflictError that lists the candidates, AssetError.
    """
    asset, text = desk.asset, request.endpoint
    has_console = asset.sentinelone_url and asset.sentinelone_token.get_secret_value()
    if has_console or request.via == "remoteops":
        return desk.sentinelone.find(text)
    desk.run.warn(
        "the asset has no sentinelone_url and sentinelone_token: isolation, site and agent were "
        "not checked"
    )
    devices = list(desk.cado.devices(asset.cado_account_name, hostname=text))
    device = _one(text, [d for d in devices if same_host(d.hostname, text)])
    return Endpoint(
        agent_id=device.device_id,
        hostname=device.hostname,
        os_name=device.operating_system,
        online=device.online,
        ip_addresses=(device.ip_address,) if device.ip_address else (),
        collectable=device.online,
        not_collectable_reason="" if device.online else OFFLINE,
    )


def check_endpoint(endpoint: Endpoint) -> None:
    """Raises RefusedError with the reason when no collection can start on `endpoint`."""
    if endpoint.collectable is False:
        raise RefusedError(
            f"{endpoint.hostname} cannot be collected: {endpoint.not_collectable_reason}",
            remedy="Change what the reason names, or choose another endpoint.",
        )


def check_account(desk: Desk) -> None:
    """Raises RefusedError unless cado_account_name is a SentinelOne account inside Cado."""
    cado, name = desk.cado, desk.asset.cado_account_name
    try:
        account = cado.account(name)
    except NotFoundError:
        there = ", ".join(sorted(account.name for account in cado.accounts()))
        raise RefusedError(
            f"Cado has no account {name!r}; its SentinelOne accounts: {there or 'none'}",
            remedy="Set cado_account_name to one of them, or add one with add_account.",
        ) from None
    if account.type and account.type != "sentinelone":
        raise RefusedError(
            f"the Cado account {name!r} is a {account.type} account",
            remedy="Set cado_account_name to the alias of a SentinelOne account.",
        )
    for issue in account.issues:
        desk.run.warn(f"Cado reports an issue of the account {name!r}: {issue}")


def find_device(endpoint: Endpoint, desk: Desk) -> Device:
    """The endpoint in Cado's own listing, by its ids first, then by hostname and address.

    Whether Cado's device id is the agent's id or its UUID is not stated, and hostnames repeat
    (Cado contract 3.1). Raises RefusedError when it is not listed or is offline there,
    ConflictError when several match.
    """
    account_name = desk.asset.cado_account_name
    listed = list(desk.cado.devices(account_name, hostname=endpoint.hostname))
    by_id = [d for d in listed if d.device_id in (endpoint.agent_id, endpoint.agent_uuid)]
    by_name = [d for d in listed if same_host(d.hostname, endpoint.hostname)]
    by_address = [d for d in by_name if d.ip_address in endpoint.ip_addresses]
    matches = by_id or (by_address if len(by_name) > 1 else by_name)
    if not matches:
        raise RefusedError(
            f"Cado's account {account_name!r} does not list {endpoint.hostname}",
            remedy="Check that cado_account_name is the account of this SentinelOne console and "
            "that its token's scope includes the endpoint's site.",
        )
    device = _one(endpoint.hostname, matches)
    if device.online is False:
        raise RefusedError(
            f"Cado cannot reach {endpoint.hostname} now: it is offline",
            remedy="Run again when the endpoint is online.",
        )
    return device


def _one(name: str, devices: Sequence[Device]) -> Device:
    if not devices:
        raise NotFoundError(f"Cado lists no endpoint {name!r}")
    if len(devices) > 1:
        listed = ", ".join(sorted(f"{d.hostname} ({d.device_id}, {d.ip_address})" for d in devices))
        raise ConflictError(
            f"{len(devices)} endpoints match {name!r}: {listed}",
            remedy="Name the endpoint by its agent id.",
        )
    return devices[0]
