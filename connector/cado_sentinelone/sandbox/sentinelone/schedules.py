"""Executions that are to happen later, once or again and again (contract 7.5)."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain

from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.places import Site
from cado_sentinelone.sandbox.sentinelone.people import User
from cado_sentinelone.sandbox.sentinelone.remote_records import Script
from cado_sentinelone.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as the API has it: it counts as UTC, its zone is for showing."""

    at: float
    zone: str


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every so many days, weeks, months or years."""

    unit: str
    interval: int
    day_of_month: int | None

    def after(self, moment: float) -> float:
        """The next time after this one; a month that is too short has its last day instead."""
        at = datetime.fromtimestamp(moment, UTC)
        if self.unit in ("day", "week"):
            days = self.interval * (7 if self.unit == "week" else 1)
            return (at + timedelta(days=days)).timestamp()
        months = at.year * 12 + at.month - 1 + self.interval * (12 if self.unit == "year" else 1)
        year, month = months // 12, months % 12 + 1
        last = calendar.monthrange(year, month)[1]
        day = min(self.day_of_month or at.day, last)
        return at.replace(year=year, month=month, day=day).timestamp()


@dataclass(slots=True, eq=False)
class Scheduled:
    """An execution to come. Its endpoints are looked for when its time has come."""

    scheduled_id: str
    script: Script
    wanted: dict[str, object]
    targets: Mapping[str, object]
    reach: Sequence[Site]
    """How far its creator's token reached."""
    user: User
    created_at: float
    updated_at: float
    time: Moment
    expires: Moment | None
    recurrence: Recurrence | None
    affected: int
    """How many endpoints it reached when it was created."""
    state: str = "scheduled"

    def agents(self, world: World) -> list[Agent]:
        """The endpoints that it reaches now."""
        return targeted(self.targets, self.reach, world)

    def happened(self) -> bool:
        """Go on to the next time; whether there is one."""
        if self.recurrence is None:
            return False
        self.time = Moment(self.recurrence.after(self.time.at), self.time.zone)
        return self.expires is None or self.time.at <= self.expires.at


class Schedules:
    """Everything that is to happen later."""

    def __init__(self) -> None:
        """Nothing is."""
        self.by_id: dict[str, Scheduled] = {}

    def first_due(self, now: float) -> Scheduled | None:
        """What has to happen next and whose time has come."""
        due = [
            one for one in self.by_id.values() if one.state == "scheduled" and one.time.at <= now
        ]
        return min(due, key=lambda one: one.time.at, default=None)

    def happened(self, scheduled: Scheduled) -> None:
        """Go on to its next time, or forget it: a list of what is to come does not hold it."""
        if not scheduled.happened():
            del self.by_id[scheduled.scheduled_id]


def targeted(wanted: Mapping[str, object], reach: Sequence[Site], world: World) -> list[Agent]:
    """The endpoints of a filter on which remote scripts are possible, within the reach.

    An empty filter selects all of them.
    """
    agents: Iterable[Agent] = chain.from_iterable(site.agents for site in reach)
    if "ids" in wanted:
        known = (world.agent(agent_id) for agent_id in dict.fromkeys(_ids(wanted, "ids")))
        agents = [agent for agent in known if agent and agent.group.site in reach]
    sites, groups = _ids(wanted, "siteIds"), _ids(wanted, "groupIds")
    accounts = _ids(wanted, "accountIds")
    return with_rso(
        agent
        for agent in agents
        if (not accounts or agent.group.site.account_id in accounts)
        and (not sites or agent.group.site_id in sites)
        and (not groups or agent.group.group_id in groups)
    )


def with_rso(agents: Iterable[Agent]) -> list[Agent]:
    """Where remote scripts are possible. The operating system is not looked at (contract 5)."""
    return [
        agent
        for agent in agents
        if agent.rso_level != "none"
        and "rso" in agent.group.site.modules
        and not agent.is_decommissioned
        and not agent.is_uninstalled
    ]


def _ids(wanted: Mapping[str, object], name: str) -> list[str]:
    ids = wanted.get(name)
    return [str(one) for one in ids] if isinstance(ids, list) else []
