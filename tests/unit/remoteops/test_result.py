"""The result line among whatever else an endpoint's output holds."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from cado_sentinelone.remoteops.result import EXIT_CODES, result_in
from cado_sentinelone.remoteops.script import credential_expiry

KEY = "col-0123456789abcdef0123"
LINE = {
    "cado_sentinelone": 1, "key": KEY, "outcome": "uploaded", "step": "upload", "exit_code": 0,
    "archive": "a", "size_bytes": 12, "digest_sha256": "a" * 64,
    "started_at": "2026-01-01T00:00:00Z", "ended_at": None, "message": "", "first_outcome": "",
    "first_step": "",
}  # fmt: skip


def line(**changes):
    return json.dumps(LINE | changes)


def test_the_last_line_of_the_key_counts():
    text = "\n".join(
        ["noise", line(outcome="failed"), line(key="col-" + "f" * 20), line(), "more noise", ""]
    )
    result = result_in(text, KEY)
    assert result is not None
    assert (result.outcome, result.size_bytes, result.ended_at) == ("uploaded", 12, None)
    assert result.line == line()


@pytest.mark.parametrize(
    "changes",
    [
        {"cado_sentinelone": 2},
        {"outcome": "completed"},
        {"size_bytes": -1},
        {"size_bytes": ""},
        {"digest_sha256": "x"},
        {"step": "rm -rf /"},
        {"started_at": "yesterday"},
        {"first_outcome": "great"},
    ],
)
def test_what_is_not_exactly_such_a_line_is_none(changes):
    assert result_in(line(**changes), KEY) is None


def test_a_line_without_an_archive_has_neither_size_nor_digest():
    result = result_in(line(outcome="failed", size_bytes=None, digest_sha256=""), KEY)
    assert result is not None
    assert (result.size_bytes, result.digest_sha256) == (None, "")


def test_unknown_fields_and_control_characters_do_no_harm():
    result = result_in(line(more=[1], message="a\u001b[31mb" + "c" * 600), KEY)
    assert result is not None and "\x1b" not in result.message and len(result.message) == 500


@given(st.text(), st.sampled_from(["", '{"cado_sentinelone"', '"cado_sentinelone"', "[" * 3000]))
def test_any_text_is_survived(text, more):
    assert result_in(f"{text}{more}\n{text}", KEY) is None


def test_every_exit_code_has_its_meaning():
    assert EXIT_CODES[0] and all(words for words in EXIT_CODES.values())


def presigned(expiration):
    policy = base64.b64encode(json.dumps({"expiration": expiration}).encode()).decode()
    return SecretStr(base64.b64encode(json.dumps({"fields": {"policy": policy}}).encode()).decode())


def test_a_credential_tells_when_it_ends():
    assert credential_expiry(presigned("2026-06-30T14:00:00Z")) == datetime(
        2026, 6, 30, 14, tzinfo=UTC
    )


@pytest.mark.parametrize("text", ["", "x", "eyJ9", "W10=", "bnVsbA=="])
def test_a_credential_that_does_not_tell_is_none(text):
    assert credential_expiry(SecretStr(text)) is None
    assert credential_expiry(presigned("soon")) is None
