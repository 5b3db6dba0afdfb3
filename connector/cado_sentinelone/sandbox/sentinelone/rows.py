"""Listings of records that are JSON already; all but the agents are."""

from collections.abc import Iterable, Mapping, Sequence

from cado_sentinelone.sandbox.sentinelone.paging import Page, page_of
from cado_sentinelone.sandbox.sentinelone.rules import Query
from cado_sentinelone.sandbox.sentinelone.selecting import search, select

Record = dict[str, object]


def page_of_records(
    records: Sequence[Record],
    query: Query,
    aliases: Mapping[str, str] | None = None,
    searched: Iterable[str] = (),
) -> Page[Record]:
    """The page of the records that pass the query; `searched` is where its `query` looks."""
    if query.get("query"):
        records = search(records, query, _read, searched)
    return page_of(select(records, query, _read, {"ids": "id", **(aliases or {})}), query, _read)


def _read(record: Record, name: str) -> object:
    return record.get(name)
