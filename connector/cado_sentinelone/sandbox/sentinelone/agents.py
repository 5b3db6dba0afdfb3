"""Listing and counting agents (contract 5)."""

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter

from starlette.responses import Response

from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.places import Site
from cado_sentinelone.sandbox.sentinelone.agent_fields import (
    ALIASES,
    AgentReader,
    last_user,
    mac_address,
)
from cado_sentinelone.sandbox.sentinelone.call import Call, answer, listing_of
from cado_sentinelone.sandbox.sentinelone.paging import page_of
from cado_sentinelone.sandbox.sentinelone.selecting import select
from cado_sentinelone.sandbox.world import World


def list_agents(call: Call) -> Response:
    """A page of the agents that the filters select."""
    reader = AgentReader(call.world.clock.now())
    page = page_of(selected(call, reader), call.query, reader, sorted_by_id=True)
    return listing_of(call.state.agent_writer.documents(page.rows, reader), page.pagination)


def count_agents(call: Call) -> Response:
    """How many agents the filters select."""
    reader = AgentReader(call.world.clock.now())
    return answer({"total": len(selected(call, reader))})


def selected(call: Call, reader: AgentReader) -> Sequence[Agent]:
    """The agents that the scope and the filters select, in the order of their ids."""
    agents = _in_scope(call)
    if part := str(call.query.get("query", "")).lower():
        agents = [agent for agent in agents if _mentions(agent, part)]
    return select(agents, call.query, reader, ALIASES)


def _mentions(agent: Agent, part: str) -> bool:
    """Whether the part is in a text of the agent; of a MAC address it must be the start."""
    group, platform = agent.group, agent.platform
    texts = (
        f"{agent.hostname}\n{agent.uuid}\n{agent.ip_address}\n{agent.external_ip}\n{group.name}\n"
        f"{group.site.name}\n{group.site.account.name}\n{platform.os_name}\n{platform.os_revision}\n"
        f"{platform.agent_version}\n{last_user(agent.hostname)}"
    )
    return part in texts.lower() or mac_address(agent).lower().startswith(part)


def _in_scope(call: Call) -> Sequence[Agent]:
    sites = call.caller.sites_in(call.query)
    groups = call.caller.groups_in(call.query)
    wanted = call.query.get("ids")
    if groups is None and isinstance(wanted, list):
        known = [call.world.agent(str(agent_id)) for agent_id in dict.fromkeys(wanted)]
        return _merged([[agent for agent in known if agent and agent.group.site in sites]])
    if groups is not None:
        return _merged([group.agents for group in groups if group.site in sites])
    return _of_sites(sites, call.world)


def _of_sites(sites: Sequence[Site], world: World) -> Sequence[Agent]:
    """The agents of the sites; whole accounts have theirs in order already."""
    if len(sites) == len(world.sites):
        return world.agents
    lists: list[Sequence[Agent]] = []
    for account in world.accounts:
        chosen = [site for site in sites if site.account is account]
        whole = len(chosen) == len(account.sites)
        lists += [account.agents] if whole else [site.agents for site in chosen]
    return lists[0] if len(lists) == 1 else _merged(lists)


def _merged(lists: Iterable[Sequence[Agent]]) -> Sequence[Agent]:
    return sorted(chain.from_iterable(lists), key=attrgetter("agent_id"))
