"""What of a plugin's declaration cannot work; said when it is loaded, not in the middle of a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from cado_sentinelone.models.action import Action, Output, Params, Uses

_BESIDE_LETTERS = frozenset("_-.")


def wrong_fields(action: Action) -> list[str]:
    """What is wrong with each field of `action` that cannot be as it is, by the field's name."""
    return [f"{field} {words}" for field, is_right, words in _checks(action) if not is_right]


def _checks(action: Action) -> Iterator[tuple[str, bool, str]]:
    yield "identifier", _is_identifier(action.identifier), "is no name of letters, digits, _ - ."
    yield "summary", _is_text(action.summary), "is no text"
    yield (
        "params",
        isinstance(action.params, type) and issubclass(action.params, Params),
        "is no subclass of Params",
    )
    yield (
        "output",
        isinstance(action.output, type) and issubclass(action.output, Output),
        "is no subclass of Output",
    )
    yield "run", callable(action.run), "cannot be called"
    yield (
        "noun",
        _is_tuple(action.noun) and len(action.noun) == 2 and all(map(_is_text, action.noun)),
        "is not a pair of texts",
    )
    yield "group", _is_text(action.group), "is no text"
    yield (
        "uses",
        _is_tuple(action.uses) and all(one in get_args(Uses) for one in action.uses),
        f"holds something else than {', '.join(get_args(Uses))}",
    )
    yield (
        "columns",
        _is_tuple(action.columns) and all(map(_is_text, action.columns)),
        "holds something else than texts",
    )


def _is_identifier(value: object) -> bool:
    return (
        isinstance(value, str)
        and value.isascii()
        and value[:1].isalpha()
        and all(char.isalnum() or char in _BESIDE_LETTERS for char in value)
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value) and value.isprintable()


def _is_tuple(value: object) -> bool:
    return isinstance(value, tuple | list)
