"""The quick gate: refuses plain mistakes in a request before any model is imported.

It reads the index's JSON Schemas and refuses only what the action's own model would refuse
too (a property test holds it to that); everything else passes and meets the model. Like the
model it names the field and never the value. With it a
wrong parameter is refused in a third of the time that importing pydantic takes. Patterns are
left to the model: its regular expressions are not Python's.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    Schema = Mapping[str, Any]

_TRUE_FALSE = {"true", "false", "1", "0", "yes", "no", "on", "off", "t", "f", "y", "n"}


def nearest(wrong: object, names: Iterable[str]) -> str:
    """ "; did you mean 'x'?" for the most similar of `names`, or nothing."""
    from difflib import get_close_matches

    match = get_close_matches(str(wrong), list(names), 1)
    return f"; did you mean {match[0]!r}?" if match else ""


def refusal(schema: Schema, params: Mapping[str, Any]) -> str:
    """Why `params` cannot be right, naming each field, or "" when the model should decide."""
    properties: Schema = schema.get("properties", {})
    definitions: Schema = schema.get("$defs", {})
    problems = []
    if schema.get("additionalProperties") is False:
        problems = [
            f"{name}: there is no such parameter{nearest(name, properties)}"
            for name in params
            if name not in properties
        ]
    problems += [
        f"{name}: is required"
        for name in schema.get("required", ())
        if params.get(name) is None or (params[name] == "" and not _is_text(properties, name))
    ]
    for name, value in params.items():
        # "" and null mean "not given" (models/form.py), and plain text may be empty.
        if name in properties and value is not None and (value != "" or _is_text(properties, name)):
            problem = _problem(properties[name], value, definitions)
            if problem:
                problems.append(f"{name}: {problem}")
    return "; ".join(problems)


def _is_text(properties: Schema, name: str) -> bool:
    """Whether the field is text itself, which may be empty, rather than something text becomes."""
    schema: Schema = properties.get(name, {})
    return (
        schema.get("type") == "string"
        and "format" not in schema
        and "enum" not in schema
        and "const" not in schema
    )


def _problem(schema: Schema, value: object, definitions: Schema) -> str:
    if "$ref" in schema:
        return _problem(definitions.get(schema["$ref"].rpartition("/")[2], {}), value, definitions)
    if "anyOf" in schema:
        return _problem_of_all(schema["anyOf"], value, definitions)
    choices = schema.get("enum", [schema["const"]] if "const" in schema else ())
    if choices and isinstance(value, str) and value not in choices:
        # Text for a number that is a choice is the model's to convert.
        if all(isinstance(choice, str) for choice in choices):
            return f"is not one of {', '.join(filter(None, choices))}"
        return ""
    kind = schema.get("type")
    if kind in ("integer", "number"):
        return _number_problem(schema, value, whole=kind == "integer")
    if kind == "boolean":
        wrong = isinstance(value, list | dict) or (
            isinstance(value, str) and value.lower() not in _TRUE_FALSE
        )
        return "is neither true nor false" if wrong else ""
    if kind == "string":
        return _text_problem(schema, value)
    if kind == "array":
        return _list_problem(schema, value, definitions)
    if kind == "object" and isinstance(value, str | int | float | list):
        return "is not an object"
    return ""


def _problem_of_all(schemas: list[Schema], value: object, definitions: Schema) -> str:
    """The first problem when `value` fits none of `schemas`."""
    problems = [
        _problem(schema, value, definitions) for schema in schemas if schema.get("type") != "null"
    ]
    return problems[0] if problems and all(problems) else ""


def _text_problem(schema: Schema, value: object) -> str:
    if not isinstance(value, str):
        # What has a format may be made from other things: a time from a number, for instance.
        return "is not text" if isinstance(value, list | dict) and "format" not in schema else ""
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength")
    if len(value) < shortest:
        return "is empty" if value == "" else f"is shorter than {shortest} characters"
    if longest is not None and len(value) > longest:
        return f"is longer than {longest} characters"
    return ""


def _number_problem(schema: Schema, value: object, *, whole: bool) -> str:
    wrong_kind = f"is not a {'whole ' if whole else ''}number"
    if not isinstance(value, str | int | float):
        return wrong_kind
    try:
        number = float(value)
    except OverflowError:
        return ""
    except ValueError:
        return wrong_kind
    for keyword, is_wrong, words in (
        ("minimum", number.__lt__, "less than"),
        ("maximum", number.__gt__, "more than"),
        ("exclusiveMinimum", number.__le__, "not more than"),
        ("exclusiveMaximum", number.__ge__, "not less than"),
    ):
        bound = schema.get(keyword)
        if bound is not None and is_wrong(float(bound)):
            return f"is {words} {bound}"
    return ""


def _list_problem(schema: Schema, value: object, definitions: Schema) -> str:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        return "is not a list" if isinstance(value, int | float | dict) else ""
    if len(value) < schema.get("minItems", 0):
        return f"has fewer than {schema['minItems']} items"
    items = schema.get("items", {})
    problems = (_problem(items, item, definitions) for item in value if item is not None)
    return next((problem for problem in problems if problem), "")
