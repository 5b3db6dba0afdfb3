"""The quick gate: refuses plain mistakes in a request before any model is imported.

It reads the index's JSON Schemas and refuses only what the action's own model would refuse
too (a property test holds it to that); everything else passes and meets the model. With it a
wrong parameter is refused in a third of the time that importing pydantic takes.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

_TRUE_FALSE = {"true", "false", "1", "0", "yes", "no", "on", "off", "t", "f", "y", "n"}


def nearest(wrong: str, names: Iterable[str]) -> str:
    """ "; did you mean 'x'?" for the most similar of `names`, or nothing."""
    from difflib import get_close_matches

    match = get_close_matches(wrong, list(names), 1)
    return f"; did you mean {match[0]!r}?" if match else ""


def refusal(schema: Mapping[str, Any], params: Mapping[str, Any]) -> str:
    """Why `params` cannot be right, naming each field, or "" when the model should decide."""
    properties: Mapping[str, Any] = schema.get("properties", {})
    problems = [
        f"{name}: there is no such parameter{nearest(name, properties)}"
        for name in params
        if name not in properties
    ]
    problems += [
        f"{name}: is required"
        for name in schema.get("required", ())
        if params.get(name) in (None, "")
    ]
    for name, value in params.items():
        if name in properties and value is not None and value != "":
            problem = _problem(properties[name], value)
            if problem:
                problems.append(f"{name}: {problem}")
    return "; ".join(problems)


def _problem(schema: Mapping[str, Any], value: object) -> str:
    if "enum" in schema and isinstance(value, str) and value not in schema["enum"]:
        choices = ", ".join(str(choice) for choice in schema["enum"])
        return f"{value!r} is not one of {choices}"
    kind = schema.get("type")
    if kind == "boolean" and isinstance(value, str) and value.lower() not in _TRUE_FALSE:
        return f"{value!r} is neither true nor false"
    if kind in ("integer", "number") and isinstance(value, str | int | float):
        return _number_problem(schema, value, whole=kind == "integer")
    if kind == "string" and isinstance(value, str):
        shortest, longest = schema.get("minLength", 0), schema.get("maxLength")
        if len(value) < shortest:
            return f"is shorter than {shortest} characters"
        if longest is not None and len(value) > longest:
            return f"is longer than {longest} characters"
    return ""


def _number_problem(schema: Mapping[str, Any], value: str | float, *, whole: bool) -> str:
    try:
        number = float(value)
    except ValueError:
        return f"{value!r} is not a {'whole ' if whole else ''}number"
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and number < least:
        return f"{value} is less than {least}"
    if most is not None and number > most:
        return f"{value} is more than {most}"
    return ""
