"""Multipart forms, checked part by part in the console's words."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from cado_sentinelone.sandbox.sentinelone.errors import invalid
from cado_sentinelone.sandbox.sentinelone.schema import Body


@dataclass(frozen=True, slots=True)
class FormField:
    """One part; a list repeats it. A file is its name and content."""

    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    is_list: bool = False
    least: int | None = None
    most: int | None = None


FormFields = Mapping[str, FormField]


async def read_form(request: Request, fields: FormFields) -> Body:
    """The parts of the form, converted.

    Raises:
        Refusal: the body is no such form; every problem is named.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise invalid("data: Invalid input type.")
    body: Body = {}
    problems: dict[str, str] = {}
    async with request.form() as form:
        for name, part in form.multi_items():
            field = fields.get(name)
            if field is None:
                problems[f"dict_values(['{name}'])"] = "Unknown field"
            elif field.kind == "file":
                if isinstance(part, str):
                    problems[name] = "Not a valid file."
                else:
                    body[name] = (part.filename or "", await part.read())
            elif not isinstance(part, str):
                problems[name] = "Not a valid string."
            else:
                try:
                    value = _converted(part, field)
                except ValueError as problem:
                    problems[name] = str(problem)
                    continue
                if field.is_list:
                    body.setdefault(name, []).append(value)  # type: ignore[attr-defined]
                else:
                    body[name] = value
    for name, field in fields.items():
        if field.required and name not in body and name not in problems:
            problems[name] = "Missing data for required field."
    if problems:
        raise invalid(problems)
    return body


def _converted(text: str, field: FormField) -> object:
    if field.choices and text not in field.choices:
        raise ValueError(f'"{text}" is not a valid choice.')
    if field.kind == "boolean":
        if text.lower() not in ("true", "false"):
            raise ValueError("Not a valid boolean.")
        return text.lower() == "true"
    if field.kind == "integer":
        if not text.isdigit():
            raise ValueError("Not a valid integer.")
        number = int(text)
        if field.least is not None and number < field.least:
            raise ValueError(f"Must be at least {field.least}.")
        if field.most is not None and number > field.most:
            raise ValueError(f"Must be at most {field.most}.")
        return number
    return text
