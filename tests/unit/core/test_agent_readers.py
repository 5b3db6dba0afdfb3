"""Two readers of a page of agents, one for short pages and one for long: they read the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cado_sentinelone.clients import sentinelone_agent_rows as rows
from cado_sentinelone.clients.reply import Reply
from cado_sentinelone.clients.sentinelone_agent_bytes import read_page
from cado_sentinelone.errors import ConnectorError

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats()
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*rows.AGENT, "inet", "sentinelone", "key"]), inner)
    ),
    max_leaves=8,
)
AGENTS = st.dictionaries(st.sampled_from([*rows.AGENT, "somethingNew"]), JSON, max_size=6)
PAGES = st.fixed_dictionaries(
    {},
    optional={
        "data": st.lists(AGENTS, max_size=3) | JSON,
        "pagination": st.dictionaries(st.sampled_from(["nextCursor", "totalItems"]), JSON) | JSON,
        "errors": JSON,
    },
)


def reply(body: bytes) -> Reply:
    return Reply("sentinelone", "GET", "/web/api/v2.1/agents", 200, {}, body)


@given(PAGES)
def test_what_the_short_reader_keeps_the_long_one_keeps_too(page):
    body = json.dumps(page).encode()
    kept = rows._short(body)
    if kept is not None:
        assert kept == read_page(reply(body))


@pytest.mark.parametrize(
    "body",
    [b"<html>", b'{"data": [', b"[]", b'{"data": {}}', b'{"data": [{"id": "\\ud800"}]}', b"\xff"],
)
def test_what_is_unusual_is_left_to_the_long_reader(body):
    assert rows._short(body) is None
    with pytest.raises(ConnectorError):
        rows.agents_page(reply(body))


def test_the_usual_page_is_read_by_the_short_reader(monkeypatch):
    monkeypatch.setattr("cado_sentinelone.clients.sentinelone_agent_bytes.read_page", None)
    page = rows.agents_page(reply(b'{"data": [{"id": "1", "isActive": true, "x": 1}]}'))
    assert page.items == [{"id": "1", "isActive": True}]
