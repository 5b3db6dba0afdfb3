"""A collection as a row and back: nothing is lost, and only small JSON gets in (S9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cado_sentinelone.engine.ledger_rows import (
    JSON_LIMIT_BYTES,
    JSON_LIMIT_DEPTH,
    collection_of,
    columns_of,
    from_microseconds,
    to_microseconds,
)
from cado_sentinelone.errors import InternalError, LedgerError

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
)


def nested(levels):
    value = {}
    for _ in range(levels - 1):
        value = {"deeper": value}
    return value


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    options=st.dictionaries(TEXT, JSON, max_size=4),
    evidence_ids=st.lists(st.integers()).map(tuple),
    times=st.lists(st.datetimes(timezones=st.just(UTC)), min_size=3, max_size=3),
    hostname=TEXT,
)
def test_every_collection_comes_back_as_it_was(make_draft, options, evidence_ids, times, hostname):
    draft = make_draft(
        options=options,
        evidence_ids=evidence_ids,
        created_at=times[0],
        updated_at=times[1],
        deadline_at=times[2],
        hostname=hostname,
    )
    assert collection_of(columns_of(draft)) == draft


def test_columns_are_text_integers_or_nothing(make_draft):
    columns = columns_of(make_draft(options={"a": [1, {"b": None}]}, evidence_ids=(3, 1)))
    assert all(isinstance(value, str | int | None) for value in columns.values())
    assert columns["options"] == '{"a":[1,{"b":null}]}'
    assert columns["evidence_ids"] == "[3,1]"


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_are_exact(time):
    assert from_microseconds(to_microseconds(time)) == time


def test_times_of_another_zone_are_the_same_moment_in_utc():
    there = datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=5)))
    back = from_microseconds(to_microseconds(there))
    assert back == there
    assert back.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(make_draft):
    with pytest.raises(InternalError, match="without a zone"):
        columns_of(make_draft(created_at=datetime(2026, 1, 2)))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"files": ["x" * JSON_LIMIT_BYTES]}, "bytes"),
        (nested(JSON_LIMIT_DEPTH + 1), "deeper"),
        ({"number": float("nan")}, "JSON"),
        ({"time": datetime(2026, 1, 2, tzinfo=UTC)}, "JSON"),
        ({"set": {1}}, "JSON"),
    ],
)
def test_s9_options_over_the_limits_or_beyond_json_do_not_enter(make_draft, options, why):
    with pytest.raises(LedgerError, match=f"options.*{why}") as raised:
        columns_of(make_draft(options=options))
    assert "options" in raised.value.remedy


def test_s9_options_that_contain_themselves_do_not_enter(make_draft):
    options = {}
    options["again"] = options
    with pytest.raises(LedgerError, match="deeper"):
        columns_of(make_draft().model_copy(update={"options": options}))


def test_options_at_the_limit_enter(make_draft):
    draft = make_draft(options=nested(JSON_LIMIT_DEPTH))
    assert collection_of(columns_of(draft)) == draft


@pytest.mark.parametrize(
    "damage",
    [
        {"options": "{"},
        {"options": "[" * 60_000},
        {"options": '{"a":"' + "x" * JSON_LIMIT_BYTES + '"}'},
        {"options": '{"a":' * 20 + "1" + "}" * 20},
        {"options": None},
        {"evidence_ids": '["x"]'},
        {"state": "finished"},
        {"created_at": "yesterday"},
        {"created_at": 2**62},
        {"hostname": b"\xff"},
    ],
)
def test_s9_a_row_that_was_tampered_with_is_an_error_not_a_collection(make_draft, damage):
    with pytest.raises(LedgerError, match="damaged"):
        collection_of(columns_of(make_draft()) | damage)


def test_a_row_that_lacks_a_column_is_an_error(make_draft):
    columns = columns_of(make_draft())
    del columns["agent_id"]
    with pytest.raises(LedgerError, match="damaged"):
        collection_of(columns)
