"""Reading, setting and removing the guardrail of a scope (contract 7.5)."""

from collections.abc import Mapping

from starlette.responses import Response

from cado_sentinelone.sandbox.sentinelone.call import Call, answer
from cado_sentinelone.sandbox.sentinelone.errors import invalid
from cado_sentinelone.sandbox.sentinelone.guardrails import Guardrail
from cado_sentinelone.sandbox.sentinelone.records import Place
from cado_sentinelone.sandbox.sentinelone.remote_rules import SCOPE_LEVELS
from cado_sentinelone.sandbox.sentinelone.schema import Field, Fields, choice, nested

_SCOPE: Fields = {
    "scopeId": Field("identifier", required=True),
    "scopeLevel": choice(*SCOPE_LEVELS, required=True),
}
REMOVE: Fields = {"data": nested(_SCOPE)}
SET: Fields = {
    "data": nested(
        {
            **_SCOPE,
            "enabled": Field("boolean", required=True),
            "endpointsQuantity": Field("integer", required=True, nullable=True, least=0),
            # The document names no types here: one that there is not stops nothing.
            "scriptTypes": Field(required=True, is_list=True),
        }
    )
}


def get_guardrail(call: Call) -> Response:
    """What holds at the scope, by itself or because a scope above it says so."""
    place = _place(call, call.query)
    guardrail, whose = call.state.remote.guardrails.at(place)
    return answer(
        {
            "enabled": guardrail.enabled,
            "endpointsQuantity": guardrail.endpoints,
            "inherited": whose not in (None, place),
            "scriptTypes": list(guardrail.script_types),
        }
    )


def set_guardrail(call: Call) -> Response:
    """From now on; what waits for a reviewer already goes on waiting."""
    sent = call.sent
    guardrail = Guardrail(sent["enabled"], sent["endpointsQuantity"], tuple(sent["scriptTypes"]))
    call.state.remote.guardrails.set(_place(call, sent), guardrail)
    return answer({"success": True})


def remove_guardrail(call: Call) -> Response:
    """The scope has the guardrail above it again; no success if it had none of its own."""
    return answer({"success": call.state.remote.guardrails.remove(_place(call, call.sent))})


def _place(call: Call, scope: Mapping[str, object]) -> Place:
    """The account, site or group.

    Raises:
        Refusal: the caller reaches none of this id and level; as at uploads that is a 400, as
            the document knows no 403 here.
    """
    sites = call.caller.sites
    places: dict[object, Place] = {
        "account": {account.account_id: account for account in call.caller.accounts},
        "site": {site.site_id: site for site in sites},
        "group": {group.group_id: group for site in sites for group in site.groups},
    }[str(scope["scopeLevel"])]  # type: ignore[assignment]
    if scope["scopeId"] not in places:
        raise invalid({"scopeId": "Not a scope of this user."})
    return places[scope["scopeId"]]
