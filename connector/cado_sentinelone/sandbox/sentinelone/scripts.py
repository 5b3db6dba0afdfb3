"""The library of remote scripts: what a console brings along, and the limits (contract 7.1)."""

from starlette.responses import Response

from cado_sentinelone.sandbox.sentinelone.call import Call, answer, listing
from cado_sentinelone.sandbox.sentinelone.library import script_record
from cado_sentinelone.sandbox.sentinelone.remote_records import Script
from cado_sentinelone.sandbox.sentinelone.rows import Record, page_of_records
from cado_sentinelone.sandbox.world import World

_PACKAGE_MAX_BYTES = 209_715_200
_BUILT_IN = (
    ("List running processes", "dataCollection", ("windows", "linux", "macos")),
    ("List local users", "dataCollection", ("windows", "linux")),
    ("List network connections", "dataCollection", ("windows", "linux", "macos")),
    ("Collect event logs", "artifactCollection", ("windows",)),
    ("Collect system logs", "artifactCollection", ("linux", "macos")),
    ("Collect browser history", "artifactCollection", ("windows", "macos")),
    ("Flush DNS cache", "action", ("windows",)),
    ("Restart print spooler", "action", ("windows",)),
    ("Rotate logs", "action", ("linux",)),
    ("Remove temporary files", "action", ("windows", "linux", "macos")),
    ("Show disk usage", "dataCollection", ("linux", "macos")),
    ("Show installed packages", "dataCollection", ("linux",)),
)


def list_scripts(call: Call) -> Response:
    """The scripts that the caller could run; the console's own ones are everybody's."""
    scripts = [_record(number, call.world) for number in range(len(_BUILT_IN))]
    scripts += [
        script_record(script, call.world)
        for script in call.state.remote.scripts.values()
        if _is_seen(script, call)
    ]
    page = page_of_records(scripts, call.query, None, ("scriptName", "scriptDescription"))
    return listing(page.rows, page.pagination)


def get_upload_limits(_: Call) -> Response:
    """How large a script's package may be. The type of the value is not published."""
    return answer({"packageMaxSize": _PACKAGE_MAX_BYTES})


def _is_seen(script: Script, call: Call) -> bool:
    sites = {site.site_id for site in call.caller.sites_in(call.query)}
    accounts = {account.account_id for account in call.caller.accounts}
    return script.scope_id is None or script.scope_id in sites | accounts


def _record(number: int, world: World) -> Record:
    name, script_type, os_types = _BUILT_IN[number]
    file_name = f"{name.lower().replace(' ', '-')}.sh"
    created_at = world.clock.iso(world.accounts[0].created_at)
    return {
        "id": str(1_466_000_000_000_000_001 + number),
        "scriptName": name,
        "scriptDescription": name,
        "scriptType": script_type,
        "version": "1.0.0",
        "osTypes": list(os_types),
        "inputRequired": False,
        "inputExample": "",
        "inputInstructions": "",
        "scriptRuntimeTimeoutSeconds": 3600,
        "scopeLevel": "sentinel",
        "scopeId": None,
        "scopeName": "SentinelOne",
        "scopePath": "Global",
        "nameKey": file_name.removesuffix(".sh"),
        "shortFileName": file_name,
        "fileName": f"scripts/{file_name}",
        "fileSize": 400 + number,
        "bucketName": "sandbox-scripts",
        "signature": f"{number:064x}",
        "signatureType": "SHA256",
        "mgmtId": 1,
        "isAvailableForArs": number % 2 == 0,
        "isAvailableForLite": None,
        "outputFilePaths": None,
        "supportedDestinations": ["SentinelCloud", "Local", "None"],
        "createdByUserId": world.sentinelone.users[1].user_id,
        "createdByUser": "SentinelOne",
        "creator": "SentinelOne",
        "creatorId": world.sentinelone.users[1].user_id,
        "updater": None,
        "updaterId": None,
        "createdAt": created_at,
        "updatedAt": created_at,
    }
