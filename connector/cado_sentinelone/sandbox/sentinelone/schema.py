"""What a request body may look like, and checking one the way the console words it (1.2)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cado_sentinelone.sandbox.sentinelone.errors import invalid
from cado_sentinelone.sandbox.sentinelone.rules import identifier, moment


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object; `fields` makes it an object itself, `is_list` a list of its kind."""

    kind: str = "text"
    required: bool = False
    nullable: bool = False
    is_list: bool = False
    most: int | None = None
    least: int | None = None
    shortest: int = 0
    choices: frozenset[str] = frozenset()
    fields: "Fields | None" = None


Fields = Mapping[str, Field]
Body = dict[str, object]

IDENTIFIERS = Field("identifier", is_list=True, least=1, most=500)


def choice(*choices: str, required: bool = False, nullable: bool = False) -> Field:
    """One value of these."""
    return Field(required=required, nullable=nullable, choices=frozenset(choices))


def nested(fields: Fields) -> Field:
    """A required object."""
    return Field("object", required=True, fields=fields)


def read_body(raw: bytes, fields: Fields) -> Body:
    """The body, if it is what the fields say.

    Raises:
        Refusal: it is not; every problem is named.
    """
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    problem = _problem_of_object(body, fields)
    if problem:
        raise invalid(problem)
    return dict(body)


def _problem_of_object(value: object, fields: Fields) -> str:
    """What is wrong with an object, all of it; nothing for a right one."""
    if not isinstance(value, Mapping):
        return "Invalid input type."
    problems: dict[str, str] = {}
    unknown = [name for name in value if name not in fields]
    if unknown:
        problems[f"dict_values([{', '.join(map(repr, unknown))}])"] = "Unknown field"
    for name, field in fields.items():
        if name in value:
            problem = _problem(value[name], field)
        else:
            problem = "Missing data for required field." if field.required else ""
        if problem:
            problems[name] = problem
    return ", ".join(f"{name}: {problem}" for name, problem in problems.items())


def _problem(value: object, field: Field) -> str:
    if value is None:
        return "" if field.nullable else "Field may not be null."
    if field.fields is not None:
        return _problem_of_object(value, field.fields)
    if not field.is_list:
        return _problem_of_scalar(value, field)
    if not isinstance(value, list):
        return "Not a valid list."
    if field.least is not None and len(value) < field.least:
        return f"Shorter than minimum length {field.least}."
    if field.most is not None and len(value) > field.most:
        return f"Longer than maximum length {field.most}."
    return next(_problems(value, field), "")


def _problems(values: Iterable[object], field: Field) -> Iterator[str]:
    return (problem for value in values if (problem := _problem_of_scalar(value, field)))


def _problem_of_scalar(value: object, field: Field) -> str:
    if field.kind == "anything":
        return ""
    if field.kind == "boolean":
        return "" if isinstance(value, bool) else "Not a valid boolean."
    if field.kind == "integer":
        return _problem_of_number(value, field)
    if not isinstance(value, str):
        return f"Not a valid {'Identifier' if field.kind == 'identifier' else 'string'}."
    if field.kind in ("identifier", "moment"):
        try:
            (identifier if field.kind == "identifier" else moment)(value)
        except ValueError as problem:
            return str(problem)
    if field.choices and value not in field.choices:
        return f'"{value}" is not a valid choice.'
    return f"Shorter than minimum length {field.shortest}." if len(value) < field.shortest else ""


def _problem_of_number(value: object, field: Field) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return "Not a valid integer."
    if field.least is not None and value < field.least:
        return f"Must be at least {field.least}."
    if field.most is not None and value > field.most:
        return f"Must be at most {field.most}."
    return ""
