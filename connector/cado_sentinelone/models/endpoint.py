"""An endpoint: a machine with a SentinelOne agent, as runners see it."""

from __future__ import annotations

from pydantic import Field

from cado_sentinelone.models.action import Output


class Endpoint(Output):
    """One endpoint. Empty text and null mean that the source does not tell."""

    agent_id: str = Field(
        description="SentinelOne agent id.", json_schema_extra={"soar": "agent id"}
    )
    agent_uuid: str = ""
    hostname: str = Field("", json_schema_extra={"soar": "hostname"})
    os: str = Field("", description="windows, windows_legacy, linux or macos.")
    os_name: str = Field("", description="Name and revision of the operating system.")
    online: bool | None = None
    last_seen: str = Field("", description="UTC, ISO 8601.")
    ip_addresses: tuple[str, ...] = Field((), json_schema_extra={"soar": "ip"})
    external_ip: str = Field("", json_schema_extra={"soar": "ip"})
    account_id: str = Field("", json_schema_extra={"soar": "account id"})
    site_id: str = Field("", json_schema_extra={"soar": "site id"})
    site_name: str = ""
    group_name: str = ""
    agent_version: str = ""
    network_isolated: bool | None = None
    collectable: bool | None = Field(
        None, description="Whether a collection can start now; null when it cannot be told."
    )
    not_collectable_reason: str = ""
    tags: tuple[str, ...] = Field((), description="key=value, in the console's order.")


class EndpointDetail(Endpoint):
    """One endpoint with what only a look at it alone can tell."""

    rso_level: str = Field(
        "", description="Remote script level of the agent: none, pro or ars; empty if not told."
    )
    site_rso_module: bool | None = Field(
        None, description="Whether the site has the RemoteOps module (rso)."
    )
