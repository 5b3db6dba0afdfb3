"""Uploading, reading and deleting scripts (contract 7.1)."""

import hashlib
from typing import Any

from starlette.responses import Response

from cado_sentinelone.sandbox.sentinelone.call import Call, answer, listing
from cado_sentinelone.sandbox.sentinelone.errors import invalid, not_found
from cado_sentinelone.sandbox.sentinelone.forms import FormField
from cado_sentinelone.sandbox.sentinelone.list_rules import SCRIPT_TYPES
from cado_sentinelone.sandbox.sentinelone.remote_records import Script
from cado_sentinelone.sandbox.sentinelone.rows import Record
from cado_sentinelone.sandbox.sentinelone.rules import IDENTIFIER, Rule
from cado_sentinelone.sandbox.sentinelone.schema import Field, Fields, nested
from cado_sentinelone.sandbox.world import World

UPLOAD = {
    "file": FormField("file", required=True),
    "packageFile": FormField("file"),
    "scriptName": FormField(required=True),
    "scriptType": FormField(required=True, choices=SCRIPT_TYPES),
    "osTypes": FormField(required=True, choices=("windows", "linux", "macos"), is_list=True),
    "scopeLevel": FormField(required=True, choices=("site", "account", "global")),
    "scopeId": FormField(),
    "inputRequired": FormField("boolean", required=True),
    "inputInstructions": FormField(),
    "inputExample": FormField(),
    "scriptDescription": FormField(),
    "scriptRuntimeTimeoutSeconds": FormField("integer", least=60, most=172_800),
    "packageEndpointExpiration": FormField(choices=("None", "Immediate", "OnRestart", "Time")),
    "packageEndpointExpirationSeconds": FormField("integer"),
    "packageMaxSize": FormField("integer"),
    "isDuplication": FormField("boolean"),
    "originalScriptId": FormField(),
    "scriptContent": FormField(),
    "isScriptContentEncoded": FormField("boolean"),
    "consoleData": FormField(),
    "sendActivity": FormField("boolean"),
}
# Unlike every other id, this one has a bound in the document and no pattern.
CONTENT: dict[str, Rule] = {"scriptId": IDENTIFIER}
_SELECTORS: Fields = {
    "ids": Field("identifier", is_list=True, most=5000),
    "siteIds": Field("identifier", is_list=True, most=500),
    "accountIds": Field("identifier", is_list=True, most=500),
    "groupIds": Field("identifier", is_list=True, most=500),
    "scriptType": Field(is_list=True),
    "osTypes": Field(is_list=True),
    "query": Field(),
}
REMOVE: Fields = {"filter": nested(_SELECTORS)}


def upload_script(call: Call) -> Response:
    """A new script, each time anew: nothing says that names are unique (contract 1.5)."""
    sent: dict[str, Any] = call.body
    level, scope_id = str(sent["scopeLevel"]), sent.get("scopeId")
    reachable = {
        "site": {site.site_id for site in call.caller.sites},
        "account": {account.account_id for account in call.caller.accounts},
    }.get(level, {None})
    if scope_id not in reachable or (level == "global" and not call.caller.sees_tenant):
        raise invalid({"scopeId": "Not a scope of this user."})
    name, content = sent["file"]
    runtime = sent.get("scriptRuntimeTimeoutSeconds")
    script = Script(
        script_id=call.state.new_id(),
        name=str(sent["scriptName"]),
        type=str(sent["scriptType"]),
        os_types=list(sent["osTypes"]),
        text=content.decode("utf-8", "surrogateescape"),
        file_name=name,
        description=str(sent.get("scriptDescription") or ""),
        runtime_seconds=runtime if isinstance(runtime, int) else 3600,
        scope_level=level,
        scope_id=str(scope_id) if scope_id else None,
        user=call.caller.user,
        created_at=call.world.clock.now(),
        input_required=bool(sent["inputRequired"]),
        input_example=str(sent.get("inputExample") or ""),
        input_instructions=str(sent.get("inputInstructions") or ""),
    )
    call.state.remote.scripts[script.script_id] = script
    return answer(script_record(script, call.world))


def get_content(call: Call) -> Response:
    """The text of a script; without an id the console answers 401 (contract 7.1)."""
    script = call.state.remote.scripts.get(str(call.query.get("scriptId")))
    if script is not None and call.world.faults.take("script_deleted"):
        del call.state.remote.scripts[script.script_id]
        script = None
    if script is None:
        raise not_found()
    if call.world.faults.take("script_changed"):
        script.text += "\n# changed by somebody\n"
    return answer({"scriptContent": script.text})


def remove_scripts(call: Call) -> Response:
    """The scripts that the filter selects, which is all of them if it is empty."""
    wanted = call.body["filter"]
    ids = wanted.get("ids") if isinstance(wanted, dict) else None
    scripts = call.state.remote.scripts
    chosen = [one for one in scripts.values() if ids is None or one.script_id in ids]
    if ids is not None and not chosen:
        raise not_found()
    for script in chosen:
        del scripts[script.script_id]
    gone = [script_record(script, call.world) for script in chosen]
    return listing(gone, {"totalItems": len(gone), "nextCursor": None})


def script_record(script: Script, world: World) -> Record:
    """The script as the API shows it."""
    content = script.text.encode("utf-8", "surrogateescape")
    return {
        "id": script.script_id,
        "scriptName": script.name,
        "scriptDescription": script.description,
        "scriptType": script.type,
        "version": "1.0.0",
        "osTypes": script.os_types,
        "inputRequired": script.input_required,
        "inputExample": script.input_example,
        "inputInstructions": script.input_instructions,
        "scriptRuntimeTimeoutSeconds": script.runtime_seconds,
        "scopeLevel": script.scope_level,
        "scopeId": script.scope_id,
        "scopeName": script.scope_level,
        "scopePath": "Global",
        "shortFileName": script.file_name,
        "fileName": f"scripts/{script.file_name}",
        "fileSize": len(content),
        "bucketName": "sandbox-scripts",
        "signature": hashlib.sha256(content).hexdigest(),
        "signatureType": "SHA256",
        "mgmtId": 1,
        "isAvailableForArs": False,
        "isAvailableForLite": None,
        "outputFilePaths": None,
        "supportedDestinations": ["SentinelCloud", "Local", "None"],
        "createdByUserId": script.user.user_id,
        "createdByUser": script.user.full_name,
        "creator": script.user.full_name,
        "creatorId": script.user.user_id,
        "updater": script.updated_by.full_name if script.updated_by else None,
        "updaterId": script.updated_by.user_id if script.updated_by else None,
        "createdAt": world.clock.iso(script.created_at),
        "updatedAt": world.clock.iso(script.updated_at or script.created_at),
    }
