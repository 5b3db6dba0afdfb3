"""The tenant's accounts, sites and groups."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.fleet import Agent

DAY = 86_400


class SitePlan(NamedTuple):
    """A site to found: `share` is its part of the account's endpoints, against the others'."""

    name: str
    code: str
    share: int
    has_rso: bool = True
    expired: bool = False


SITE_WITHOUT_RSO = SitePlan("Print shop", "prt", 8, has_rso=False)
EXPIRED_SITE = SitePlan("Old office", "old", 2, expired=True)
PLAN = {
    "Acme": (
        SitePlan("Headquarters", "hq", 260),
        SitePlan("Amsterdam", "ams", 170),
        SitePlan("Boston", "bos", 130),
        SitePlan("Singapore", "sin", 110),
        SitePlan("Warsaw", "waw", 90),
        SitePlan("Data centre", "dc", 80),
        SitePlan("Remote workers", "rem", 60),
        SitePlan("Plant one", "p1", 40),
        SitePlan("Plant two", "p2", 30),
        SitePlan("Research", "res", 20),
        SITE_WITHOUT_RSO,
        EXPIRED_SITE,
    ),
    "Acme Health": (SitePlan("Clinics", "cli", 6), SitePlan("Laboratory", "lab", 3)),
    "Acme Logistics": (SitePlan("Warehouses", "whs", 5),),
}
"""The sites of each account."""


@dataclass(slots=True, eq=False)
class Account:
    """One SentinelOne account."""

    account_id: str
    name: str
    created_at: float
    sites: list["Site"] = field(default_factory=list)
    agents: list["Agent"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Site:
    """One site of an account."""

    site_id: str
    account: Account
    plan: SitePlan
    external_ip: str
    created_at: float
    is_default: bool
    modules: tuple[str, ...]
    state: str
    groups: list["Group"] = field(default_factory=list)
    agents: list["Agent"] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What the console calls the site."""
        return self.plan.name

    @property
    def account_id(self) -> str:
        """The account the site is in."""
        return self.account.account_id


@dataclass(slots=True, eq=False)
class Group:
    """One group of a site."""

    group_id: str
    name: str
    site: Site
    created_at: float
    is_default: bool
    agents: list["Agent"] = field(default_factory=list)

    @property
    def site_id(self) -> str:
        """The site the group is in."""
        return self.site.site_id


SITES = len(PLAN["Acme"])
MOST_SITES = 240


def found_accounts(now: float, sites: int = SITES) -> list[Account]:
    """Every account of the plan with its sites and groups, not an agent in them yet.

    The first one has so many sites: branches follow those of the plan.
    """
    wanted = PLAN | {"Acme": PLAN["Acme"] + tuple(
        SitePlan(f"Branch {number}", f"b{number}", 20) for number in range(SITES + 1, sites + 1)
    )}  # fmt: skip
    accounts: list[Account] = []
    sites_founded = 0
    for number, (name, plans) in enumerate(wanted.items()):
        created_at = now - (900 - 50 * number) * DAY
        account = Account(_scope_id(1, number), name, created_at)
        for plan in plans:
            account.sites.append(_found_site(account, plan, sites_founded))
            sites_founded += 1
        accounts.append(account)
    return accounts


def _found_site(account: Account, plan: SitePlan, number: int) -> Site:
    site = Site(
        site_id=_scope_id(2, number),
        account=account,
        plan=plan,
        external_ip=f"198.51.100.{number + 1}",
        created_at=account.created_at + number * DAY,
        is_default=not account.sites,
        modules=("star", "rso") if plan.has_rso else ("star",),
        state="expired" if plan.expired else "active",
    )
    for place, name in enumerate(("Default Group", "Servers", "Sensitive")):
        group_id = _scope_id(3, 10 * number + place)
        site.groups.append(Group(group_id, name, site, site.created_at, is_default=place == 0))
    return site


def _scope_id(kind: int, number: int) -> str:
    """A SentinelOne id of 19 digits (contract 1.1)."""
    return str(1_390_000_000_000_000_000 + kind * 1_000_000_000_000_000 + number * 8_388_617)
