"""What only SentinelOne's side holds: people, exclusions, activities."""

from typing import TYPE_CHECKING

from cado_sentinelone.sandbox.sentinelone.agent_json import AgentWriter
from cado_sentinelone.sandbox.sentinelone.callers import Caller
from cado_sentinelone.sandbox.sentinelone.errors import unauthenticated
from cado_sentinelone.sandbox.sentinelone.people import Role, User, found_roles, found_users
from cado_sentinelone.sandbox.sentinelone.records import Activity, Exclusion, found_activities
from cado_sentinelone.sandbox.sentinelone.remote import Remote

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.world import World


class SentinelOneState:
    """The console's own records, with the faults that change how far a token reaches."""

    def __init__(self, world: "World") -> None:
        """Found them."""
        self.world = world
        self.roles = found_roles(world)
        self.users = found_users(world, self.roles)
        self.exclusions: dict[str, Exclusion] = {}
        self.activities: list[Activity] = found_activities(world, self.users)
        self.agent_writer = AgentWriter(world)
        self.remote = Remote(world)
        self._users_by_token = {user.token: user for user in self.users}
        self._ids = 2_000_000_000_000_000_000

    @property
    def collector(self) -> User:
        """The service user that the sandbox's asset names; faults are about it."""
        return self.users[0]

    def new_id(self) -> str:
        """An id that nothing has yet."""
        self._ids += 1
        return str(self._ids)

    def user_of(self, token: str) -> User | None:
        """The owner of a token, dead or alive."""
        return self._users_by_token.get(token)

    def open_session(self, user: User) -> str:
        """A session token of the user, which every route takes as its own."""
        token = f"sandbox-session-{self.new_id()}"
        self._users_by_token[token] = user
        return token

    def caller_of(self, token: str) -> Caller:
        """Who calls with this token.

        Raises:
            Refusal: nobody, or the token has expired.
        """
        user = self.user_of(token)
        if user is None or self.expires_at(user) <= self.world.clock.now():
            raise unauthenticated()
        site, account = user.site, user.account
        if user is self.collector and self.world.faults.on("site_scope_token"):
            site, account = self.world.sites[0], None
        sites = [site] if site else account.sites if account else self.world.sites
        return Caller(
            user=user,
            permissions=self.granted(user.role),
            scope="site" if site else "account" if account else "tenant",
            accounts=[] if site else [account] if account else self.world.accounts,
            sites=sites,
        )

    def granted(self, role: Role) -> frozenset[str]:
        """What the role grants, less what faults take from the collector's role."""
        if role is not self.collector.role:
            return role.permissions
        faults = self.world.faults
        missing = set(faults.values("missing_permission"))
        if faults.on("user_unreadable"):
            missing.add("Users.view")
        if faults.on("roles_unreadable"):
            missing.add("Roles.view")
        return role.permissions - missing

    def expires_at(self, user: User) -> float:
        """When the user's token dies or died, epoch seconds."""
        now = self.world.clock.now()
        if self.world.faults.on("token_expired"):
            return min(user.expires_at, now - 3600)
        if hours := self.world.faults.value("token_expiring"):
            return min(user.expires_at, now + float(hours) * 3600)
        return user.expires_at
