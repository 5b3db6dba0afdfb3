"""What a request asks for, checked strictly: nothing unknown, nothing of the wrong type.

The vendor's document bans no extra keys; refusing them here shows a client's typing errors, which
the real platform may swallow (Cado contract 13).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated, Literal, TypeVar, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from cado_sentinelone.sandbox.cado.refusal import Refusal, invalid


def _whole(text: object) -> object:
    if isinstance(text, str) and not re.fullmatch(r"-?\d{1,18}", text, re.ASCII):
        raise ValueError("is not an integer")
    return text


def _number(text: object) -> object:
    if isinstance(text, str) and not re.fullmatch(r"-?\d{1,18}(\.\d+)?", text, re.ASCII):
        raise ValueError("is not a number")
    return text


def _flag(text: object) -> object:
    if isinstance(text, str) and text not in ("true", "false"):
        raise ValueError("is neither true nor false")
    return text


def _boolean(value: object) -> object:
    if value is True or value is False:
        return value
    raise ValueError("is neither true nor false")


Whole = Annotated[int, BeforeValidator(_whole)]
Number = Annotated[float, BeforeValidator(_number)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Yes = Annotated[Literal[True], BeforeValidator(_boolean)]
"""`true`, and not the 1 that equals it."""
Positive = Annotated[Whole, Field(ge=1)]


class Query(BaseModel):
    """The query string. Array parameters are repeated keys (Cado contract 0.2)."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Body(BaseModel):
    """The JSON body. A field that may be left out may still not be null."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PageQuery(Query):
    """A page of a listing."""

    page: Positive = 1
    per_page: Positive = 10


class Nothing(Query):
    """No query string and no body."""


class EmptyBody(Body):
    """A body without content, which may also be missing."""


Q = TypeVar("Q", bound=Query)
B = TypeVar("B", bound=Body)


def read_query(kind: type[Q], items: Iterable[tuple[str, str]]) -> Q:
    """The query string as `kind`.

    Raises:
        Refusal: a parameter is unknown, missing, repeated or of the wrong type.
    """
    given: dict[str, list[str]] = defaultdict(list)
    for name, value in items:
        given[name].append(value)
    asked: dict[str, object] = {}
    for name, values in given.items():
        field = kind.model_fields.get(name)
        if field is not None and get_origin(field.annotation) is tuple:
            asked[name] = values
        elif len(values) == 1:
            asked[name] = values[0]
        else:
            raise invalid(f"{name}: is given {len(values)} times")
    try:
        return kind.model_validate(asked)
    except ValidationError as error:
        raise _refusal(error) from None


def read_body(kind: type[B], content_type: str, body: bytes) -> B:
    """The JSON body as `kind`.

    Raises:
        Refusal: it is not JSON, or a key is unknown, missing or of the wrong type.
    """
    if body and content_type.partition(";")[0].strip().lower() != "application/json":
        raise invalid(f"The body is {content_type or 'of no type'}, not application/json")
    try:
        return kind.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise _refusal(error) from None


def _refusal(error: ValidationError) -> Refusal:
    first = error.errors(include_url=False)[0]
    where = ".".join(map(str, first["loc"])) or "body"
    return invalid(f"{where}: {first['msg']}")
