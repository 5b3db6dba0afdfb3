"""List endpoints and look one up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field, field_validator

from cado_sentinelone.models.action import Action, Params, Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.endpoint import Endpoint, EndpointDetail
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_actions.endpoint_listing import list_endpoint_fields

_COLUMNS = ("hostname", "os", "online", "site_name", "collectable", "not_collectable_reason")


class ListEndpointsParams(Params):
    """Which endpoints; everything that is given must fit."""

    hostname_contains: str = Field(
        "",
        description="Part of the hostname, at least two characters.",
        examples=["lap-"],
        json_schema_extra={"soar": "hostname"},
    )
    os: Literal["", "windows", "windows_legacy", "linux", "macos"] = Field(
        "", description="Only endpoints with this operating system.", examples=["windows"]
    )
    site_ids: tuple[str, ...] = Field(
        (),
        max_length=500,
        description="Only endpoints of these SentinelOne sites.",
        examples=[["1392053568582758390"]],
        json_schema_extra={"soar": "site id"},
    )
    online_only: bool = Field(False, description="Leave out endpoints that are offline.")
    query: str = Field(
        "",
        description="Text that SentinelOne looks for in many fields of an endpoint.",
        examples=["10.20."],
    )
    limit: int | None = Field(None, ge=1, description="At most so many endpoints.", examples=[50])
    page_size: int = Field(
        1000,
        ge=1,
        le=1000,
        description="How many to ask for in one call; fewer take longer in all.",
    )
    cursor: str = Field("", description="The next_cursor of an earlier listing that was limited.")
    source: Literal["sentinelone", "cado"] = Field(
        "sentinelone",
        description="Who is asked. cado lists what Cado can reach and tells less of it; it knows"
        " neither sites nor query.",
    )

    @field_validator("hostname_contains")
    @classmethod
    def _part_of_a_hostname(cls, value: str) -> str:
        if len(value) == 1:
            raise ValueError("must have at least two characters")
        if "," in value:
            raise ValueError("must not hold a comma; a hostname cannot")
        return value

    @field_validator("site_ids")
    @classmethod
    def _site_ids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(site.isascii() and site.isdecimal() for site in value):
            raise ValueError("must be numbers, as the console shows them")
        return value


class GetEndpointParams(Params):
    """Which endpoint."""

    endpoint: str = Field(
        min_length=1,
        description="Agent id, agent UUID, hostname or IP address.",
        examples=["lap-0042"],
        json_schema_extra={"soar": "hostname"},
    )


def list_endpoints(asset: Asset, params: ListEndpointsParams, run: Run) -> Iterator[Endpoint]:
    """The endpoints of the fleet, all pages of them."""
    from cado_sentinelone.clients.sentinelone_listing import endpoint_of

    yield from map(endpoint_of, list_endpoint_fields(asset, params, run))


def get_endpoint(asset: Asset, params: GetEndpointParams, run: Run) -> EndpointDetail:
    """The one endpoint that is called so, with its remote script level and its site's module."""
    from cado_sentinelone.clients.sentinelone_agents import AgentCalls

    endpoint = AgentCalls(asset, run).find(params.endpoint)
    run.message = f"{endpoint.hostname} (agent {endpoint.agent_id})"
    return endpoint


@hookimpl
def cado_sentinelone_actions() -> Iterable[Action]:
    noun = ("endpoint", "endpoints")
    yield Action(
        identifier="list_endpoints",
        summary="List the endpoints of the fleet and say of each whether it can be collected.",
        params=ListEndpointsParams,
        output=Endpoint,
        run=list_endpoints,
        noun=noun,
        group="endpoints",
        # Which half of the asset is needed depends on `source`; the client asks for it.
        columns=_COLUMNS,
        plain="cado_sentinelone_actions.endpoint_listing:list_endpoint_fields",
    )
    yield Action(
        identifier="get_endpoint",
        summary="Look one endpoint up by agent id, UUID, hostname or IP address.",
        params=GetEndpointParams,
        output=EndpointDetail,
        run=get_endpoint,
        noun=noun,
        group="endpoints",
        uses=("sentinelone",),
        columns=_COLUMNS,
    )
