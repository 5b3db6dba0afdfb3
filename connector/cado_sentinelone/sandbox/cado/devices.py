"""The devices of a SentinelOne account, by cursor (Cado contract 3.1)."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from cado_sentinelone.sandbox.cado.asked import Positive, Query
from cado_sentinelone.sandbox.cado.fate import account_problem
from cado_sentinelone.sandbox.cado.operation import Answer, Call, Operation
from cado_sentinelone.sandbox.cado.paging import cursor_to, read_cursor
from cado_sentinelone.sandbox.cado.records import CadoAccount
from cado_sentinelone.sandbox.cado.refusal import Refusal, invalid
from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.world import World


class DevicesQuery(Query):
    """Which devices to list. Both filters match a part, whatever its case."""

    account_name: str
    per_page: Positive
    cursor: str = ""
    os: str = ""
    hostname: str = ""


def list_devices(call: Call, query: DevicesQuery) -> Answer:
    """A page of devices, online or not, in the order of their ids.

    The page is walked from where the cursor points, so a fleet of any size costs one page.
    """
    account = sentinelone_account(call, query.account_name)
    if problem := account_problem(call.state.world, account):
        raise Refusal(400, "account.refused", f"SentinelOne refused the request: {problem}")
    account.last_used_at = call.now
    after = read_cursor("agent_id", query.cursor)
    wanted_os, wanted_name = query.os.casefold(), query.hostname.casefold()
    found = (
        agent
        for agent in agents_after(call.state.world, after)
        if wanted_name in agent.hostname.casefold() and wanted_os in _system(agent).casefold()
    )
    page = list(islice(found, query.per_page + 1))
    more = len(page) > query.per_page
    page = page[: query.per_page]
    return {
        "data": [_shown(agent) for agent in page],
        "pagination": {
            "type": "cursor",
            "per_page": query.per_page,
            "current_token": query.cursor,
            "next_token": cursor_to("agent_id", int(page[-1].agent_id)) if more else "",
        },
    }


def sentinelone_account(call: Call, name: str) -> CadoAccount:
    """The SentinelOne account of this alias.

    Raises:
        Refusal: there is none, or it is of another kind.
    """
    account = call.state.account(name)
    if account.kind != "sentinelone":
        raise invalid(f"account_name: {name!r} is not a SentinelOne account")
    return account


def agents_after(world: World, agent_id: int | None) -> Iterator[Agent]:
    """The agents that Cado's token sees, those of the first account, behind this id."""
    account_id = world.accounts[0].account_id
    start = 0
    if agent_id is not None:
        start = bisect_right(world.agents, agent_id, key=lambda agent: int(agent.agent_id))
    for agent in islice(world.agents, start, None):
        if agent.account_id != account_id:
            return
        if is_listed(agent):
            yield agent


def is_listed(agent: Agent) -> bool:
    """Whether SentinelOne still counts the endpoint as one of its own."""
    return not agent.is_decommissioned and not agent.is_uninstalled


def _system(agent: Agent) -> str:
    return f"{agent.os_name} {agent.os_revision}"


def _shown(agent: Agent) -> dict[str, object]:
    return {
        "device_id": agent.agent_id,
        "hostname": agent.hostname,
        "ip_address": agent.ip_address,
        "operating_system": _system(agent),
        "is_online": agent.is_active,
        "tags": [f"{key}:{value}" for key, value in agent.tags],
    }


OPERATIONS = (
    Operation(
        "GET",
        "/import/xdr/sentinelone",
        "List the devices of an account",
        "import_data_triage",
        DevicesQuery,
        list_devices,
    ),
)
