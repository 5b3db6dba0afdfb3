"""`run ACTION --help`: what one action takes."""

from __future__ import annotations

import json
import sys
import textwrap

from cado_sentinelone import discovery

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_WIDTH = 96


def print_help(identifier: str) -> int:
    """Prints what the action takes; returns the exit status."""
    known = discovery.index().get(identifier)
    if known is None:
        from cado_sentinelone.errors import ConnectorError
        from cado_sentinelone.host import find_action, params_schema

        try:
            action = find_action(identifier)
            known = {"summary": action.summary, "params": params_schema(action)}
        except ConnectorError as error:
            print(f"{error.message}\n  {error.remedy}", file=sys.stderr)
            return 2
    print(f"{identifier}: {known['summary']}\n")
    print(f"usage: cado-sentinelone run {identifier} [-p NAME=VALUE ...] [--asset FILE] [--json]")
    lines = list(parameter_lines(known["params"]))
    print("\n".join(["", "parameters:", *lines]) if lines else "\nIt takes no parameters.")
    return 0


def parameter_lines(schema: Mapping[str, Any]) -> Iterator[str]:
    """One parameter after the other: its name, what it takes, what it means."""
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        kind = kind_of(field, schema.get("$defs", {}))
        default = field.get("default")
        facts = [kind] if kind else []
        if name in required:
            facts.append("required")
        elif default not in (None, "", []) and not field.get("writeOnly"):
            facts.append(f"default {json.dumps(default)}")
        yield f"  {name}  ({', '.join(facts)})"
        yield from textwrap.wrap(
            _description(field),
            _WIDTH,
            initial_indent=" " * 6,
            subsequent_indent=" " * 6,
            break_on_hyphens=False,
        )


def kind_of(field: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """What a parameter takes, in a few words."""
    if "$ref" in field:
        return kind_of(definitions[field["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in field:
        parts = (kind_of(part, definitions) for part in field["anyOf"])
        return " or ".join(part for part in parts if part)
    if "enum" in field:
        return " | ".join(str(choice) for choice in field["enum"] if choice != "")
    if field.get("type") == "array":
        items = kind_of(field.get("items", {}), definitions)
        return f"list of {items}, with commas" if items else "list, with commas"
    if field.get("writeOnly"):
        return "secret"
    kinds = {
        "string": "time" if field.get("format") == "date-time" else "text",
        "integer": "number",
        "number": "number",
        "boolean": "true | false",
        "object": "JSON object, with --params",
    }
    return kinds.get(str(field.get("type")), "")


def _description(field: Mapping[str, Any]) -> str:
    words = [field.get("description", "")]
    for example in field.get("examples", [])[:1]:
        shown = ",".join(map(str, example)) if isinstance(example, list) else example
        words.append(f"Example: {shown}")
    return " ".join(filter(None, words))
