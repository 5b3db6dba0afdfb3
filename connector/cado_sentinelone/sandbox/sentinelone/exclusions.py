"""Classic exclusions (contract 9.1)."""

from starlette.responses import Response

from cado_sentinelone.sandbox.sentinelone.agent_rules import OS_TYPES
from cado_sentinelone.sandbox.sentinelone.call import Call, answer, listing
from cado_sentinelone.sandbox.sentinelone.errors import already_exists, invalid, not_found
from cado_sentinelone.sandbox.sentinelone.exclusion_scopes import (
    chain,
    ids_of,
    name_of,
    path_of,
    places_in,
    roots_of,
)
from cado_sentinelone.sandbox.sentinelone.exclusion_verdicts import (
    NOT_ALLOWED,
    validation,
    verdict_on,
)
from cado_sentinelone.sandbox.sentinelone.list_rules import (
    EXCLUSION_MODES,
    EXCLUSION_TYPES,
    PATH_TYPES,
)
from cado_sentinelone.sandbox.sentinelone.records import Exclusion, Place
from cado_sentinelone.sandbox.sentinelone.rows import Record, page_of_records
from cado_sentinelone.sandbox.sentinelone.schema import IDENTIFIERS, Field, Fields, choice, nested

_SETTINGS: Fields = {
    "description": Field(nullable=True),
    "inject": Field("boolean", nullable=True),
    "mode": choice(*EXCLUSION_MODES, nullable=True),
    "pathExclusionType": choice(*PATH_TYPES, nullable=True),
    "source": choice("user", "cloud", "action_from_threat", "catalog"),
    "actions": Field(is_list=True, choices=frozenset(("upload", "detect"))),
    "osType": choice(*OS_TYPES, required=True),
    "type": choice(*EXCLUSION_TYPES, required=True),
}
_SCOPE: Fields = {
    "accountIds": IDENTIFIERS,
    "siteIds": IDENTIFIERS,
    "groupIds": IDENTIFIERS,
    "tenant": Field("boolean"),
}
CREATE: Fields = {
    "data": nested({**_SETTINGS, "value": Field(required=True)}),
    "filter": nested(_SCOPE),
}
CHANGE: Fields = {
    "data": nested(
        {
            **_SETTINGS,
            "id": Field("identifier", required=True),
            "value": Field(),
            "sha256Value": Field(),
        }
    )
}
REMOVE: Fields = {
    "data": nested(
        {
            "ids": Field("identifier", required=True, is_list=True, most=5000),
            "type": choice(*EXCLUSION_TYPES),
        }
    )
}
VALIDATE: Fields = {
    "data": nested(
        {
            "exclusionType": choice("path", "certificate", "browser", "file_type", "hash"),
            "osType": choice(*OS_TYPES),
            "value": Field(),
        }
    )
}
_FIELDS = {
    "osTypes": "osType",
    "types": "type",
    "modes": "mode",
    "pathExclusionTypes": "pathExclusionType",
    "recommendations": "notRecommended",
    "userIds": "userId",
    "user": "userName",
}


def list_exclusions(call: Call) -> Response:
    """The exclusions at the places named, of their parents and children on demand."""
    places = places_in(call.query, call.caller)
    if places:
        chosen = [e for e in call.state.exclusions.values() if _is_listed(e, places, call)]
    else:
        chosen = _reachable(call)
    records = [_record(exclusion, call) for exclusion in chosen]
    searched = ("value", "description", "userName")
    page = page_of_records(records, call.query, _FIELDS, searched)
    return listing(page.rows, page.pagination)


def create_exclusions(call: Call) -> Response:
    """The new exclusions, one for each place that the filter names."""
    places = places_in(call.body["filter"], call.caller)  # type: ignore[arg-type]
    if not places:
        raise invalid({"filter": "Missing data for required field."})
    value, kind = str(call.sent["value"]), str(call.sent["type"])
    verdict = verdict_on(value, kind)
    if verdict == NOT_ALLOWED:
        raise invalid({"data": f"value: {verdict}."})
    for place in places:
        _check_new(call, place, value)
    now = call.world.clock.now()
    created = [
        Exclusion(
            exclusion_id=call.state.new_id(),
            place=place,
            type=kind,
            value=value,
            os_type=call.sent["osType"],
            user=call.caller.user,
            created_at=now,
            updated_at=now,
            verdict=verdict,
            description=call.sent.get("description") or "",
            mode=call.sent.get("mode") or ("suppress" if kind == "path" else None),
            path_type=call.sent.get("pathExclusionType") or ("file" if kind == "path" else None),
            actions=call.sent.get("actions", ["detect"]),
            source=call.sent.get("source", "user"),
            inject=bool(call.sent.get("inject")),
        )
        for place in places
    ]
    call.state.exclusions |= {exclusion.exclusion_id: exclusion for exclusion in created}
    return answer([_record(exclusion, call) for exclusion in created])


def change_exclusion(call: Call) -> Response:
    """The exclusion after the change, in a list of one."""
    exclusion = call.state.exclusions.get(call.sent["id"])
    if exclusion is None or exclusion not in _reachable(call):
        raise not_found()
    exclusion.os_type = call.sent["osType"]
    exclusion.type = call.sent["type"]
    exclusion.value = call.sent.get("value", exclusion.value)
    exclusion.description = call.sent.get("description", exclusion.description)
    exclusion.mode = call.sent.get("mode", exclusion.mode)
    exclusion.path_type = call.sent.get("pathExclusionType", exclusion.path_type)
    exclusion.actions = call.sent.get("actions", exclusion.actions)
    exclusion.verdict = verdict_on(exclusion.value, exclusion.type)
    exclusion.updated_at = call.world.clock.now()
    return answer([_record(exclusion, call)])


def remove_exclusions(call: Call) -> Response:
    """How many went; ids of what is gone or out of scope are passed over."""
    wanted = set(call.sent["ids"])
    kind = call.sent.get("type")
    affected = [
        exclusion.exclusion_id
        for exclusion in _reachable(call)
        if exclusion.exclusion_id in wanted and kind in (None, exclusion.type)
    ]
    for exclusion_id in affected:
        del call.state.exclusions[exclusion_id]
    return answer({"affected": len(affected)})


def validate_exclusion(call: Call) -> Response:
    """What the console thinks of a value."""
    value, kind = call.sent.get("value", ""), call.sent.get("exclusionType", "path")
    return answer(validation(value, kind, call.sent.get("osType"), _reachable(call)))


def _check_new(call: Call, place: Place, value: str) -> None:
    for exclusion in call.state.exclusions.values():
        twin = (exclusion.type, exclusion.os_type, exclusion.value)
        if exclusion.place is place and twin == (call.sent["type"], call.sent["osType"], value):
            raise already_exists(f"An exclusion of {value} exists already in {name_of(place)}")


def _is_listed(exclusion: Exclusion, places: list[Place], call: Call) -> bool:
    if exclusion.place in places:
        return True
    above = bool(call.query.get("includeParents"))
    below = bool(call.query.get("includeChildren"))
    return any(
        (above and exclusion.place in chain(place)) or (below and place in chain(exclusion.place))
        for place in places
    )


def _reachable(call: Call) -> list[Exclusion]:
    """Every exclusion within the caller's scope."""
    roots = roots_of(call.caller)
    return [
        exclusion
        for exclusion in call.state.exclusions.values()
        if any(root in chain(exclusion.place) for root in roots)
    ]


def _record(exclusion: Exclusion, call: Call) -> Record:
    iso = call.world.clock.iso
    return {
        "id": exclusion.exclusion_id,
        "type": exclusion.type,
        "value": exclusion.value,
        "osType": exclusion.os_type,
        "mode": exclusion.mode,
        "pathExclusionType": exclusion.path_type,
        "description": exclusion.description,
        "source": exclusion.source,
        "actions": exclusion.actions,
        "inject": exclusion.inject,
        "scope": ids_of(exclusion.place),
        "scopeName": name_of(exclusion.place),
        "scopePath": path_of(exclusion.place),
        "includeParents": False,
        "includeChildren": False,
        "userId": exclusion.user.user_id,
        "userName": exclusion.user.full_name,
        "imported": False,
        "applicationName": None,
        "inAppInventory": False,
        "notRecommended": exclusion.verdict,
        "createdAt": iso(exclusion.created_at),
        "updatedAt": iso(exclusion.updated_at),
    }
