"""What an error of the platform becomes: a decision, words, and what to do."""

from __future__ import annotations

import pytest
from requests.structures import CaseInsensitiveDict

from cado_sentinelone.clients.cado_errors import explain, roles_for
from cado_sentinelone.clients.reply import Reply
from cado_sentinelone.errors import (
    AnswerLostError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    ParamsError,
    ThrottledError,
    UnauthorizedError,
    UnavailableError,
    VendorError,
)
from cado_sentinelone.log import Mask

ENVELOPE = b'{"status": "error", "message": "Missing permission: x", "code": "auth.forbidden"}'
NGINX = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


def error(status, body=b"", *, method="GET", path="/api/v3/pipelines", request_id="r-1", mask=()):
    headers = CaseInsensitiveDict({"X-Request-ID": request_id})
    reply = Reply("cado", method, path, status, headers, body)
    return explain(reply, Mask(mask))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ParamsError),
        (401, UnauthorizedError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
        (418, VendorError),
        (422, ParamsError),
        (429, ThrottledError),
        (500, UnavailableError),
        (502, UnavailableError),
    ],
)
def test_the_status_decides_the_kind(status, kind):
    raised = error(status, ENVELOPE)
    assert type(raised) is kind
    assert (raised.vendor, raised.http_status, raised.request_id) == ("cado", status, "r-1")


def test_the_code_stays_in_words():
    assert "Missing permission: x (code auth.forbidden)" in error(403, ENVELOPE).message


def test_the_older_msg_body_is_read():
    raised = error(409, b'{"msg": "Project name already exists"}', method="POST")
    assert "Project name already exists" in raised.message


def test_a_proxys_page_is_called_a_page():
    raised = error(502, NGINX)
    assert "a page, not an answer of the API: 502 Bad Gateway" in raised.message


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b"null", b'"x"', b'{"message": null}'])
def test_a_body_that_says_nothing_still_gives_an_error(body):
    assert "no reason given" in error(404, body).message


def test_messages_are_printable_and_short():
    body = b'{"message": "\\u001b[31mred' + b"x" * 10_000 + b'"}'
    message = error(400, body).message
    assert message.isprintable()
    assert len(message) < 500


def test_a_401_says_revoked_or_wrong():
    assert "revoked" in error(401).remedy


@pytest.mark.parametrize(
    ("method", "path", "roles"),
    [
        ("POST", "/accounts/check", "Administrator or Platform Administrator"),
        ("DELETE", "/accounts/s1-prod", "Administrator or Platform Administrator"),
        ("GET", "/accounts", "Administrator or Platform Administrator or Lead Analyst or Analyst"),
        ("POST", "/import/xdr", "Administrator or Lead Analyst or Analyst"),
        ("GET", "/import/xdr/sentinelone", "Administrator or Lead Analyst or Analyst"),
        ("POST", "/projects", "Administrator or Lead Analyst"),
        ("PATCH", "/pipelines/65", "Administrator or Lead Analyst or Analyst"),
        (
            "GET",
            "/pipelines",
            "Administrator or Lead Analyst or Analyst or Read Only Analyst",
        ),
    ],
)
def test_a_403_names_the_roles_that_the_route_needs(method, path, roles):
    raised = error(403, ENVELOPE, method=method, path=f"/api/v3{path}")
    assert f"role must be {roles}:" in raised.remedy


def test_a_403_where_any_role_will_do_names_none():
    assert roles_for("GET", "/api/v3/auth/whoami") == ()
    assert "must be" not in error(403, path="/api/v3/auth/whoami").remedy


def test_a_platform_behind_a_path_has_the_same_roles():
    assert roles_for("POST", "/cado/api/v3/projects") == ("Administrator", "Lead Analyst")


def test_a_404_reminds_that_a_key_sees_only_what_it_is_assigned_to():
    assert "assigned" in error(404).remedy


def test_a_route_that_the_platform_lacks_was_not_done():
    assert type(error(501, method="POST")) is VendorError


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failed_write_may_have_been_done(status):
    """R2: a server error after a POST is a lost answer, not a refusal."""
    raised = error(status, NGINX, method="POST", path="/api/v3/import/xdr")
    assert type(raised) is AnswerLostError
    assert not raised.retryable


def test_only_reading_and_throttling_may_be_repeated():
    assert error(503).retryable
    assert error(429, method="POST").retryable
    assert not error(404).retryable
    assert not error(503, method="POST").retryable


def test_an_echoed_secret_is_masked_before_the_message_is_cut():
    """S5: not in part either, wherever the cut falls."""
    for padding in range(270, 305):
        body = b'{"message": "' + b"x" * padding + b'canary-token rejected"}'
        assert "canary" not in error(400, body, mask=["canary-token"]).message
