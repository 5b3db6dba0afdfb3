"""JSON Schemas as Swagger 2.0 and Power Platform's forms take them: no null, no alternatives, labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cado_sentinelone_manifests.description import ActionDescription, Description
from cado_sentinelone_manifests.fields import resolved, title

# The platform gives up on an answer after 120 seconds.
LONGEST_WAIT_SECONDS = 100
_KEPT = ("type", "format", "enum", "minimum", "maximum", "minLength", "maxLength", "pattern")
_DEEPEST = 6
_TEXT = {"type": "string"}
_ERROR = {
    "type": "object",
    "x-nullable": True,
    "description": "Why it failed and what to do; null when it did not fail.",
    "properties": {
        "kind": {**_TEXT, "x-ms-summary": "Error kind", "description": "What to branch on."},
        "message": {**_TEXT, "x-ms-summary": "Error message", "description": "Why it failed."},
        "remedy": {**_TEXT, "x-ms-summary": "Error remedy", "description": "What to do."},
        "retryable": {
            "type": "boolean",
            "x-ms-summary": "Error retryable",
            "description": "Whether the same call may work later.",
        },
        "retry_after_seconds": {
            "type": "number",
            "x-nullable": True,
            "x-ms-summary": "Error retry after seconds",
            "description": "Not before so many seconds.",
        },
    },
}


def definitions(description: Description) -> dict[str, Any]:
    """Parameters, records and outcomes of all actions, and the outcome of a failed one."""
    found: dict[str, Any] = {"FailedOutcome": _outcome({"type": "object"})}
    for action in description.actions:
        name = action.class_name
        found[f"{name}Parameters"] = _parameters(action)
        found[f"{name}Record"] = _schema(action.output_schema, action.output_schema)
        found[f"{name}Outcome"] = _outcome({"$ref": f"#/definitions/{name}Record"})
    return found


def _parameters(action: ActionDescription) -> dict[str, Any]:
    made = _schema(action.params_schema, action.params_schema)
    required = made.get("required", ())
    for name, given in made.get("properties", {}).items():
        default = action.params_schema["properties"][name].get("default")
        if default not in (None, "", []):
            given["default"] = default
        if name == "wait_seconds":
            given["maximum"] = LONGEST_WAIT_SECONDS
            given["default"] = min(default, LONGEST_WAIT_SECONDS)
        if required:
            given["x-ms-visibility"] = "important" if name in required else "advanced"
    return made


def _schema(
    given: Mapping[str, Any], whole: Mapping[str, Any], deepest: int = _DEEPEST
) -> dict[str, Any]:
    part = resolved(given, whole)
    made: dict[str, Any] = {key: part[key] for key in _KEPT if key in part}
    made.setdefault("type", "object")
    if description := " ".join((given.get("description") or part.get("description", "")).split()):
        made["description"] = description
    if any(one.get("type") == "null" for one in given.get("anyOf", ())):
        made["x-nullable"] = True
    if made["type"] == "array":
        made["items"] = _schema(part.get("items", {}), whole, deepest)
    elif part.get("properties") and deepest:
        made["properties"] = {
            name: _schema(inner, whole, deepest - 1) | {"x-ms-summary": title(name)}
            for name, inner in part["properties"].items()
        }
        if part.get("required"):
            made["required"] = part["required"]
    return made


def _outcome(record: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, dict[str, Any]] = {
        "action": {**_TEXT, "description": "The action that ran."},
        "status": {**_TEXT, "enum": ["success", "failure"], "description": "What it came to."},
        "message": {**_TEXT, "description": "One sentence for a person."},
        "summary": {"type": "object", "description": "Counts, and what the action adds."},
        "data": {"type": "array", "items": record, "description": "The records."},
        "error": _ERROR,
        "warnings": {"type": "array", "items": _TEXT, "description": "What to know."},
        "run_id": {**_TEXT, "description": "The run in the logs and the ledger."},
    }
    properties = {name: one | {"x-ms-summary": title(name)} for name, one in said.items()}
    return {"type": "object", "required": list(properties), "properties": properties}
