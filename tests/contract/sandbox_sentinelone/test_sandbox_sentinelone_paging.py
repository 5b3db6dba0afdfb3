"""Pages and cursors (contract 1.3)."""

import base64
import json
from urllib.parse import quote, unquote

import pytest

from .conftest import refusal


def walk(console, path="/agents", **params):
    """Every row, by cursors that are un-quoted first as a client must."""
    rows, cursor = [], None
    while True:
        given = {"cursor": cursor} if cursor else {}
        body = console.get(path, limit=7, **params, **given).json()
        rows += body["data"]
        cursor = body["pagination"]["nextCursor"]
        if cursor is None:
            return rows, body["pagination"]["totalItems"]
        cursor = unquote(cursor)


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize(
    "sort_by", ["id", "computerName", "osType", "lastActiveDate", "totalMemory", "isActive"]
)
def test_a_cursor_walks_every_row_once_in_order(console, sort_by, order):
    """R7: no row is missing or comes twice, whatever the order."""
    rows, total = walk(console, sortBy=sort_by, sortOrder=order)
    keys = [(row[sort_by], row["id"]) for row in rows]
    assert keys == sorted(keys, reverse=order == "desc")
    assert len({row["id"] for row in rows}) == len(rows) == total == 60


@pytest.mark.parametrize("path", ["/sites", "/accounts", "/activities", "/remote-scripts"])
def test_small_listings_walk_the_same_way(console, path):
    first = console.get(path, limit=1000).json()
    seen, cursor = [], None
    while True:
        body = console.get(path, limit=3, **({"cursor": cursor} if cursor else {})).json()
        seen += body["data"]["sites"] if path == "/sites" else body["data"]
        if body["pagination"]["nextCursor"] is None:
            break
        cursor = unquote(body["pagination"]["nextCursor"])
    assert seen == (first["data"]["sites"] if path == "/sites" else first["data"])


def test_a_cursor_is_a_keyset_whose_padding_is_encoded_already(console):
    for limit in range(1, 12):
        cursor = console.get("/agents", limit=limit).json()["pagination"]["nextCursor"]
        assert cursor.endswith("%3D")
        assert "=" not in cursor
        keyset = json.loads(base64.b64decode(unquote(cursor)))
        assert keyset.keys() == {
            "id_column",
            "id_value",
            "id_sort_order",
            "sort_by_column",
            "sort_by_value",
            "sort_order",
        }


def test_a_cursor_that_is_encoded_twice_is_refused(console):
    cursor = console.get("/agents", limit=1).json()["pagination"]["nextCursor"]
    pasted = console.call("GET", f"/agents?limit=1&cursor={cursor}")
    assert pasted.status_code == 200
    twice = console.call("GET", f"/agents?limit=1&cursor={quote(cursor)}")
    assert refusal(twice) == (400, 4000010, "Validation Error", "cursor: Invalid cursor")


@pytest.mark.parametrize(
    "cursor",
    [
        "null",
        "x",
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b"{}").decode(),
        base64.b64encode(b'{"id_value":"1","sort_by_value":5}').decode(),
    ],
)
def test_a_cursor_of_nobody_is_refused(console, cursor):
    assert refusal(console.get("/agents", cursor=cursor))[3] == "cursor: Invalid cursor"


def test_ten_rows_unless_asked_otherwise(console):
    assert len(console.get("/agents").json()["data"]) == 10


def test_a_whole_page_that_is_the_last_has_no_cursor(console):
    body = console.get("/agents", limit=60).json()
    assert len(body["data"]) == 60
    assert body["pagination"] == {"totalItems": 60, "nextCursor": None}


def test_skip(console):
    rows = console.rows("/agents")
    assert console.get("/agents", limit=5, skip=57).json()["data"] == rows[57:]
    assert console.get("/agents", skip=1000).json()["data"] == []
    descending = console.get("/agents", limit=5, skip=57, sortOrder="desc").json()["data"]
    assert descending == rows[2::-1]


def test_count_only_counts_and_shows_nothing(console):
    assert console.get("/agents", countOnly="true").json() == {
        "data": [],
        "pagination": {"totalItems": 60, "nextCursor": None},
    }
    sites = console.get("/sites", countOnly="true").json()
    assert sites["data"]["sites"] == []
    assert sites["pagination"]["totalItems"] == 12


def test_skip_count_shows_and_does_not_count(console):
    body = console.get("/agents", skipCount="true").json()
    assert len(body["data"]) == 10
    assert body["pagination"]["totalItems"] == 0
    assert body["pagination"]["nextCursor"]
