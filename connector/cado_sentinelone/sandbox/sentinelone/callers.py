"""Who calls, and how far the caller's token reaches."""

from collections.abc import Sequence
from dataclasses import dataclass

from cado_sentinelone.sandbox.places import Account, Group, Site
from cado_sentinelone.sandbox.sentinelone.errors import forbidden
from cado_sentinelone.sandbox.sentinelone.people import User
from cado_sentinelone.sandbox.sentinelone.rules import Query


@dataclass(frozen=True, slots=True)
class Caller:
    """The owner of the token of one request: nothing outside `sites` exists for it."""

    user: User
    permissions: frozenset[str]
    scope: str
    accounts: Sequence[Account]
    sites: Sequence[Site]

    @property
    def sees_tenant(self) -> bool:
        """Whether the token reaches everything."""
        return self.scope == "tenant"

    def sites_in(self, query: Query) -> Sequence[Site]:
        """The sites that the query's scope selects, all of the caller's if it names none.

        Raises:
            Refusal: the query names an account, site or group outside the caller's scope.
        """
        account_ids = self._within(query, "accountIds", [a.account_id for a in self.accounts])
        site_ids = self._within(query, "siteIds", [site.site_id for site in self.sites])
        groups = self.groups_in(query)
        return [
            site
            for site in self.sites
            if (account_ids is None or site.account_id in account_ids)
            and (site_ids is None or site.site_id in site_ids)
            and (groups is None or any(group.site is site for group in groups))
        ]

    def groups_in(self, query: Query) -> Sequence[Group] | None:
        """The groups that the query names, None if it names none.

        Raises:
            Refusal: the query names a group outside the caller's scope.
        """
        groups = {group.group_id: group for site in self.sites for group in site.groups}
        wanted = self._within(query, "groupIds", list(groups))
        return None if wanted is None else [groups[group_id] for group_id in wanted]

    def check_tenant(self, query: Query) -> bool:
        """Whether the query asks for the tenant's own things, by `tenant=true`.

        Raises:
            Refusal: it does, and the caller's scope is smaller.
        """
        if query.get("tenant") and not self.sees_tenant:
            raise self.outside()
        return bool(query.get("tenant"))

    def outside(self) -> Exception:
        """403 in the console's words: the request asks for more than the token's scope."""
        return forbidden(
            f"User scope level is {self.scope}. Please provide a valid account ID or site ID."
        )

    def _within(self, query: Query, name: str, reachable: Sequence[str]) -> Sequence[str] | None:
        wanted = query.get(name)
        if not isinstance(wanted, list):
            return None
        ids = list(dict.fromkeys(map(str, wanted)))
        if not set(ids) <= set(reachable):
            raise self.outside()
        return ids
