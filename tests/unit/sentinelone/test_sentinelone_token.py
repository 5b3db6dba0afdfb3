"""A 401 that may be a dead token or a missing permission (contract 1.2)."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from cado_sentinelone.errors import ForbiddenError, UnauthorizedError

REFUSAL = {"errors": [{"code": 4010010, "detail": None, "title": "Authentication Failed"}]}
LIVING = {"createdAt": "2026-01-01T00:00:00.000000Z", "expiresAt": "2027-05-04T03:02:01.000000Z"}
EXPIRED = {"createdAt": "2026-01-01T00:00:00.000000Z", "expiresAt": "2026-07-01T00:00:00.000000Z"}
DETAILS, USER = ("POST", "users/api-token-details"), ("GET", "user")


def refuse(console, route, method="GET"):
    console.refuse(method, route, 401, REFUSAL)


def test_12_1_a_401_for_a_living_token_is_a_missing_permission(console, client):
    refuse(console, "agents/count")
    console.answer(*DETAILS, LIVING)
    console.answer(*USER, {"id": "5"})
    with pytest.raises(ForbiddenError) as error:
        client.count()
    assert "probably a missing permission, Endpoints.view" in error.value.message
    assert "2027-05-04" in error.value.message
    assert "Endpoints.view" in error.value.remedy
    assert error.value.http_status == 401


def test_12_1_the_refusal_that_was_seen_has_76_bytes():
    """The body that a role without a permission got from a real console."""
    assert len(json.dumps(REFUSAL, separators=(",", ":"))) + 1 == 76


def test_a_403_for_the_user_shows_that_the_token_lives(console, client):
    refuse(console, "sites")
    console.answer(*DETAILS, {})
    console.fail(*USER, 403, 4030010, "Insufficient permissions")
    with pytest.raises(ForbiddenError, match=r"Sites\.view"):
        list(client.sites())


def test_a_401_after_the_date_is_an_expired_token(console, client):
    refuse(console, "agents/count")
    console.answer(*DETAILS, EXPIRED)
    with pytest.raises(UnauthorizedError, match="expired on 2026-07-01"):
        client.count()
    assert USER not in console.asked


def test_a_token_that_nothing_accepts_is_dead(console, client):
    refuse(console, "agents/count")
    refuse(console, "users/api-token-details", "POST")
    with pytest.raises(UnauthorizedError, match="does not know the token"):
        client.count()


def test_a_token_without_a_date_that_the_user_refuses_is_dead(console, client):
    refuse(console, "agents/count")
    console.answer(*DETAILS, {})
    refuse(console, "user")
    with pytest.raises(UnauthorizedError, match="does not accept"):
        client.count()


def test_a_role_without_users_view_is_not_taken_for_a_dead_token(console, client):
    refuse(console, "user")
    console.answer(*DETAILS, LIVING)
    with pytest.raises(ForbiddenError, match=r"Users\.view"):
        client.user()


def test_a_check_without_an_answer_leaves_both_open(console, client):
    refuse(console, "agents/count")
    console.refuse(*DETAILS, 200, "<html></html>")
    with pytest.raises(UnauthorizedError, match="a dead token or a missing permission"):
        client.count()


def test_s17_the_token_is_checked_once_however_many_401_come(console, client):
    refuse(console, "agents/count")
    refuse(console, "sites")
    console.answer(*DETAILS, LIVING)
    console.answer(*USER, {"id": "5"})
    for call in (client.count, client.count, lambda: list(client.sites())):
        with pytest.raises(ForbiddenError):
            call()
    assert Counter(console.asked) == {
        ("GET", "agents/count"): 2,
        ("GET", "sites"): 1,
        DETAILS: 1,
        USER: 1,
    }


def test_s17_a_401_of_the_check_itself_does_not_ask_for_another(console, client):
    refuse(console, "users/api-token-details", "POST")
    with pytest.raises(UnauthorizedError):
        client.token_expiry()
    assert console.asked == [DETAILS, DETAILS]


def test_s5_the_token_is_in_no_error(console, client):
    refuse(console, "agents/count")
    refuse(console, "users/api-token-details", "POST")
    with pytest.raises(UnauthorizedError) as error:
        client.count()
    assert "canary" not in f"{error.value} {error.value.remedy} {error.value!r}"
