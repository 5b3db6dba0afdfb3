"""Exclusions, so that the agent does not stop Cado Host (contract 9.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from cado_sentinelone.clients.sentinelone_calls import batches
from cado_sentinelone.clients.sentinelone_records import Exclusion, Validation, read
from cado_sentinelone.clients.sentinelone_scope import Query, Scope, outside_the_pin
from cado_sentinelone.clients.sentinelone_sites import SiteCalls
from cado_sentinelone.errors import RefusedError, VendorError
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.run import Run

PlaceKind = Literal["site", "account", "tenant", "group"]

_FILTERS = {"site": "siteIds", "account": "accountIds", "group": "groupIds"}


class ExclusionCalls(SiteCalls):
    """The part of the client that is about exclusions.

    A place is a site, account or group by its id, or the tenant, which has none. One that the pin leaves out is
    refused before anything is sent about it (promise S10).
    """

    def __init__(self, asset: Asset, run: Run) -> None:
        super().__init__(asset, run)
        self._inside_pin: set[tuple[PlaceKind, str]] = set()

    def exclusions(
        self,
        place: PlaceKind,
        place_id: str = "",
        *,
        containing: Sequence[str] = (),
        with_parents: bool = False,
    ) -> Iterator[Exclusion]:
        """The path exclusions at the place whose value contains one of `containing`, if any.

        `with_parents` adds those that the place inherits. Raises RefusedError for a place outside
        the pin.
        """
        self.check_places(place, [place_id])
        query: Query = [(_FILTERS[place], place_id) if place_id else ("tenant", "true")]
        if with_parents:
            query.append(("includeParents", "true"))
        return self._listed([*query, *_about(containing)])

    def exclusions_in_scope(self, containing: Sequence[str] = ()) -> Iterator[Exclusion]:
        """The path exclusions anywhere in the scope, those it inherits included."""
        everywhere = [("includeParents", "true"), ("includeChildren", "true")]
        return self._listed([*self.scope.query(), *everywhere, *_about(containing)])

    def validate_exclusion(self, *, os: str, value: str) -> Validation:
        """What the console says of excluding the path; it knows of no scope here."""
        body = {"data": {"exclusionType": "path", "osType": os, "value": value}}
        route = "exclusions/validate"
        return read(Validation, self.call("POST", route, body=body), route)

    def create_exclusion(
        self, place: PlaceKind, place_id: str, *, os: str, value: str, mode: str, description: str
    ) -> Exclusion:
        """The new exclusion of one file path at one place.

        Raises ConflictError when the place has it already, which the console calls a 400
        (contract 9.1), and RefusedError for a place outside the pin.
        """
        self.check_places(place, [place_id])
        body = {
            "filter": {_FILTERS[place]: [place_id]} if place_id else {"tenant": True},
            "data": {
                "type": "path",
                "value": value,
                "osType": os,
                "mode": mode,
                "pathExclusionType": "file",
                "description": description,
            },
        }
        created = self.call("POST", "exclusions", body=body)
        if not isinstance(created, list) or len(created) != 1:
            raise VendorError(
                "SentinelOne did not answer with the one exclusion that was asked for",
                vendor="sentinelone",
            )
        return read(Exclusion, created[0], "exclusions")

    def delete_exclusions(self, exclusion_ids: Sequence[str]) -> int:
        """How many of the exclusions the console deleted.

        The request itself cannot carry a scope, so under a pin the exclusions are looked up with
        it first. Raises RefusedError when one of them is not found there.
        """
        if not exclusion_ids:
            return 0
        if self.scope.pinned:
            outside = sorted(set(exclusion_ids) - set(self._deletable(exclusion_ids)))
            if outside:
                raise outside_the_pin("exclusion", outside)
        body = {"data": {"ids": list(exclusion_ids), "type": "path"}}
        content = self.call("DELETE", "exclusions", body=body)
        affected = content.get("affected") if isinstance(content, dict) else None
        return affected if isinstance(affected, int) else 0

    def check_places(self, place: PlaceKind, place_ids: Sequence[str]) -> None:
        """Raises RefusedError for a place that is not inside the pin, or wider than it."""
        if not self.scope.pinned:
            return
        if place == "tenant" or (place == "account" and self.scope.site_ids):
            raise RefusedError(
                f"scope {place} is wider than what the asset pins",
                remedy="Choose a scope inside site_ids and account_ids of the asset.",
            )
        unchecked = [at for at in dict.fromkeys(place_ids) if (place, at) not in self._inside_pin]
        outside = sorted(set(unchecked) - self._shown(place, unchecked)) if unchecked else []
        if outside:
            raise outside_the_pin(place, outside)
        self._inside_pin.update((place, at) for at in unchecked)

    def _shown(self, place: PlaceKind, place_ids: Sequence[str]) -> set[str]:
        """Those of the places that are inside the pin, by the pin itself or by the console."""
        if place == "account":
            return set(self.scope.account_ids)
        if place == "site" and self.scope.site_ids:
            return set(self.scope.site_ids)
        if place == "site":
            return {row["id"] for row in self.site_rows(place_ids)}
        sites = Scope(site_ids=self.scope.site_ids)
        return {
            row["id"]
            for ids in batches(place_ids)
            for rows in self.rows("groups", [*self.scope.query(), ("groupIds", ",".join(ids))])
            for row in sites.only_inside(rows)
        }

    def _deletable(self, exclusion_ids: Sequence[str]) -> Iterator[str]:
        """The exclusions that the console shows inside the pin and that reach no further."""
        pin = self.scope
        for ids in batches(exclusion_ids):
            query = [*pin.query(), ("includeChildren", "true"), ("ids", ",".join(ids))]
            for exclusion in self._listed(query):
                scope = exclusion.scope
                wider = scope.tenant or not set(scope.account_ids) <= set(pin.account_ids)
                elsewhere = pin.site_ids and not set(scope.site_ids) <= set(pin.site_ids)
                if not wider and not elsewhere:
                    yield exclusion.exclusion_id

    def _listed(self, query: Query) -> Iterator[Exclusion]:
        for rows in self.rows("exclusions", query):
            for row in rows:
                yield read(Exclusion, row, "exclusions")


def _about(parts: Sequence[str]) -> Query:
    """The filters for exclusions of paths that contain one of `parts`, if any."""
    containing = [("value__contains", ",".join(parts))] if parts else []
    return [("types", "path"), *containing]
