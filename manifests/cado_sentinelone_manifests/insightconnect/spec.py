"""InsightConnect's words for parameters and records: its types, titles in title case, no full stops."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cado_sentinelone_manifests.description import ActionDescription, Description
from cado_sentinelone_manifests.examples import example_of
from cado_sentinelone_manifests.fields import Parameter, title

_TYPES = {
    "text": "string",
    "choice": "string",
    "moment": "string",
    "integer": "integer",
    "number": "float",
    "boolean": "boolean",
    "texts": "[]string",
    "integers": "[]integer",
    "object": "object",
    "secret": "credential_secret_key",
}
_EXAMPLES: dict[str, Any] = {
    "text": "example",
    "texts": ["example"],
    "object": {},
    "secret": '{"secretKey": "9de5069c5afe602b2ea0a04b66beb2c0"}',
}
# What its validator wants small inside a title.
_SMALL = {
    "a", "an", "the", "and", "or", "nor", "but", "so", "if", "is", "as", "also", "than", "that", "then",
    "when", "where", "while", "after", "before", "of", "to", "in", "out", "for", "by", "on", "at", "from", "with",
}  # fmt: skip


def title_case(text: str) -> str:
    """A title as InsightConnect's validator wants it."""
    words = text.replace("_", " ").split()
    return " ".join(
        word if index and word.lower() in _SMALL else word[:1].upper() + word[1:]
        for index, word in enumerate(words)
    )


def plain(text: str) -> str:
    """A description without a full stop at its end, beginning with a capital."""
    text = text.strip().rstrip(".")
    return text[:1].upper() + text[1:]


def inputs(fields: tuple[Parameter, ...]) -> dict[str, dict[str, Any]]:
    """The inputs of an action, or of the connection."""
    found: dict[str, dict[str, Any]] = {}
    for one in fields:
        field: dict[str, Any] = {
            "title": title_case(one.title),
            "description": plain(one.description or one.title),
            "type": _TYPES[one.kind],
            "required": one.required,
            "example": _example(one.kind, one.example),
        }
        if one.kind == "choice":
            field["enum"] = list(one.choices)
        if one.default not in (None, "", []):
            field["default"] = one.default
        found[one.name] = field
    return found


def outputs(action: ActionDescription) -> dict[str, dict[str, Any]]:
    """The outcome of an action that did not fail; one that did is an error of the step."""
    record = type_name(action.output_schema["title"])
    return {
        "message": _output("Message", "One sentence for a person", "string", "1 endpoint"),
        "summary": _output("Summary", "Counts, and what the action adds", "object", {}),
        "records": _output("Records", "The records", f"[]{record}", [], required=True),
        "warnings": _output("Warnings", "What to know", "[]string", []),
        "run_id": _output("Run ID", "The run in the logs and the ledger", "string", "5f0c7a3a"),
    }


def types(description: Description) -> dict[str, dict[str, dict[str, Any]]]:
    """Every kind of record, and what is inside of one, as a type of its own."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for action in description.actions:
        schema = action.output_schema
        objects = {schema["title"]: schema} | schema.get("$defs", {})
        for name, one in objects.items():
            if one.get("properties"):
                found[type_name(name)] = {
                    field: _place(field, part) for field, part in one["properties"].items()
                }
    return dict(sorted(found.items()))


def type_name(name: str) -> str:
    """ "TaskStatus" is "task_status"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _place(name: str, part: Mapping[str, Any]) -> dict[str, Any]:
    shown = title_case(title(name))
    kind = _kind(part)
    example = example_of(name, kind.removeprefix("[]"), part, ())
    if example in ("", None) or kind.startswith("[]"):
        example = [] if kind.startswith("[]") else _EXAMPLES.get(kind, "example")
    return _output(shown, plain(part.get("description") or shown), kind, example)


def _kind(part: Mapping[str, Any]) -> str:
    options = [one for one in part.get("anyOf", ()) if one.get("type") != "null"]
    if len(options) == 1:
        part = options[0]
    if "$ref" in part:
        return type_name(part["$ref"].rpartition("/")[2])
    match part.get("type"):
        case "array":
            return f"[]{_kind(part.get('items', {}))}"
        case "number":
            return "float"
        case "string" | "integer" | "boolean" as simple:
            return str(simple)
        case _:
            return "object"


def _output(
    shown: str, description: str, kind: str, example: object, *, required: bool = False
) -> dict[str, Any]:
    return {
        "title": shown,
        "description": description,
        "type": kind,
        "required": required,
        "example": example,
    }


def _example(kind: str, example: object) -> object:
    return _EXAMPLES.get(kind, example) if example in (None, "", []) else example
