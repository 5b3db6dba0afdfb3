"""Changing a script of the library: what is said of it, or its text as well (contract 7.1)."""

import base64
import binascii
from typing import Any

from starlette.responses import Response

from cado_sentinelone.sandbox.sentinelone.call import Call, answer
from cado_sentinelone.sandbox.sentinelone.errors import invalid, not_found
from cado_sentinelone.sandbox.sentinelone.forms import FormField
from cado_sentinelone.sandbox.sentinelone.library import UPLOAD, script_record
from cado_sentinelone.sandbox.sentinelone.list_rules import SCRIPT_TYPES
from cado_sentinelone.sandbox.sentinelone.remote_records import Script
from cado_sentinelone.sandbox.sentinelone.schema import Field, Fields, choice, nested

_SYSTEMS = ("linux", "macos", "windows")
_EXPIRATIONS = ("None", "Immediate", "OnRestart", "Time")

FACTS: Fields = {
    "consoleData": Field(),
    "sendActivity": Field("boolean"),
    "data": nested(
        {
            "scriptName": Field(required=True),
            "scriptType": choice(*SCRIPT_TYPES, required=True),
            "osTypes": Field(required=True, is_list=True, most=5000, choices=frozenset(_SYSTEMS)),
            "inputRequired": Field("boolean", required=True),
            "inputExample": Field(required=True),
            "inputInstructions": Field(required=True),
            "scriptRuntimeTimeoutSeconds": Field("integer", required=True, least=60, most=172_800),
            "scriptDescription": Field(),
            "packageEndpointExpiration": choice(*_EXPIRATIONS),
            "packageEndpointExpirationSeconds": Field("integer"),
        }
    ),
}
_AS_AT_UPLOAD = (
    "packageFile scriptName scriptType osTypes inputRequired scriptDescription scriptContent"
    " packageEndpointExpiration packageEndpointExpirationSeconds isScriptContentEncoded"
    " consoleData sendActivity"
)
EDIT = {
    **{name: UPLOAD[name] for name in _AS_AT_UPLOAD.split()},
    "scriptFile": FormField("file"),
    "inputInstructions": FormField(required=True),
    "inputExample": FormField(required=True),
    "scriptRuntimeTimeoutSeconds": FormField("integer", required=True, least=60, most=172_800),
    "packageMaxSize": FormField(),
    "packageRemoved": FormField("boolean"),
}


def edit_facts(call: Call) -> Response:
    """Another name, type or limit; the text stays."""
    script = _script(call)
    _describe(script, call.sent, call)
    return answer(script_record(script, call.world))


def edit_script(call: Call) -> Response:
    """The same with another text, as a file or in a part; without either the text stays."""
    script = _script(call)
    sent: dict[str, Any] = call.body
    text = sent.get("scriptContent")
    if text is not None and sent.get("isScriptContentEncoded"):
        try:
            text = base64.b64decode(text, validate=True).decode("utf-8", "surrogateescape")
        except (binascii.Error, ValueError):
            raise invalid({"scriptContent": "Not a valid base64 string."}) from None
    if "scriptFile" in sent:
        script.file_name, content = sent["scriptFile"]
        text = content.decode("utf-8", "surrogateescape")
    if text is not None:
        script.text = text
    _describe(script, sent, call)
    return answer(script_record(script, call.world))


def _script(call: Call) -> Script:
    """The script, if it is the caller's to change.

    Raises:
        Refusal: there is none, or its scope is not the caller's.
    """
    script = call.state.remote.scripts.get(call.path["script_id"])
    caller = call.caller
    reached = {site.site_id for site in caller.sites} | {one.account_id for one in caller.accounts}
    if script is None or not (caller.sees_tenant or script.scope_id in reached):
        raise not_found()
    return script


def _describe(script: Script, sent: dict[str, Any], call: Call) -> None:
    script.name, script.type = sent["scriptName"], sent["scriptType"]
    script.os_types = list(sent["osTypes"])
    script.input_required = sent["inputRequired"]
    script.input_example = sent["inputExample"]
    script.input_instructions = sent["inputInstructions"]
    script.runtime_seconds = sent["scriptRuntimeTimeoutSeconds"]
    script.description = sent.get("scriptDescription", script.description)
    script.updated_at, script.updated_by = call.world.clock.now(), call.caller.user
