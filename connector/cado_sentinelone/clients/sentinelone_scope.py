"""The hard scope of an asset: no request leaves without it, no record from outside comes in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from cado_sentinelone.errors import AssetError, RefusedError

Query = list[tuple[str, str]]
Row = dict[str, Any]

# The vendor's cap for siteIds and accountIds on the routes that we call (contract 1.3).
MOST_SCOPE_IDS = 500


@dataclass(frozen=True)
class Scope:
    """The sites and accounts that the asset pins; empty means whatever the token can see."""

    site_ids: tuple[str, ...] = ()
    account_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("site_ids", "account_ids"):
            if len(getattr(self, name)) > MOST_SCOPE_IDS:
                raise AssetError(
                    f"{name} pins more than {MOST_SCOPE_IDS} ids, the most one request can carry",
                    remedy="Pin the accounts instead, or use one asset for each part.",
                )

    @property
    def pinned(self) -> bool:
        """Whether the asset pins anything."""
        return bool(self.site_ids or self.account_ids)

    def query(self, site_ids: Sequence[str] = ()) -> Query:
        """What a request about `site_ids` (all, when empty) carries (promise S10).

        Raises RefusedError when a site is outside the pin.
        """
        if self.site_ids:
            outside = sorted(set(site_ids) - set(self.site_ids))
            if outside:
                raise outside_the_pin("site", outside)
            return [("siteIds", ",".join(site_ids or self.site_ids))]
        query = [("siteIds", ",".join(site_ids))] if site_ids else []
        if self.account_ids:
            query.append(("accountIds", ",".join(self.account_ids)))
        return query

    def only_inside(
        self,
        rows: Sequence[Row],
        site_ids: Collection[str] = (),
        *,
        site_key: str = "siteId",
        account_key: str = "accountId",
    ) -> Sequence[Row]:
        """The rows that are inside the pin and, when given, in `site_ids`.

        How the console joins siteIds and accountIds in one request is not documented, so what
        comes back is held against both.
        """
        sites, accounts = frozenset(site_ids or self.site_ids), frozenset(self.account_ids)
        if sites:
            rows = [row for row in rows if row.get(site_key) in sites]
        if accounts:
            rows = [row for row in rows if row.get(account_key) in accounts]
        return rows


def outside_the_pin(what: str, ids: Sequence[str]) -> RefusedError:
    """The refusal to touch `ids`, which the asset's scope leaves out."""
    return RefusedError(
        f"{what} {', '.join(ids)} is outside the scope that the asset pins",
        remedy="Ask for what site_ids and account_ids of the asset name, or use another asset.",
    )
