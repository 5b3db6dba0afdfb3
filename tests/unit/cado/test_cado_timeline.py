"""Search text: a user's words stay words, whatever they are."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cado_sentinelone.clients.cado_timeline import TextField, search_phrase, severity_range
from cado_sentinelone.errors import ParamsError
from cado_sentinelone_actions import timeline as actions

# Weighted towards what the query language reads as operators, quotes and escapes.
HOSTILE = st.lists(
    st.sampled_from(
        ['"', "\\", " AND ", " OR ", "[1 TO 3]", "*", "?", ":", "(", ")", "user:", "\n"]
    )
    | st.text(max_size=5)
).map("".join)


def read_phrase(text):
    """What a reader of the language sees: the content of one quoted phrase, and what follows it."""
    assert text[0] == '"'
    content, position = [], 1
    while text[position] != '"':
        if text[position] == "\\":
            position += 1
        content.append(text[position])
        position += 1
    return "".join(content), text[position + 1 :]


@given(HOSTILE)
def test_user_text_is_one_phrase_and_never_adds_an_operator(text):
    assert read_phrase(search_phrase(text)) == (text, "")


@given(HOSTILE, st.sampled_from(get_args(TextField)))
def test_user_text_in_a_field_stays_in_that_field(text, field):
    query = search_phrase(text, field)
    assert query.startswith(f"{field}: ")
    assert read_phrase(query.removeprefix(f"{field}: ")) == (text, "")


def test_only_known_fields_can_be_named():
    with pytest.raises(ParamsError):
        search_phrase("x", 'user: "a" OR host')


def test_a_severity_range_is_numbers():
    assert severity_range() == "alarm_severity:[1 TO 3]"


def test_an_event_is_read(api, cado):
    api.cursor_page(
        "/timeline",
        [
            {"id": "a", "timestamp": 1782818400.0, "short": "run", "notes": [{"x": 1}]},
            {"id": "b", "timestamp": 9e15, "alarm_information": None, "evidence_id": None},
        ],
    )
    first, second = cado.timeline(12, search_text=search_phrase("svch0st.exe"))
    assert (first.event_id, first.occurred_at.isoformat()) == ("a", "2026-06-30T11:20:00+00:00")
    assert (second.event_id, second.occurred_at) == ("b", None)
    assert dict(api.query()) == {
        "project_id": "12",
        "search_text": '"svch0st.exe"',
        "per_page": "100",
    }


def search(api, asset, run, **params):
    api.listing("/projects", [{"id": 12, "details": {"name": "case"}}])
    event = {
        "id": "a",
        "type": "Creation Time",
        "short": "run",
        "host": "lap-1",
        "sourcetype": "NTFS MFT",
        "alarm_information": [{"description": "beacon", "severity": 1, "attack": ["T1059.001"]}],
    }
    api.cursor_page("/timeline", [event], "two")
    api.cursor_page("/timeline", [event | {"id": "b"}])
    params = actions.SearchTimelineParams(investigation="case", **params)
    return list(actions.search_timeline(asset, params, run))


def test_search_timeline_walks_all_pages_and_quotes_the_query(api, asset, run):
    events = search(api, asset, run, query='" OR user: "*')
    assert [event.event_id for event in events] == ["a", "b"]
    assert dict(api.query())["search_text"] == '"\\" OR user: \\"*"'
    first = events[0]
    assert (first.severity, first.alarms, first.attack) == (
        "malicious",
        ("beacon",),
        ("T1059.001",),
    )
    assert (first.time_kind, first.hostname, first.source_type) == (
        "Creation Time",
        "lap-1",
        "NTFS MFT",
    )


def test_search_timeline_sends_cados_language_as_it_is_when_asked_to(api, asset, run):
    search(api, asset, run, query="alarm_severity:[1 TO 3]", language="cado")
    assert dict(api.query())["search_text"] == "alarm_severity:[1 TO 3]"


def test_search_timeline_without_a_query_asks_for_every_event(api, asset, run):
    search(api, asset, run)
    assert "search_text" not in dict(api.query())


def test_search_timeline_says_where_a_limit_stopped_it(api, asset, run):
    api.answer("GET", "/projects/12", {"id": 12})
    api.cursor_page("/timeline", [{"id": "a"}], "two")
    params = actions.SearchTimelineParams(investigation="12", limit=1, cursor="one")
    (event,) = actions.search_timeline(asset, params, run)
    assert (event.event_id, run.summary) == ("a", {"next_cursor": "two"})
    assert ("cursor", "one") in api.query()
