"""Validation errors in words that name the field and never the value."""

from __future__ import annotations

from collections.abc import Collection

from pydantic import ValidationError

from cado_sentinelone.gate import nearest


def problems(error: ValidationError, names: Collection[str] = ()) -> str:
    """Every problem of `error`, as "field: what is wrong", joined by semicolons."""
    return "; ".join(
        _problem(".".join(str(part) for part in item["loc"]), item["type"], item["msg"], names)
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    )


def _problem(field: str, kind: str, message: str, names: Collection[str]) -> str:
    if kind == "extra_forbidden":
        return f"{field}: there is no such parameter{nearest(field, names)}"
    if kind == "missing":
        return f"{field}: is required"
    message = message.removeprefix("Value error, ").removeprefix("Input ")
    return f"{field}: {message}" if field else message
