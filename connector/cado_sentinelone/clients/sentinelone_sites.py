"""Sites and accounts, and which sites have RemoteOps (contract 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from cado_sentinelone.clients.sentinelone_calls import SentinelOneCalls, batches
from cado_sentinelone.clients.sentinelone_scope import Row
from cado_sentinelone.errors import ConnectorError

if TYPE_CHECKING:
    from cado_sentinelone.clients.sentinelone_records import Account, Site

REMOTE_OPS = "rso"

_KNOWN_SECONDS = 600.0


class SiteCalls(SentinelOneCalls):
    """The part of the client that is about sites and accounts."""

    _known: tuple[float, SiteModules] | None = None

    def site_modules(self) -> SiteModules:
        """Which sites have RemoteOps, as of at most ten minutes ago: a worker asks again and again."""
        now = self.run.monotonic()
        if self._known is None or now - self._known[0] > _KNOWN_SECONDS:
            self._known = (now, SiteModules(self.site_rows, self.run.warn))
        return self._known[1]

    def sites(self, site_ids: Sequence[str] = ()) -> Iterator[Site]:
        """The sites that the token and the pin allow, or those of them in `site_ids`.

        Raises RefusedError for a site outside the pin.
        """
        from cado_sentinelone.clients.sentinelone_records import Site, read

        for row in self.site_rows(site_ids):
            yield read(Site, row, "sites")

    def accounts(self) -> Iterator[Account]:
        """The accounts that the token and the pin allow."""
        from cado_sentinelone.clients.sentinelone_records import Account, read

        # The route knows no siteIds: pinned sites are asked for their accounts.
        ids = self.scope.account_ids
        if self.scope.site_ids and not ids:
            ids = tuple(sorted({site.account_id for site in self.sites()}))
        query = [("accountIds", ",".join(ids))] if ids else []
        for rows in self.rows("accounts", query):
            for row in rows:
                if not ids or row.get("id") in ids:
                    yield read(Account, row, "accounts")

    def site_rows(self, site_ids: Sequence[str] = ()) -> Iterator[Row]:
        """As `sites`, in the console's own shape: a listing of endpoints needs two fields of it."""
        for part in batches(site_ids) if site_ids else [()]:
            pages = self.rows("sites", self.scope.query(part), rows_of=_nested_sites)
            for rows in pages:
                yield from self.scope.only_inside(rows, part, site_key="id")


class SiteModules:
    """Which sites have the RemoteOps module, each asked for once in one listing.

    When the sites cannot be read, that is one warning and every answer is None.
    """

    def __init__(
        self, read: Callable[[Sequence[str]], Iterable[Row]], warn: Callable[[str], None]
    ) -> None:
        self._read = read
        self._warn = warn
        self._has_rso: dict[str, bool | None] = {}
        self._unreadable = False
        self._asked = False

    def learn(self, site_ids: Iterable[str]) -> None:
        """Asks for those of `site_ids` that are not known yet, all in one call."""
        unknown = sorted({site for site in site_ids if site} - self._has_rso.keys())
        if not unknown:
            return
        self._has_rso.update(dict.fromkeys(unknown))
        if not self._unreadable:
            # Who asks again will ask once more: all of them take one call as well.
            self.rows(() if self._asked else unknown)
            self._asked = True

    def rows(self, site_ids: Sequence[str]) -> list[Row]:
        """The sites of the console, or those in `site_ids`; empty when they cannot be read."""
        try:
            rows = list(self._read(site_ids))
        except ConnectorError as error:
            self._unreadable = True
            self._warn(f"collectable is not known: the sites cannot be read. {error.message}")
            return []
        self._has_rso.update((row.get("id", ""), _has_rso(row)) for row in rows)
        return rows

    def has_rso(self, site_id: str) -> bool | None:
        """Whether the site has the module; None when the console does not show the site."""
        return self._has_rso.get(site_id)

    def collectable(self, row: Row) -> tuple[bool | None, str]:
        """Whether the agent's site lets a collection start, and why not."""
        site = row.get("siteName") or row.get("siteId") or ""
        has_rso = self.has_rso(row.get("siteId") or "")
        if has_rso is None:
            return None, f"the console does not tell the modules of site {site}".rstrip()
        if not has_rso:
            return False, f"site {site} does not have the RemoteOps module ({REMOTE_OPS})"
        return True, ""


def _nested_sites(content: object) -> object:
    """On this route alone `data` is an object (contract 1.1)."""
    return content.get("sites") if isinstance(content, dict) else content


def _has_rso(row: Row) -> bool | None:
    """By `licenses.modules`; None when the row holds no such list."""
    licenses = row.get("licenses")
    modules = licenses.get("modules") if isinstance(licenses, dict) else None
    if not isinstance(modules, list):
        return None
    return any(isinstance(module, dict) and module.get("name") == REMOTE_OPS for module in modules)
