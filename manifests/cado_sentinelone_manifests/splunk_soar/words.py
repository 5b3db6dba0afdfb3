"""Splunk SOAR's words: configuration, parameters and data paths with what they contain."""

from __future__ import annotations

from typing import Any

from cado_sentinelone_manifests.description import ActionDescription, Description
from cado_sentinelone_manifests.fields import Parameter, Result

_TYPES = {"boolean": "boolean", "integer": "numeric", "number": "numeric", "secret": "password"}
_CONTAINS = {
    "hostname": "host name",
    "ip": "ip",
    "url": "url",
    "sha256": "sha256",
    "agent id": "sentinelone agent id",
    "account id": "sentinelone account id",
    "site id": "sentinelone site id",
}
_CONTAINS_BY_NAME = {
    "endpoint": ["host name", "ip", "sentinelone agent id"],
    "collection_id": ["cado sentinelone collection id"],
}
# The platform's own word for what an action is; it decides where a playbook offers it.
_KINDS = {
    "set-up": "generic",
    "accounts": "generic",
    "exclusions": "correct",
    "endpoints": "investigate",
    "investigations": "generic",
    "collections": "investigate",
    "findings": "investigate",
}


def action_name(action: ActionDescription) -> str:
    """`run_collection` is `run collection`."""
    return action.function_name.replace("_", " ")


def kind(action: ActionDescription) -> str:
    """What kind of action it is."""
    if action.identifier == "test_connectivity":
        return "test"
    return _KINDS.get(action.group, "generic")


def configuration(description: Description) -> dict[str, dict[str, Any]]:
    """The asset's settings, by name."""
    return {
        one.name: {
            "data_type": _TYPES.get(one.kind, "string"),
            "order": order,
            "category": "connectivity",
            "description": one.description or one.title,
            "required": False,
            **_default(one),
        }
        for order, one in enumerate(description.asset)
    }


def parameters(action: ActionDescription) -> dict[str, dict[str, Any]]:
    """What the action takes, by name. The connectivity test takes nothing on this platform."""
    if kind(action) == "test":
        return {}
    found: dict[str, dict[str, Any]] = {}
    for order, one in enumerate(action.parameters):
        field: dict[str, Any] = {
            "description": one.description or one.title,
            "data_type": "string" if one.kind == "secret" else _TYPES.get(one.kind, "string"),
            "order": order,
            "required": one.required,
            **_default(one),
        }
        if kinds := contains(one.name, one.soar):
            field |= {"primary": True, "contains": kinds}
        if one.kind == "choice":
            field["value_list"] = [choice for choice in one.choices if choice]
        if one.kind in ("texts", "integers"):
            field["allow_list"] = True
        found[one.name] = field
    return found


def outputs(action: ActionDescription) -> list[dict[str, Any]]:
    """Every data path of the action's result, the ones that a table shows with their columns."""
    if kind(action) == "test":
        return []
    found: list[dict[str, Any]] = [
        {
            "data_path": "action_result.status",
            "data_type": "string",
            "example_values": ["success", "failed"],
        },
        {"data_path": "action_result.message", "data_type": "string"},
    ]
    for one in action.parameters:
        path: dict[str, Any] = {
            "data_path": f"action_result.parameter.{one.name}",
            "data_type": "string" if one.kind == "secret" else _TYPES.get(one.kind, "string"),
        }
        found.append(path | _contained(contains(one.name, one.soar)))
    order = 0
    for result in action.results:
        path = _result(result)
        if result.path[0].removesuffix("[]") in action.columns and len(result.path) == 1:
            path |= {
                "column_name": result.path[0].removesuffix("[]").replace("_", " ").capitalize()
            }
            path |= {"column_order": order}
            order += 1
        found.append(path)
    return [
        *found,
        {"data_path": "action_result.summary", "data_type": "string"},
        {"data_path": "summary.total_objects", "data_type": "numeric"},
        {"data_path": "summary.total_objects_successful", "data_type": "numeric"},
    ]


def _result(result: Result) -> dict[str, Any]:
    names = [
        part
        for name in result.path
        for part in ([name.removesuffix("[]"), "*"] if name.endswith("[]") else [name])
    ]
    data_type = _TYPES.get(result.kind, "string")
    path: dict[str, Any] = {
        "data_path": f"action_result.data.*.{'.'.join(names)}",
        "data_type": "numeric" if result.kind == "integers" else data_type,
    }
    example = result.example
    if example not in ("", None, [], {}) and not isinstance(example, dict):
        path["example_values"] = example if isinstance(example, list) else [example]
    return path | _contained(contains(result.path[-1].removesuffix("[]"), result.soar))


def _contained(kinds: list[str]) -> dict[str, Any]:
    return {"contains": kinds} if kinds else {}


def contains(name: str, soar: str) -> list[str]:
    """What kind of thing the place holds, in the platform's words; it offers actions by them."""
    if name in _CONTAINS_BY_NAME and soar not in _CONTAINS.keys() - {"hostname"}:
        return _CONTAINS_BY_NAME[name]
    return [_CONTAINS[soar]] if soar in _CONTAINS else []


def _default(one: Parameter) -> dict[str, Any]:
    return {} if one.default in (None, "", []) else {"default": one.default}
