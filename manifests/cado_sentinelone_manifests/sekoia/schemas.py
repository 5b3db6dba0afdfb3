"""JSON Schemas as SEKOIA.io's forms take them: draft 7, one level, a description for everything."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from cado_sentinelone_manifests.description import ActionDescription, Description
from cado_sentinelone_manifests.fields import Parameter

_DRAFT = "http://json-schema.org/draft-07/schema#"
_OURS = UUID("5f4f6f5e-0b0c-4d6e-9a4b-4f3f1c1d2a10")
_TYPES: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "integers": {"type": "array", "items": {"type": "integer"}},
    "moment": {"type": "string", "format": "date-time"},
    "object": {"type": "object"},
}
_OUTCOME: dict[str, dict[str, Any]] = {
    "action": {"type": "string", "description": "The action that ran."},
    "status": {"type": "string", "enum": ["success", "failure"], "description": "What it came to."},
    "message": {"type": "string", "description": "One sentence for a person."},
    "summary": {"type": "object", "description": "Counts, and what the action adds."},
    "error": {"type": ["object", "null"], "description": "Why it failed and what to do."},
    "warnings": {"type": "array", "items": {"type": "string"}, "description": "What to know."},
    "run_id": {"type": "string", "description": "The run in the logs and the ledger."},
}


def uuid_of(name: str) -> str:
    """The identifier of the module or of an action: the same in every version."""
    return str(uuid5(_OURS, name))


def configuration(description: Description) -> dict[str, Any]:
    """The module's configuration: the asset, its secrets listed as such."""
    return {
        "$schema": _DRAFT,
        "title": "Cado SentinelOne configuration",
        "type": "object",
        "properties": {one.name: _property(one) for one in description.asset},
        "required": [],
        "secrets": [one.name for one in description.asset if one.kind == "secret"],
    }


def arguments(action: ActionDescription) -> dict[str, Any]:
    """What a playbook's node is filled in with."""
    return {
        "$schema": _DRAFT,
        "title": "Arguments",
        "type": "object",
        "properties": {one.name: _property(one) for one in action.parameters},
        "required": [one.name for one in action.parameters if one.required],
    }


def results(action: ActionDescription) -> dict[str, Any]:
    """The outcome, with the action's own records in `data`."""
    records = dict(action.output_schema)
    definitions = records.pop("$defs", {})
    schema = {
        "$schema": _DRAFT,
        "title": "Results",
        "type": "object",
        "properties": _OUTCOME
        | {"data": {"type": "array", "items": records, "description": "The records."}},
        "required": ["status", "message", "data"],
    }
    return schema | ({"$defs": definitions} if definitions else {})


def _property(one: Parameter) -> dict[str, Any]:
    schema = dict(_TYPES.get(one.kind, {"type": "string"}))
    if one.kind == "choice":
        schema["enum"] = list(one.choices)
    elif one.choices:
        schema["items"] = {"type": "string", "enum": list(one.choices)}
    schema["description"] = one.description or one.title
    if one.default not in (None, "", []):
        schema["default"] = one.default
    return schema
