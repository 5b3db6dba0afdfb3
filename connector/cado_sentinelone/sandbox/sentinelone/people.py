"""Who may do what: roles, users and their tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cado_sentinelone.sandbox.asset import SENTINELONE_TOKEN
from cado_sentinelone.sandbox.places import DAY, Account, Site
from cado_sentinelone.sandbox.sentinelone.permissions import COLLECTOR, PERMISSIONS, VIEWER

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.world import World

ADMIN_TOKEN = "sandbox-sentinelone-admin"  # noqa: S105
SITE_TOKEN = "sandbox-sentinelone-site"  # noqa: S105
EXPIRED_TOKEN = "sandbox-sentinelone-expired"  # noqa: S105


@dataclass(slots=True, eq=False)
class Role:
    """A role; a custom one belongs to an account, a predefined one to the tenant."""

    role_id: str
    name: str
    permissions: frozenset[str]
    created_at: float
    account: Account | None = None


@dataclass(slots=True, eq=False)
class User:
    """A person or a service user, with the one token that either has.

    Neither an account nor a site makes the user the tenant's.
    """

    user_id: str
    full_name: str
    email: str
    role: Role
    token: str
    created_at: float
    expires_at: float
    is_service: bool = True
    account: Account | None = None
    site: Site | None = None

    @property
    def scope(self) -> str:
        """`tenant`, `account` or `site`."""
        return "site" if self.site else "account" if self.account else "tenant"


def found_roles(world: "World") -> list[Role]:
    """The predefined roles and the custom one that a collector needs."""
    return [
        Role(_person_id(0), "Admin", PERMISSIONS, world.started_at - 900 * DAY),
        Role(_person_id(1), "Viewer", VIEWER, world.started_at - 900 * DAY),
        Role(
            _person_id(2),
            "Cado collector",
            COLLECTOR,
            world.started_at - 40 * DAY,
            account=world.accounts[0],
        ),
    ]


def found_users(world: "World", roles: Sequence[Role]) -> list[User]:
    """The collector's service user, an administrator, a site's user and one whose token died."""
    admin, viewer, collector = roles
    account = world.accounts[0]
    month_ago, in_two_years = world.started_at - 30 * DAY, world.started_at + 730 * DAY
    return [
        User(
            user_id=_person_id(100),
            full_name="SOAR connector",
            email="soar@example.com",
            role=collector,
            token=SENTINELONE_TOKEN,
            created_at=month_ago,
            expires_at=in_two_years,
            account=account,
        ),
        User(
            user_id=_person_id(101),
            full_name="Console administrator",
            email="admin@example.com",
            role=admin,
            token=ADMIN_TOKEN,
            created_at=month_ago - 300 * DAY,
            expires_at=in_two_years,
            is_service=False,
        ),
        User(
            user_id=_person_id(102),
            full_name="Site viewer",
            email="site@example.com",
            role=viewer,
            token=SITE_TOKEN,
            created_at=month_ago,
            expires_at=in_two_years,
            is_service=False,
            site=account.sites[0],
        ),
        User(
            user_id=_person_id(103),
            full_name="Last year's connector",
            email="old-soar@example.com",
            role=collector,
            token=EXPIRED_TOKEN,
            created_at=month_ago - 365 * DAY,
            expires_at=month_ago,
            account=account,
        ),
    ]


def _person_id(number: int) -> str:
    return str(1_286_405_906_565_325_677 + number * 16_777_259)
