"""XSOAR's words: parameters by number, commands with dashes, outputs as paths of the context."""

from __future__ import annotations

from typing import Any

from cado_sentinelone_manifests.description import ActionDescription, Description
from cado_sentinelone_manifests.fields import Parameter

PREFIX = "cado-s1-"
CONTEXT = "CadoS1"
TEXT, CREDENTIALS, BOOLEAN = 0, 9, 8
# XSOAR has its own switches for TLS and the proxy, and reads the proxy from its server.
_NOT_OURS = ("verify_tls", "proxy_url")
_ADVANCED = {
    "account_ids", "site_ids", "ca_bundle", "allow_private_addresses", "use_private_api",
    "timeout_seconds", "total_timeout_seconds", "ledger_url",
}  # fmt: skip
_OUTPUT_TYPES = {
    "integer": "Number", "number": "Number", "integers": "Number", "boolean": "Boolean",
    "moment": "Date", "object": "Unknown",
}  # fmt: skip
_WAITS: tuple[dict[str, Any], ...] = (
    {
        "name": "wait",
        "description": "Whether to come back until the collection has ended; no worker waits.",
        "auto": "PREDEFINED",
        "predefined": ["true", "false"],
        "defaultValue": "false",
    },
    {
        "name": "interval_in_seconds",
        "description": "How long until the next look, with wait.",
        "defaultValue": "60",
    },
    {
        "name": "timeout_in_seconds",
        "description": "How long to come back for, with wait.",
        "defaultValue": "604800",
    },
)


def command_name(action: ActionDescription) -> str:
    """`run_collection` is `cado-s1-run-collection`."""
    return PREFIX + action.function_name.replace("_", "-")


def polls(action: ActionDescription) -> bool:
    """Whether the command may come back by itself until a collection has ended."""
    places = {result.dotted for result in action.results}
    return action.long_running and {"collection_id", "state"} <= places


def configuration(description: Description) -> list[dict[str, Any]]:
    """The instance's parameters."""
    found = [_setting(one) for one in description.asset if one.name not in _NOT_OURS]
    for name, display in (
        ("insecure", "Trust any certificate (not secure)"),
        ("proxy", "Use system proxy settings"),
    ):
        found.append(
            {
                "display": display, "name": name, "type": BOOLEAN, "required": False,
                "defaultvalue": "false", "section": "Connect", "advanced": True,
            }
        )  # fmt: skip
    return found


def arguments(action: ActionDescription) -> list[dict[str, Any]]:
    """What the command takes."""
    found = [_argument(one) for one in action.parameters]
    return [*found, *_WAITS] if polls(action) else found


def outputs(action: ActionDescription) -> list[dict[str, str]]:
    """Where in the context each part of a record lands."""
    prefix = output_prefix(action)
    return [
        {
            "contextPath": f"{prefix}.{result.dotted}",
            "description": result.description or f"{result.path[-1].removesuffix('[]')}.",
            "type": _OUTPUT_TYPES.get(result.kind, "String"),
        }
        for result in action.results
    ]


def output_prefix(action: ActionDescription) -> str:
    """`CadoS1.Endpoint`, by what a record of the action is called."""
    return f"{CONTEXT}.{''.join(word.capitalize() for word in action.noun[0].split())}"


def key_field(action: ActionDescription) -> str:
    """By which field a record replaces an older one in the context; "" for none."""
    places = [result.dotted for result in action.results]
    for name in ("collection_id", "agent_id", "investigation_id", "evidence_id", "id", "name"):
        if name in places:
            return name
    return ""


def _setting(one: Parameter) -> dict[str, Any]:
    common = {"name": one.name, "required": False, "section": "Connect"}
    if one.name in _ADVANCED:
        common["advanced"] = True
    if one.kind == "secret":
        return {
            "display": "", "displaypassword": one.title, "type": CREDENTIALS,
            "hiddenusername": True, "additionalinfo": one.description, **common,
        }  # fmt: skip
    found = {"display": one.title, "additionalinfo": one.description, **common}
    if one.kind == "boolean":
        return {"type": BOOLEAN, "defaultvalue": str(bool(one.default)).lower(), **found}
    found["type"] = TEXT
    if one.default not in (None, "", []):
        found["defaultvalue"] = str(one.default)
    return found


def _argument(one: Parameter) -> dict[str, Any]:
    found: dict[str, Any] = {"name": one.name, "description": one.description or one.title}
    if one.required:
        found["required"] = True
    if one.kind in ("texts", "integers"):
        found["isArray"] = True
    if one.kind == "secret":
        found["secret"] = True
    choices = ["true", "false"] if one.kind == "boolean" else [c for c in one.choices if c]
    if choices:
        found |= {"auto": "PREDEFINED", "predefined": choices}
    if one.kind == "boolean":
        found["defaultValue"] = str(bool(one.default)).lower()
    elif one.default not in (None, "", []):
        found["defaultValue"] = str(one.default)
    return found
