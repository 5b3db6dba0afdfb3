"""What error answers mean (contract 1.2)."""

from __future__ import annotations

import pytest

from cado_sentinelone.clients.sentinelone_errors import permission_for
from cado_sentinelone.errors import (
    AnswerLostError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    ParamsError,
    ThrottledError,
    UnavailableError,
)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ParamsError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
        (410, NotFoundError),
        (429, ThrottledError),
        (500, UnavailableError),
        (502, UnavailableError),
    ],
)
def test_a_status_is_a_kind_of_error(console, client, status, kind):
    console.fail("GET", "agents/count", status, 1, "Title", "the detail")
    with pytest.raises(kind) as error:
        client.count()
    assert "Title: the detail" in error.value.message
    assert (error.value.vendor, error.value.http_status) == ("sentinelone", status)
    assert error.value.request_id == "rq-1"
    assert error.value.remedy


def test_a_501_is_not_worth_another_try(console, client):
    console.fail("GET", "agents/count", 501, 5010010, "Not supported")
    with pytest.raises(UnavailableError) as error:
        client.count()
    assert not error.value.retryable


def test_a_write_that_ends_in_a_500_may_have_been_done(console, client):
    console.fail("DELETE", "exclusions", 500, 0, "Server could not process the request.")
    with pytest.raises(AnswerLostError):
        client.delete_exclusions(["1"])


def test_12_19_a_duplicate_is_a_400_that_means_conflict(console, client):
    console.fail("POST", "exclusions", 400, 4000040, "Already Exists Error", "it is there")
    with pytest.raises(ConflictError):
        client.create_exclusion(
            "site", "11", os="linux", value="/opt/x", mode="suppress", description=""
        )


def test_12_20_a_micro_service_puts_the_text_into_the_title(console, client):
    console.fail("GET", "agents/count", 400, 400, "limit: Unknown field", "")
    with pytest.raises(ParamsError, match="limit: Unknown field"):
        client.count()


@pytest.mark.parametrize(
    ("sentence", "remedy"),
    [
        ("User does not have required permissions.", "Endpoints.view"),
        (
            "User scope level is account. Please provide a valid account ID or site ID.",
            "account_ids",
        ),
        ("Feature rso is not available for the scope", "licensed"),
        ("page doesn't support multi-scopes users", "one account"),
        (None, "Endpoints.view"),
    ],
)
def test_a_403_has_the_remedy_that_its_sentence_asks_for(console, client, sentence, remedy):
    console.fail("GET", "agents/count", 403, 4030010, "Insufficient permissions", sentence)
    with pytest.raises(ForbiddenError) as error:
        client.count()
    assert remedy in error.value.remedy


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("404 page not found", "404 page not found"),
        ("<html><body>secret page</body></html>", "a page, not an answer of the API"),
        ("", "no reason given"),
        ('{"errors": null}', '{"errors": null}'),
        ('{"errors": [{"title": "a\\u001b[31m", "detail": ""}]}', "a\\x1b[31m"),
    ],
)
def test_other_bodies_are_told_shortly_and_printably(console, client, body, words):
    """S16: nothing that a console sends drives a terminal."""
    console.refuse("GET", "agents/count", 404, body)
    with pytest.raises(NotFoundError) as error:
        client.count()
    assert error.value.message.endswith(words)


def test_a_long_answer_is_cut_short(console, client):
    console.refuse("GET", "agents/count", 404, "x" * 10_000)
    with pytest.raises(NotFoundError) as error:
        client.count()
    assert len(error.value.message) < 500


@pytest.mark.parametrize(
    ("method", "route", "permission"),
    [
        ("GET", "agents/count", "Endpoints.view"),
        ("GET", "sites", "Sites.view"),
        ("GET", "rbac/role/1", "Roles.view"),
        ("POST", "exclusions/validate", "Exclusions.create"),
        ("DELETE", "exclusions", "Exclusions.delete"),
        ("POST", "users/api-token-details", ""),
        ("GET", "system/status", ""),
    ],
)
def test_a_route_needs_a_permission(method, route, permission):
    assert permission_for(method, f"/web/api/v2.1/{route}") == permission
