"""The seeded world behind both vendors' APIs."""

import random
from collections import Counter
from functools import cached_property, partial
from typing import TYPE_CHECKING

from cado_sentinelone.sandbox.arrivals import take_in
from cado_sentinelone.sandbox.bucket import Bucket
from cado_sentinelone.sandbox.clock import Clock
from cado_sentinelone.sandbox.faults import Faults
from cado_sentinelone.sandbox.fleet import Agent, build_agents
from cado_sentinelone.sandbox.landmarks import LANDMARKS, place_landmarks
from cado_sentinelone.sandbox.places import MOST_SITES, SITES, Group, Site, found_accounts
from cado_sentinelone.sandbox.presence import Presence

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.cado.state import CadoState
    from cado_sentinelone.sandbox.live import LiveEndpoint
    from cado_sentinelone.sandbox.sentinelone.state import SentinelOneState


class World:
    """One tenant and everything in it; the same seed and size give the same world.

    `endpoints` is what the FIRST account holds, which is what the collector's token sees; the
    other accounts hold a few more. `agents` is in the order of the agent ids, first account first.
    """

    def __init__(
        self,
        seed: int = 1,
        endpoints: int = 1000,
        clock: Clock | None = None,
        faults: Faults | None = None,
        *,
        sites: int = SITES,
        presence: bool = False,
    ) -> None:
        """Build it; with `presence` endpoints come and go as the days pass.

        Raises:
            ValueError: there are no endpoints, or more than a million; or too few or many sites.
        """
        if not SITES <= sites <= MOST_SITES:
            raise ValueError(f"the first account has {SITES} to {MOST_SITES} sites, not {sites}")
        if not 1 <= endpoints <= 1_000_000:
            raise ValueError(f"a world holds 1 to 1,000,000 endpoints, not {endpoints}")
        self.seed = seed
        self.clock = Clock() if clock is None else clock
        self.faults = Faults() if faults is None else faults
        self.bucket = Bucket(self.clock, self.faults)
        self.bucket.arrived = partial(take_in, self)
        self.effects: Counter[str] = Counter()
        self.keys_seen: dict[tuple[str, str], str] = {}
        """What the guard on each endpoint remembers of each key."""
        self.live: LiveEndpoint | None = None
        self.url = "https://console.sandbox.example"  # until somebody serves it
        """Collections that really ran, by agent id."""
        self.started_at = self.clock.now()
        self.accounts = found_accounts(self.started_at, sites)
        self.sites: list[Site] = [site for account in self.accounts for site in account.sites]
        self.groups: list[Group] = [group for site in self.sites for group in site.groups]
        self.agents: list[Agent] = []
        self._populate(endpoints)
        self._agents = {agent.agent_id: agent for agent in self.agents}
        self._sites = {site.site_id: site for site in self.sites}
        staff = self.agents[len(LANDMARKS) :]
        self._presence = Presence(staff, self.started_at) if presence else None

    def rng(self, purpose: str) -> random.Random:
        """A stream of its own for each purpose, so that one's use never shifts another's."""
        return random.Random(f"{self.seed}/{purpose}")  # noqa: S311

    def settle(self) -> None:
        """Let the endpoints come and go that were to do so by now."""
        if self._presence is not None:
            self._presence.settle(self.clock.now())

    def agent(self, agent_id: str) -> Agent | None:
        """The agent of this id."""
        return self._agents.get(agent_id)

    def site(self, site_id: str) -> Site | None:
        """The site of this id."""
        return self._sites.get(site_id)

    @cached_property
    def sentinelone(self) -> "SentinelOneState":
        """What only SentinelOne's side holds."""
        from cado_sentinelone.sandbox.sentinelone.state import SentinelOneState

        return SentinelOneState(self)

    @cached_property
    def cado(self) -> "CadoState":
        """What only Cado's side holds."""
        from cado_sentinelone.sandbox.cado.state import CadoState

        return CadoState(self)

    def _populate(self, endpoints: int) -> None:
        rng = self.rng("agents")
        for account in self.accounts:
            count = endpoints if account is self.accounts[0] else 2 + endpoints // 50
            self.agents += build_agents(rng, account, count, len(self.agents), self.started_at)
        place_landmarks(self.agents[:endpoints], self.accounts[0])
        for agent in self.agents:
            agent.group.agents.append(agent)
            agent.group.site.agents.append(agent)
            agent.group.site.account.agents.append(agent)
