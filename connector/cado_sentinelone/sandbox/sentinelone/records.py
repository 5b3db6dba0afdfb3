"""The exclusions and activities of a console."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.places import Account, Group, Site

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.sentinelone.people import User
    from cado_sentinelone.sandbox.world import World

Place = Account | Site | Group | None
"""Where something applies; None is the tenant."""

AGENT_SUBSCRIBED = 17
USER_LOGGED_IN = 27
SCRIPT_RUN = 3650
ACTIVITY_TYPES: Mapping[int, tuple[str, str]] = {
    AGENT_SUBSCRIBED: ("Agent subscribed", "{{ computer_name }} subscribed and joined the group"),
    USER_LOGGED_IN: ("User logged in", "{{ username }} logged in to the management console"),
    SCRIPT_RUN: (
        "Remote script executed",
        "{{ username }} ran the script {{ script_name }} on {{ computer_name }}",
    ),
    80: ("Agent Uploaded Fetched Files", "{{ computer_name }} uploaded fetched files"),
    81: ("User Requested Fetch Files", "{{ username }} requested files of {{ computer_name }}"),
    86: ("Agent Uploaded Threat File", "{{ computer_name }} uploaded a threat file"),
}
"""Action and template by number. Only 80, 81 and 86 are published with a meaning (contract 10)."""


@dataclass(slots=True, eq=False)
class Exclusion:
    """One exclusion at one place."""

    exclusion_id: str
    place: Place
    type: str
    value: str
    os_type: str
    user: "User"
    created_at: float
    updated_at: float
    verdict: str
    description: str
    mode: str | None
    path_type: str | None
    actions: list[str]
    source: str
    inject: bool


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that happened, at the tenant if it names no agent."""

    activity_id: str
    number: int
    at: float
    text: str
    agent: Agent | None = None
    user: "User | None" = None
    details: Mapping[str, object] = field(default_factory=dict)


def found_activities(world: "World", users: "list[User]") -> list[Activity]:
    """That the first agents came and the users logged in."""
    activities = [
        Activity(
            activity_id=_activity_id(number),
            number=AGENT_SUBSCRIBED,
            at=agent.registered_at,
            text=f"{agent.hostname} subscribed and joined the group {agent.group.name}.",
            agent=agent,
            details={"computerName": agent.hostname, "groupName": agent.group.name},
        )
        for number, agent in enumerate(world.agents[:200])
    ]
    activities += [
        Activity(
            activity_id=_activity_id(len(activities) + number),
            number=USER_LOGGED_IN,
            at=world.started_at - 3600 * (len(users) - number),
            text=f"{user.full_name} logged in to the management console.",
            user=user,
            details={"username": user.full_name, "source": "mgmt"},
        )
        for number, user in enumerate(users)
    ]
    return activities


def _activity_id(number: int) -> str:
    return str(1_800_000_000_000_000_000 + number * 4_194_319)
