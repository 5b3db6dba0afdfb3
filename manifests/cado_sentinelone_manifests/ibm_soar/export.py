"""The export.res that codegen reads: functions, their input fields, the queue that they listen to.

Input fields are shared by every function of the platform, other apps' too: so their names begin with
ours, and a field that two of our actions fill in differently is one field each.
"""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID, uuid5

from cado_sentinelone_manifests.description import ActionDescription, Description
from cado_sentinelone_manifests.fields import Parameter

PACKAGE_NAME = "fn_cado_sentinelone"
PREFIX = "cado_s1_"
_OURS = UUID("0f0b7a37-6c0c-4f0a-8c43-5d0a35b9a5f1")
_TYPES = {"choice": "select", "boolean": "boolean", "integer": "number", "number": "number"}
_FUNCTION_FIELDS = 11
_WHO = {"name": "cado-sentinelone", "type": "user", "id": 1, "display_name": "cado-sentinelone"}


def function_name(action: ActionDescription) -> str:
    """What the platform calls the action."""
    return f"{PREFIX}{action.function_name}"


def input_names(description: Description) -> dict[str, dict[str, str]]:
    """For each action, the input field of each of its parameters."""
    kinds: dict[str, set[tuple[object, ...]]] = {}
    for action in description.actions:
        for one in action.parameters:
            kinds.setdefault(one.name, set()).add(_kind(one))
    return {
        action.identifier: {
            one.name: f"{PREFIX}{one.name}"
            if len(kinds[one.name]) == 1
            else f"{PREFIX}{action.function_name}_{one.name}"
            for one in action.parameters
        }
        for action in description.actions
    }


def export(description: Description) -> dict[str, Any]:
    """The whole document."""
    names = input_names(description)
    fields: dict[str, dict[str, Any]] = {}
    required = Counter(
        names[action.identifier][one.name]
        for action in description.actions
        for one in action.parameters
        if not one.required
    )
    for action in description.actions:
        for one in action.parameters:
            name = names[action.identifier][one.name]
            fields.setdefault(name, _field(one, name, len(fields) + 1, always=not required[name]))
    functions = [
        _function(action, number, [names[action.identifier][one.name] for one in action.parameters])
        for number, action in enumerate(description.actions, 1)
    ]
    return {
        "export_format_version": 2,
        "id": 1,
        "server_version": {
            "major": 51, "minor": 0, "build_number": 0, "version": "51.0.0.0.0", "v": 51,
        },
        "incident_types": [_INTERNAL],
        "fields": [*fields.values(), _SIMULATION],
        "functions": functions,
        "message_destinations": [
            {
                "uuid": uuid_of("queue"),
                "name": PACKAGE_NAME,
                "programmatic_name": PACKAGE_NAME,
                "export_key": PACKAGE_NAME,
                "destination_type": 0,
                "expect_ack": True,
                "users": [],
                "api_keys": [],
                "tags": [],
            }
        ],
        **{name: [] for name in _NOTHING},
        "locale": None,
        "export_date": 0,
        "export_type": None,
    }  # fmt: skip


def uuid_of(name: str) -> str:
    """The identifier of a part: the same in every version."""
    return str(uuid5(_OURS, name))


def _kind(one: Parameter) -> tuple[object, ...]:
    return (_TYPES.get(one.kind, "text"), one.choices if one.kind == "choice" else ())


def _function(action: ActionDescription, number: int, inputs: list[str]) -> dict[str, Any]:
    name = function_name(action)
    return {
        "id": number,
        "uuid": uuid_of(name),
        "name": name,
        "display_name": f"Cado SentinelOne: {action.title}",
        "description": {"format": "text", "content": action.summary},
        "version": 1,
        "workflows": [],
        "destination_handle": PACKAGE_NAME,
        "export_key": name,
        "tags": [],
        "view_items": [
            {
                "step_label": None,
                "show_if": None,
                "element": "field_uuid",
                "field_type": "__function",
                "content": uuid_of(f"field {one}"),
                "show_link_header": False,
            }
            for one in inputs
        ],
        "created_date": 0,
        "last_modified_time": 0,
        "creator": _WHO,
        "last_modified_by": _WHO,
    }


def _field(one: Parameter, name: str, number: int, *, always: bool) -> dict[str, Any]:
    choices = [choice for choice in one.choices if choice] if one.kind == "choice" else []
    return {
        **_FIELD,
        "id": number,
        "uuid": uuid_of(f"field {name}"),
        "name": name,
        "text": name,
        "tooltip": one.description or one.title,
        "input_type": _TYPES.get(one.kind, "text"),
        "type_id": _FUNCTION_FIELDS,
        "blank_option": bool(choices) and not always,
        "values": [
            {
                "uuid": uuid_of(f"field {name} {choice}"),
                "label": choice,
                "value": value,
                "enabled": True,
                "hidden": False,
                "default": choice == one.default,
                "properties": None,
            }
            for value, choice in enumerate(choices, 1)
        ],
        "export_key": f"__function/{name}",
        "placeholder": "" if one.example in (None, "", [], {}) else str(one.example),
        **({"required": "always"} if always else {}),
    }


_FIELD: dict[str, Any] = {
    "prefix": None, "internal": False, "read_only": False, "changeable": True, "chosen": False,
    "templates": [], "operations": [], "operation_perms": {}, "hide_notification": False,
    "rich_text": False, "default_chosen_by_server": False, "tags": [], "calculated": False,
    "deprecated": False, "allow_default_value": False, "is_tracked": False,
}  # fmt: skip
_SIMULATION: dict[str, Any] = {
    **_FIELD, "id": 0, "uuid": "c3f0e3ed-21e1-4d53-affb-fe5ca3308cca", "name": "inc_training",
    "text": "Simulation", "tooltip": "", "input_type": "boolean", "type_id": 0, "internal": True,
    "read_only": True, "blank_option": False, "values": [], "export_key": "incident/inc_training",
    "placeholder": "",
}  # fmt: skip
_INTERNAL: dict[str, Any] = {
    "id": 0, "uuid": "bfeec2d4-3770-11e8-ad39-4a0004044aa0", "name": "Customization Packages (internal)",
    "description": "Customization Packages (internal)", "enabled": False, "system": False,
    "export_key": "Customization Packages (internal)", "parent_id": None, "hidden": False,
    "create_date": 0, "update_date": 0,
}  # fmt: skip
_NOTHING = (
    "action_order", "actions", "apps", "automatic_tasks", "geos", "inbound_destinations",
    "inbound_mailboxes", "incident_artifact_types", "industries", "layouts", "notifications",
    "overrides", "phases", "playbooks", "regulators", "roles", "scripts", "tags", "task_order",
    "timeframes", "types", "workflows", "workspaces",
)  # fmt: skip
