"""Listing and counting agents (contract 5)."""

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter

from starlette.responses import Response

from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.places import Site
from cado_sentinelone.sandbox.sentinelone.agent_fields import (
    ALIASES,
    SEARCHED,
    AgentReader,
    mac_address,
)
from cado_sentinelone.sandbox.sentinelone.call import Call, answer, listing_of
from cado_sentinelone.sandbox.sentinelone.paging import page_of
from cado_sentinelone.sandbox.sentinelone.selecting import search, select
from cado_sentinelone.sandbox.world import World


def list_agents(call: Call) -> Response:
    """A page of the agents that the filters select."""
    reader = AgentReader(call.world.clock.now())
    page = page_of(_selected(call, reader), call.query, reader, sorted_by_id=True)
    return listing_of(call.state.agent_writer.array(page.rows, reader), page.pagination)


def count_agents(call: Call) -> Response:
    """How many agents the filters select."""
    reader = AgentReader(call.world.clock.now())
    return answer({"total": len(_selected(call, reader))})


def _selected(call: Call, reader: AgentReader) -> Sequence[Agent]:
    """The agents that the scope and the filters select, in the order of their ids."""
    agents = _in_scope(call)
    if part := str(call.query.get("query", "")):
        found = {agent.agent_id for agent in search(agents, call.query, reader, SEARCHED)}
        start = part.upper()
        agents = [a for a in agents if a.agent_id in found or mac_address(a).startswith(start)]
    return select(agents, call.query, reader, ALIASES)


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
