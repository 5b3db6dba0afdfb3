"""Where an exclusion applies: a group, a site, an account or the tenant."""

from collections.abc import Sequence

from cado_sentinelone.sandbox.places import Account, Group, Site
from cado_sentinelone.sandbox.sentinelone.callers import Caller
from cado_sentinelone.sandbox.sentinelone.records import Place
from cado_sentinelone.sandbox.sentinelone.rules import Query


def places_in(scope: Query, caller: Caller) -> list[Place]:
    """Every place that a filter names.

    Raises:
        Refusal: one of them is outside the caller's scope.
    """
    places: list[Place] = [None] if caller.check_tenant(scope) else []
    if "accountIds" in scope:
        caller.sites_in({"accountIds": scope["accountIds"]})
        places += [a for a in caller.accounts if a.account_id in scope["accountIds"]]  # type: ignore[operator]
    if "siteIds" in scope:
        places += caller.sites_in({"siteIds": scope["siteIds"]})
    return places + list(caller.groups_in(scope) or ())


def roots_of(caller: Caller) -> Sequence[Place]:
    """The places at the top of the caller's scope."""
    return [None] if caller.sees_tenant else [*(caller.accounts or caller.sites)]


def chain(place: Place) -> list[Place]:
    """The place and everything above it, the tenant last."""
    if isinstance(place, Group):
        return [place, *chain(place.site)]
    if isinstance(place, Site):
        return [place, place.account, None]
    return [None] if place is None else [place, None]


def ids_of(place: Place) -> dict[str, object]:
    """The place in the form of an exclusion's `scope`."""
    if isinstance(place, Group):
        return {"groupIds": [place.group_id]}
    if isinstance(place, Site):
        return {"siteIds": [place.site_id]}
    if isinstance(place, Account):
        return {"accountIds": [place.account_id]}
    return {"tenant": True}


def name_of(place: Place) -> str:
    """What the console calls the place."""
    return "Global" if place is None else place.name


def path_of(place: Place) -> str:
    """The names of everything above the place and its own."""
    return " / ".join(name_of(step) for step in reversed(chain(place)))
