"""The endpoints at the front of every world, one of each kind that matters."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from cado_sentinelone.sandbox.fleet import (
    LEGACY,
    MAC,
    UBUNTU,
    WORKSTATION,
    Agent,
    Platform,
    hostname,
)
from cado_sentinelone.sandbox.places import EXPIRED_SITE, SITE_WITHOUT_RSO, Account, SitePlan

HEALTHY_WINDOWS = 0
HEALTHY_LINUX = 1
OFFLINE = 2
ISOLATED = 3
MACOS = 4
DECOMMISSIONED = 5
WINDOWS_LEGACY = 6
ON_SITE_WITHOUT_RSO = 7
DUPLICATE_HOSTNAMES = (8, 9)
TAGGED = 10
RSO_LEVEL_NONE = 11
ON_EXPIRED_SITE = 12
UNINSTALLED = 13
OFFLINE_LINUX = 14


class Landmark(NamedTuple):
    """A healthy endpoint, but for its `changes`; on one of the first sites unless one is named."""

    platform: Platform = WORKSTATION
    plan: SitePlan | None = None
    changes: dict[str, Any] = {}  # noqa: RUF012 - read only


LANDMARKS: dict[int, Landmark] = {
    HEALTHY_WINDOWS: Landmark(),
    HEALTHY_LINUX: Landmark(UBUNTU),
    OFFLINE: Landmark(changes={"is_active": False}),
    ISOLATED: Landmark(changes={"network_status": "disconnected"}),
    MACOS: Landmark(MAC),
    DECOMMISSIONED: Landmark(changes={"is_active": False, "is_decommissioned": True}),
    WINDOWS_LEGACY: Landmark(LEGACY),
    ON_SITE_WITHOUT_RSO: Landmark(plan=SITE_WITHOUT_RSO),
    DUPLICATE_HOSTNAMES[0]: Landmark(changes={"hostname": "ws-shared-image"}),
    DUPLICATE_HOSTNAMES[1]: Landmark(changes={"hostname": "ws-shared-image"}),
    TAGGED: Landmark(changes={"tags": (("Environment", "Production"), ("Owner", "Finance"))}),
    RSO_LEVEL_NONE: Landmark(changes={"rso_level": "none"}),
    ON_EXPIRED_SITE: Landmark(plan=EXPIRED_SITE),
    UNINSTALLED: Landmark(changes={"is_active": False, "is_uninstalled": True}),
    OFFLINE_LINUX: Landmark(UBUNTU, changes={"is_active": False}),
}
"""By place in `World.agents`; a world with fewer endpoints holds the first ones."""


def place_landmarks(agents: Sequence[Agent], account: Account) -> None:
    """Turn the first agents, which are the account's, into the landmarks."""
    for number, agent in enumerate(agents[: len(LANDMARKS)]):
        platform, plan, changes = LANDMARKS[number]
        sites = [site for site in account.sites if site.plan is plan]
        site = sites[0] if sites else account.sites[number % 3]
        agent.platform = platform
        agent.rso_level = platform.rso_level
        agent.group = site.groups[0]
        agent.external_ip = site.external_ip
        agent.hostname = hostname(platform, site, number)
        agent.is_active = True
        agent.is_decommissioned = False
        for name, value in changes.items():
            setattr(agent, name, value)
