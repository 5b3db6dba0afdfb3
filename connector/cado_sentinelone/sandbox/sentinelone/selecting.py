"""Choosing rows by the query parameters of a listing."""

import fnmatch
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from cado_sentinelone.sandbox.clock import Clock
from cado_sentinelone.sandbox.sentinelone.rules import Query, Value

Row = TypeVar("Row")
Read = Callable[[Row, str], object]
"""Reads a field of a row by its name in the API; None where the row has no such thing."""

_NOT_FILTERS = frozenset(
    [
        "skip",
        "limit",
        "cursor",
        "countOnly",
        "skipCount",
        "sortBy",
        "sortOrder",
        "query",
        "tenant",
        "unified",
        "includeHidden",
        "includeParents",
        "includeChildren",
        "siteIds",
        "accountIds",
        "groupIds",
        "tenancyIds",
    ]
)


def select(
    rows: Sequence[Row], query: Query, read: Read[Row], aliases: Mapping[str, str]
) -> Sequence[Row]:
    """The rows that pass every filter; the scope and `query` are the caller's.

    `aliases` names the field behind a filter, where that is not the filter's own name. A filter
    on a field that no row has matches no row, its negation every one.
    """
    for name, wanted in query.items():
        if name not in _NOT_FILTERS:
            passes = _test(name, wanted, read, aliases)
            rows = [row for row in rows if passes(row)]
    return rows


def search(rows: Sequence[Row], query: Query, read: Read[Row], fields: Iterable[str]) -> list[Row]:
    """The rows in which the `query` parameter is a part of one of these fields."""
    part = str(query["query"]).lower()
    names = tuple(fields)
    return [row for row in rows if any(part in str(read(row, name)).lower() for name in names)]


def _test(
    name: str, wanted: Value, read: Read[Row], aliases: Mapping[str, str]
) -> Callable[[Row], bool]:
    stem, _, comparison = name.partition("__")
    if not comparison and stem.endswith("Nin"):
        stem, comparison = stem.removesuffix("Nin"), "nin"
    field = aliases.get(stem, stem)
    if comparison in ("", "nin"):
        values = frozenset(wanted if isinstance(wanted, list) else [wanted])
        if comparison == "nin":
            return lambda row: not _is_in(read(row, field), values)
        return lambda row: _is_in(read(row, field), values)
    if comparison == "contains":
        wanted_parts = [str(part).lower() for part in wanted] if isinstance(wanted, list) else []
        return lambda row: _has_part(read(row, field), wanted_parts)
    if comparison == "like":
        pattern = str(wanted).replace("%", "*").lower()
        return lambda row: fnmatch.fnmatchcase(str(read(row, field)).lower(), pattern)
    if comparison == "between":
        low, _, high = str(wanted).partition("-")
        return lambda row: _within(read(row, field), int(low), int(high))
    compare = _COMPARISONS[comparison]
    return lambda row: compare(read(row, field), wanted)


def _is_in(value: object, wanted: frozenset[Value]) -> bool:
    if isinstance(value, list | tuple):
        return not wanted.isdisjoint(value)
    return value in wanted


def _has_part(value: object, wanted: Sequence[str]) -> bool:
    if value is None:
        return False
    texts = value if isinstance(value, list | tuple) else (value,)
    return any(part in str(text).lower() for text in texts for part in wanted)


def _within(value: object, low: int, high: int) -> bool:
    """Milliseconds for a moment, the plain number for a number (contract 1.1)."""
    if isinstance(value, str):
        return Clock.iso(low / 1000) <= value <= Clock.iso(high / 1000)
    return isinstance(value, int) and low <= value <= high


def _comparable(value: object) -> object:
    """A version such as 23.4.2.14 as its numbers; anything else as it is."""
    if isinstance(value, str) and value.replace(".", "").isdigit():
        return [int(number) for number in value.split(".") if number]
    return value


def _comparison(holds: Callable[[int], bool]) -> Callable[[object, object], bool]:
    def compare(value: object, wanted: object) -> bool:
        if value is None:
            return False
        left, right = _comparable(value), _comparable(wanted)
        order = (left > right) - (left < right)  # type: ignore[operator]
        return holds(order)

    return compare


_COMPARISONS = {
    "lt": _comparison(lambda order: order < 0),
    "lte": _comparison(lambda order: order <= 0),
    "gt": _comparison(lambda order: order > 0),
    "gte": _comparison(lambda order: order >= 0),
}
