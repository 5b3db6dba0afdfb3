"""Who is online when: servers always, office machines in the hours of their site, some now and then."""

import heapq
from collections.abc import Sequence
from random import Random

from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.places import DAY

HOUR = 3600
_LITTLE = 1.0
_OPENS, _CLOSES = 8 * HOUR, 18 * HOUR
_THURSDAY = 3  # what the first of January 1970 was, counted from Monday
_ALWAYS, _OFFICE, _SELDOM = 5, 8, 9  # of ten endpoints those below; the last one stays as it is


class Presence:
    """The comings and goings of endpoints, each by its own bits: the same world, the same days."""

    def __init__(self, agents: Sequence[Agent], now: float) -> None:
        """Everybody is where their pattern has them now."""
        self._next: list[tuple[float, int]] = []
        self._agents = agents
        for place, agent in enumerate(agents):
            kind = (agent.bits >> 40) % 10
            if agent.is_decommissioned or agent.is_uninstalled or kind >= _SELDOM:
                continue
            if kind < _ALWAYS:
                agent.is_active = True
                continue
            online, until = self._at(agent, now)
            _move(agent, online=online, at=now - (agent.bits >> 20) % DAY)
            self._next.append((until, place))
        heapq.heapify(self._next)

    def settle(self, now: float) -> None:
        """Move everybody whose time has come by `now`."""
        while self._next and self._next[0][0] <= now:
            at, place = self._next[0]
            agent = self._agents[place]
            # A little later, so that rounding never has anybody come and go without end.
            online, until = self._at(agent, at + _LITTLE)
            _move(agent, online=online, at=at)
            heapq.heapreplace(self._next, (until + _LITTLE, place))

    def _at(self, agent: Agent, at: float) -> tuple[bool, float]:
        """Whether the endpoint is online at that time, and until when that holds."""
        pattern = _office if (agent.bits >> 40) % 10 < _OFFICE else _seldom
        return pattern(agent, at)


def _office(agent: Agent, at: float) -> tuple[bool, float]:
    """Ten hours of each working day, by the clock of the site."""
    zone = sum(map(ord, agent.group.site.plan.code)) % 24 * HOUR
    lag = (agent.bits >> 44) % (2 * HOUR)
    local = at + zone - lag
    day, second = divmod(local, DAY)
    works = (day + _THURSDAY) % 7 < 5
    if works and _OPENS <= second < _CLOSES:
        return True, at + _CLOSES - second
    left = _OPENS - second if second < _OPENS else DAY + _OPENS - second
    return False, at + left


def _seldom(agent: Agent, at: float) -> tuple[bool, float]:
    """Some hours every one to four days."""
    every = (1 + (agent.bits >> 48) % 4) * DAY
    phase = (agent.bits >> 24) % every
    number, second = divmod(at - phase, every)
    stays = Random(agent.bits ^ int(number)).uniform(2, 6) * HOUR  # noqa: S311
    if second < stays:
        return True, at + stays - second
    return False, at + every - second


def _move(agent: Agent, *, online: bool, at: float) -> None:
    if agent.is_active and not online:
        agent.last_seen = at
    agent.is_active = online
