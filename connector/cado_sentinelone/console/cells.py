"""What a value of a record looks like in a table, for terminals and for pipes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeGuard

from cado_sentinelone.log import printable
from cado_sentinelone.plain import PlainAction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cado_sentinelone.models.action import Action


def columns_of(action: Action | PlainAction) -> Sequence[str]:
    """The fields that the action's table shows."""
    if isinstance(action, PlainAction):
        return action.columns
    return action.columns or tuple(action.output.model_fields)


def cell(value: object) -> str:
    """`value` on one line, without anything that could drive a terminal (S16)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return ", ".join(map(cell, value))
    if isinstance(value, dict | list):
        return printable(json.dumps(value, ensure_ascii=False))
    return printable(str(value))


def is_table(value: object) -> TypeGuard[list[dict[str, Any]]]:
    """Whether `value` is a table itself: a list of records."""
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def filled_columns(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The fields of a nested table in which any row has something to say."""
    return [name for name in rows[0] if any(row.get(name) not in (None, "", []) for row in rows)]
