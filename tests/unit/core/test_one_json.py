"""JSON that could be read in two ways is refused, wherever it comes in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cado_sentinelone.assets import load_asset
from cado_sentinelone.errors import AssetError
from cado_sentinelone.one_json import NotOneJsonError, read_json

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # No half of a character: UTF-8 has none.
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_what_is_json_is_read_as_everybody_reads_it(value):
    text = json.dumps(value)
    assert read_json(text) == read_json(text.encode()) == json.loads(text)


def test_a_byte_order_mark_is_no_part_of_it():
    """Windows' editors and shells write one."""
    assert read_json(b"\xef\xbb\xbf{}") == read_json("\ufeff{}") == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1, "a": 1}', "'a' is there twice"),
        ('[{"b": {"a": 1, "a": 2}}]', "'a' is there twice"),
        ('{"a": 1, "\\u0061": 2}', "'a' is there twice"),
        ("NaN", "NaN is not JSON"),
        ('{"a": [-Infinity]}', "-Infinity is not JSON"),
        ("", "line 1"),
        ("{}{}", "line 1"),
        ('{\n"canary": canary}', "line 2"),
        ("[" * 100_000, "nested too deeply"),
        ("9" * 5000, "too many digits"),
        (b'"\xff"', "not UTF-8"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_what_is_not_one_document_is_refused_without_its_values(text, words):
    with pytest.raises(NotOneJsonError, match=words) as raised:
        read_json(text)
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b'{"action": "no_such", "action": "list_collections"}',
        b'{"action": "list_collections", "parameters": {"limit": 1, "limit": 2}}',
        b'{"action": "list_collections", "asset": {"site_ids": "1", "site_ids": "2"}}',
    ],
)
def test_a_request_that_says_one_thing_twice_does_neither(command_line, request_bytes):
    outcome = command_line.document("invoke", stdin=request_bytes, status=2)
    assert outcome["error"]["kind"] == "params" and "twice" in outcome["error"]["message"]


def test_parameters_that_say_one_thing_twice_are_refused(command_line):
    twice = '{"limit": 1, "limit": 2}'
    outcome = command_line.document(
        "run", "list_collections", "--params", twice, "--json", status=2
    )
    assert "'limit' is there twice" in outcome["error"]["message"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b'{"site_ids": "1", "site_ids": "2"}', "'site_ids' is there twice"),
        (b'{"timeout_seconds": Infinity}', "Infinity is not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"cado_account_name": "\xff"}', "not UTF-8"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_an_asset_file_that_is_not_one_document_is_an_error_of_the_asset(tmp_path, text, words):
    file = tmp_path / "asset.json"
    file.write_bytes(text)
    with pytest.raises(AssetError, match=words):
        load_asset(file=file, environment={})


def test_an_asset_file_may_begin_with_a_byte_order_mark(tmp_path):
    file = tmp_path / "asset.json"
    file.write_bytes(b'\xef\xbb\xbf{"cado_account_name": "x"}')
    assert load_asset(file=file, environment={}).cado_account_name == "x"
