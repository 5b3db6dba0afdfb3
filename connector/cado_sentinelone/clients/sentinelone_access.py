"""Who the token is, what it may do, how long it lives, and the console itself (contract 2 to 4)."""

from __future__ import annotations

from urllib.parse import quote

from cado_sentinelone.clients.sentinelone_calls import SentinelOneCalls
from cado_sentinelone.clients.sentinelone_records import (
    ConsoleVersion,
    PermissionPage,
    Role,
    TokenLife,
    User,
    UserPages,
    read,
)
from cado_sentinelone.clients.sentinelone_scope import Query, outside_the_pin
from cado_sentinelone.errors import ForbiddenError


class AccessCalls(SentinelOneCalls):
    """The part of the client that is about the token and the console."""

    def system_status(self) -> str:
        """The console's health, `ok` when it is up; needs no token (contract 4)."""
        content = self.call("GET", "system/status")
        return str(content.get("health", "")) if isinstance(content, dict) else ""

    def console_version(self) -> ConsoleVersion:
        """The console's version; it takes a living token and no permission (contract 4)."""
        return read(ConsoleVersion, self.call("GET", "system/info"), "system/info")

    def user(self) -> User:
        """Whose token it is. Raises ForbiddenError when its role lacks Users.view."""
        return read(User, self.call("GET", "user", self.scope.query()), "user")

    def token_expiry(self) -> TokenLife:
        """When the token was made and when it dies; no permission is needed (contract 2)."""
        body = {"data": {"apiToken": self.token.get_secret_value()}}
        route = "users/api-token-details"
        return read(TokenLife, self.call("POST", route, body=body), route)

    def role(self, role_id: str, *, scope: str = "", scope_id: str = "") -> Role:
        """The role with its permissions, as they are in `scope` (tenant, account or site).

        What a role grants varies with the scope that is asked about (contract 3). Raises
        RefusedError for a scope outside the pin.
        """
        route = f"rbac/role/{quote(role_id, safe='')}"
        return read(Role, self.call("GET", route, self._role_query(scope, scope_id)), route)

    def permission_pages(self, user: User) -> tuple[PermissionPage, ...]:
        """What `user`, whose token it is, may do inside the pin (contract 3).

        The pages of the one role; for several roles, for none with an id and where roles cannot
        be read, the effective pages that the console shows with the user.
        """
        pinned = {*self.scope.site_ids, *self.scope.account_ids}
        roles = [role for role in user.scope_roles if not pinned or role.scope_id in pinned]
        if len(roles) == 1 and roles[0].role_id:
            try:
                return self.role(
                    roles[0].role_id, scope=user.scope, scope_id=roles[0].scope_id
                ).pages
            except ForbiddenError:
                pass  # Roles.view is one permission more than Users.view, which got us here
        route = f"users/{quote(user.user_id, safe='')}"
        return read(UserPages, self.call("GET", route), route).pages

    def _role_query(self, scope: str, scope_id: str) -> Query:
        match scope:
            case "site" if scope_id:
                return self.scope.query([scope_id])
            case "account" if scope_id:
                if self.scope.account_ids and scope_id not in self.scope.account_ids:
                    raise outside_the_pin("account", [scope_id])
                if not self.scope.site_ids:
                    return [("accountIds", scope_id)]
            case "tenant" if not self.scope.pinned:
                return [("tenant", "true")]
        return self.scope.query()
