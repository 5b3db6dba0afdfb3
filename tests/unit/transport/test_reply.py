"""A vendor's answer before anybody has decided what it means."""

import pytest
from requests.structures import CaseInsensitiveDict

from cado_sentinelone.clients.reply import Reply
from cado_sentinelone.errors import AnswerLostError, VendorError


def reply(body=b"", method="GET", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply("cado", method, "/api/v3/x", 200, CaseInsensitiveDict(named), body)


@pytest.mark.parametrize("name", ["X_RQID", "x_rqid", "X_Request_ID", "x_request_id"])
def test_the_request_id_is_found(name):
    assert reply(**{name: "abc"}).request_id == "abc"


def test_a_hostile_request_id_is_made_harmless():
    """S16."""
    found = reply(X_RQID="\x1b[31m" + "x" * 1000).request_id
    assert found.isprintable()
    assert len(found) == 100


def test_without_an_id_there_is_none():
    assert reply().request_id is None


def test_retry_after_is_read_by_the_servers_own_clock():
    headers = {
        "Retry_After": "Tue, 24 Nov 2026 10:00:09 GMT",
        "Date": "Tue, 24 Nov 2026 10:00:00 GMT",
    }
    assert reply(**headers).retry_after_seconds == 9
    assert reply(Retry_After="5").retry_after_seconds == 5
    assert reply().retry_after_seconds is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "an empty body"),
        (b" \n", "an empty body"),
        (b"<html>canary</html>", "a page of HTML or XML"),
        (b"\n <!DOCTYPE html>canary", "a page of HTML or XML"),
        (b'{"canary": [1, 2', "cut off or broken JSON"),
        (b'{"canary": NaN}', "cut off or broken JSON"),
        (b'["canary"] x', "cut off or broken JSON"),
        (b"[" * 100_000, "cut off or broken JSON"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "cut off or broken JSON"),
        (b"canary", "text or binary content"),
        (b"\xff\xfe\x00canary", "text or binary content"),
    ],
)
@pytest.mark.parametrize(("method", "error"), [("GET", VendorError), ("POST", AnswerLostError)])
def test_what_is_not_json_is_named_by_kind_never_quoted(body, kind, method, error):
    """S5; contract 12.2."""
    with pytest.raises(error, match=kind) as raised:
        reply(body, method, X_RQID="rq-1").json()
    assert type(raised.value) is error
    assert raised.value.request_id == "rq-1"
    assert raised.value.http_status == 200
    assert "canary" not in str(raised.value)
    # The parser's own error holds the whole body.
    assert raised.value.__context__ is None


def test_a_bom_and_deep_but_sane_json_are_read():
    assert reply(b'{"data": [null, true, "\xc3\xa9"]}').json() == {"data": [None, True, "é"]}


def test_the_body_is_in_no_repr():
    """S5."""
    assert "canary" not in repr(reply(b"canary"))
