"""Reading and changing when tasks may begin, and how many at once (contract 7.5)."""

from starlette.responses import Response

from cado_sentinelone.sandbox.places import Account, Group, Site
from cado_sentinelone.sandbox.sentinelone.call import Call, answer, listing
from cado_sentinelone.sandbox.sentinelone.errors import invalid
from cado_sentinelone.sandbox.sentinelone.exclusion_scopes import (
    chain,
    path_of,
    places_in,
    roots_of,
)
from cado_sentinelone.sandbox.sentinelone.maintenance import windows_of, zone_of
from cado_sentinelone.sandbox.sentinelone.paging import page_of
from cado_sentinelone.sandbox.sentinelone.records import Place
from cado_sentinelone.sandbox.sentinelone.remote_rules import TASK_TYPES
from cado_sentinelone.sandbox.sentinelone.rows import Record
from cado_sentinelone.sandbox.sentinelone.rules import Query
from cado_sentinelone.sandbox.sentinelone.schema import IDENTIFIERS, Field, Fields, choice, nested
from cado_sentinelone.sandbox.sentinelone.task_settings import TaskRules, TaskSettings

CHANGE: Fields = {
    "filter": nested(
        {
            "accountIds": IDENTIFIERS,
            "siteIds": IDENTIFIERS,
            "groupIds": IDENTIFIERS,
            "tenant": Field("boolean"),
            "taskType": choice(*TASK_TYPES, required=True),
        }
    ),
    "data": nested(
        {
            "inheritParentConcurrencyConfig": Field("boolean", required=True),
            "inheritParentMaintenanceConfig": Field("boolean", required=True),
            "maintenanceWindowsByDay": Field("anything", required=True),
            "maxConcurrent": Field("integer", required=True, least=0),
            "timezoneGmt": Field(required=True),
        }
    ),
}


def get_settings(call: Call) -> Response:
    """What holds at one scope, the caller's own by default."""
    return answer(_record(call, _one_place(call), str(call.query["taskType"])))


def change_settings(call: Call) -> Response:
    """Set it at every scope that the filter names; what has begun goes on."""
    scope: Query = call.body["filter"]  # type: ignore[assignment]
    places = places_in(scope, call.caller) or list(roots_of(call.caller))
    settings = _settings(call)
    # Whatever was due by now was due under the old settings.
    call.state.remote.settle()
    for place in places:
        _rules(call, str(scope["taskType"])).set(place, settings)
    call.state.remote.settle()
    return answer(_record(call, places[0], str(scope["taskType"])))


def list_subscopes(call: Call) -> Response:
    """The scopes below this one that set something of their own."""
    part = str(call.query.get("query", "")).lower()
    rows = [place for place in _subscopes(call) if part in path_of(place).lower()]
    page = page_of(rows, call.query, _read)
    return listing([_names(place) for place in page.rows], page.pagination)


def has_subscope(call: Call) -> Response:
    """Whether there is such a scope."""
    return answer({"flag": bool(_subscopes(call))})


def _rules(call: Call, task_type: str) -> TaskRules:
    return call.state.remote.rules_of(task_type)


def _one_place(call: Call) -> Place:
    places = places_in(call.query, call.caller) or list(roots_of(call.caller))
    if len(places) > 1:
        raise invalid("Only one scope can be read at a time.")
    return places[0]


def _settings(call: Call) -> TaskSettings:
    sent = call.sent
    by_day, zone = sent["maintenanceWindowsByDay"], sent["timezoneGmt"]
    if not isinstance(by_day, dict):
        raise invalid("data: maintenanceWindowsByDay: Invalid input type.")
    try:
        windows_of(by_day)
    except ValueError as problem:
        raise invalid(f"data: maintenanceWindowsByDay: {problem}") from None
    try:
        zone_of(zone)
    except ValueError as problem:
        raise invalid(f"data: timezoneGmt: {problem}") from None
    return TaskSettings(
        most_at_once=sent["maxConcurrent"],
        by_day=by_day,
        zone=zone,
        inherits_concurrency=sent["inheritParentConcurrencyConfig"],
        inherits_windows=sent["inheritParentMaintenanceConfig"],
        changed_at=call.world.clock.now(),
        changed_by=call.caller.user.full_name,
    )


def _record(call: Call, place: Place, task_type: str) -> Record:
    rules = _rules(call, task_type)
    own, held, above = rules.own(place), rules.held(place), chain(place)[1:]
    at = None if own.changed_at is None else call.world.clock.iso(own.changed_at)
    return {
        "concurrencyConfigUpdatedAt": at,
        "concurrencyConfigUpdatedBy": own.changed_by,
        "inheritParentConcurrencyConfig": own.inherits_concurrency,
        "inheritParentMaintenanceConfig": own.inherits_windows,
        "maintenanceConfigUpdatedAt": at,
        "maintenanceConfigUpdatedBy": own.changed_by,
        "maintenanceWindowsByDay": held.by_day,
        "maxConcurrent": held.most_at_once,
        "parentMaxConcurrent": rules.held(above[0]).most_at_once if above else None,
        "taskType": task_type,
        "timezoneGmt": held.zone,
    }


def _subscopes(call: Call) -> list[Place]:
    """Below the one place, and within the caller's reach: a parent is not below its child."""
    place = _one_place(call)
    explicit = _rules(call, str(call.query["taskType"])).explicit()
    return [one for one in explicit if one is not place and place in chain(one)]


def _read(place: Place, name: str) -> object:
    return _id(place) if name in ("id", "scopeId") else None


def _id(place: Place) -> str:
    if isinstance(place, Group):
        return place.group_id
    if isinstance(place, Site):
        return place.site_id
    return place.account_id if isinstance(place, Account) else ""


def _names(place: Place) -> Record:
    names: Record = {}
    for step in chain(place):
        if isinstance(step, Group):
            names |= {"groupId": step.group_id, "groupName": step.name}
        elif isinstance(step, Site):
            names |= {"siteId": step.site_id, "siteName": step.name}
        elif isinstance(step, Account):
            names |= {"accountId": step.account_id, "accountName": step.name}
    return names
