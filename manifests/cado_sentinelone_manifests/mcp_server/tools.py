"""Actions as MCP tools: what a model is told of each, and what it must not do by accident.

Nothing here knows the protocol's library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cado_sentinelone_manifests.asking import MOST_WAIT_SECONDS
from cado_sentinelone_manifests.description import ActionDescription

CONFIRM = "confirm"
_REMOVES = ("delete_", "remove_", "cancel_")
_STRING = {"type": "string"}


@dataclass(frozen=True)
class ToolDescription:
    """One tool. The hints are the protocol's: whether it only reads, and whether it takes away."""

    name: str
    title: str
    description: str
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    read_only: bool
    destructive: bool
    idempotent: bool


def tool(action: ActionDescription) -> ToolDescription:
    """The tool of `action`; one that changes something wants `confirm`."""
    words = action.summary
    if not action.read_only:
        words += " Changes something: ask the person first, then call it with confirm true."
    if action.identifier == "run_collection":
        words += " Returns at once with a collection_id; look with get_task_status until terminal."
    return ToolDescription(
        name=action.function_name,
        title=action.title,
        description=words,
        input_schema=_input_schema(action),
        output_schema=output_schema(action),
        read_only=action.read_only,
        destructive=not action.read_only and action.identifier.startswith(_REMOVES),
        # A launch with the same key gives the same collection back; exclusions are added once.
        idempotent=action.read_only or not action.identifier.startswith("create_"),
    )


def parameters(action: ActionDescription, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The action's parameters among a call's arguments.

    Raises:
        ValueError: in words for the model: it has to ask first, or to wait less.
    """
    given = dict(arguments)
    confirmed = given.pop(CONFIRM, False)
    if not action.read_only and confirmed is not True:
        raise ValueError(
            f"{action.identifier} changes something and was not confirmed. Tell the person what it "
            f"would do, and call it with {CONFIRM} true when they agree."
        )
    wait = given.get("wait_seconds") or 0
    if not isinstance(wait, int | float) or wait > MOST_WAIT_SECONDS:
        raise ValueError(
            f"wait_seconds: at most {MOST_WAIT_SECONDS} here; call get_task_status again instead."
        )
    return given


def output_schema(action: ActionDescription) -> dict[str, Any]:
    """The outcome, with the action's own records in `data`."""
    records = dict(action.output_schema)
    definitions = records.pop("$defs", {})
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            "action": _STRING,
            "status": {"type": "string", "enum": ["success", "failure"]},
            "message": _STRING,
            "summary": {"type": "object"},
            "data": {"type": "array", "items": records},
            "error": {"type": ["object", "null"]},
            "warnings": {"type": "array", "items": _STRING},
            "run_id": _STRING,
        },
        "required": ["status", "message", "data", "error"],
    }
    return schema | ({"$defs": definitions} if definitions else {})


def _input_schema(action: ActionDescription) -> dict[str, Any]:
    schema = dict(action.params_schema)
    schema.pop("description", None)
    properties = dict(schema.get("properties", {}))
    if "wait_seconds" in properties:
        properties["wait_seconds"] = properties["wait_seconds"] | {"maximum": MOST_WAIT_SECONDS}
    if not action.read_only:
        properties[CONFIRM] = {
            "type": "boolean",
            "description": "True once the person has agreed to exactly this call.",
        }
        schema["required"] = [*schema.get("required", ()), CONFIRM]
    return schema | {"type": "object", "properties": properties, "additionalProperties": False}
