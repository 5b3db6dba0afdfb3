"""The outcome's JSON: whatever an action says, every parser takes it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cado_sentinelone.errors import ParamsError, RefusedError
from cado_sentinelone.models.outcome import Outcome

ANY_TEXT = st.text(st.characters())  # halves of a surrogate pair too
SAID = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


def strictly(text):
    """`text` as a parser reads it that takes neither NaN nor half of a character."""
    read = json.loads(text, parse_constant=pytest.fail)
    json.dumps(read, ensure_ascii=False).encode()
    return read


@given(ANY_TEXT, SAID, st.lists(ANY_TEXT, max_size=2))
def test_whatever_is_said_it_is_json(message, said, warnings):
    outcome = Outcome(message, "run-1", RefusedError(message))
    outcome.summary, outcome.warnings = {"said": said}, warnings
    written = strictly(outcome.to_json())
    assert strictly('{"data":[],' + outcome.end_json()) == written
    assert outcome.to_json().isascii() and "\n" not in outcome.to_json()


@given(SAID)
def test_what_json_has_is_written_as_it_is(said):
    outcome = Outcome("act", "run-1")
    outcome.summary = {"said": said}
    try:
        text = json.dumps(said, allow_nan=False, ensure_ascii=False)
        text.encode()
    except ValueError:
        return
    assert strictly(outcome.to_json())["summary"] == {"said": json.loads(text)}


def test_what_json_has_not_is_null_or_escaped():
    outcome = Outcome("act", "run-1")
    outcome.summary = {"nan": float("nan"), "most": [float("inf")], "half": "a\ud800"}
    assert strictly(outcome.to_json())["summary"] == {
        "nan": None,
        "most": [None],
        "half": "a\\ud800",
    }


def test_its_exit_status_tells_whose_mistake_it_was():
    assert Outcome("act", "run-1").exit_status == 0
    assert Outcome("act", "run-1", RefusedError("no")).exit_status == 1
    assert Outcome("act", "run-1", ParamsError("no")).exit_status == 2
