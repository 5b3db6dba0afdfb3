"""The token's own user, role and life, the console, accounts, sites and activities."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from cado_sentinelone.errors import ForbiddenError, VendorError

PAGES = [
    {
        "name": "Remote Script Orchestration",
        "identifier": "rso",
        "permissions": [{"identifier": "rso.view", "title": "View", "value": True}],
    }
]
ONE_ROLE = [{"id": "1", "name": "Acme", "roleId": "7", "roleName": "Cado collector"}]


def test_the_user_has_a_scope_and_roles_in_it(console, client):
    console.answer(
        "GET",
        "user",
        {
            "id": "5",
            "email": "soar@example.com",
            "scope": "account",
            "scopeRoles": ONE_ROLE,
            "apiToken": {"expiresAt": "2026-07-01T00:00:00.000000Z"},
        },
    )
    user = client.user()
    assert (user.scope, user.scope_roles[0].scope_id, user.scope_roles[0].role_id) == (
        "account",
        "1",
        "7",
    )
    assert user.token.expires_at == datetime(2026, 7, 1, tzinfo=UTC)


def test_the_token_is_sent_in_the_body_to_learn_its_life(console, client):
    console.answer("POST", "users/api-token-details", {"expiresAt": "2026-07-01T00:00:00"})
    assert client.token_expiry().expires_at == datetime(2026, 7, 1, tzinfo=UTC)
    assert console.body() == {"data": {"apiToken": "canary-s1-token"}}


def test_one_role_tells_what_the_user_may_do(console, client):
    console.answer("GET", "user", {"id": "5", "scope": "account", "scopeRoles": ONE_ROLE})
    console.answer("GET", "rbac/role/7", {"id": "7", "pages": PAGES})
    (page,) = client.permission_pages(client.user())
    assert (page.name, page.permissions[0].granted) == ("Remote Script Orchestration", True)
    assert console.query() == {"accountIds": "1"}


@pytest.mark.parametrize("roles", [[], [*ONE_ROLE, {**ONE_ROLE[0], "id": "2"}], [{"id": "1"}]])
def test_without_one_role_the_user_tells_it(console, client, roles):
    console.answer("GET", "user", {"id": "5", "scope": "account", "scopeRoles": roles})
    console.answer("GET", "users/5", {"id": "5", "pages": PAGES})
    assert len(client.permission_pages(client.user())) == 1


def test_where_roles_cannot_be_read_the_user_tells_it(console, client):
    console.answer("GET", "user", {"id": "5", "scope": "account", "scopeRoles": ONE_ROLE})
    console.fail("GET", "rbac/role/7", 403, 4030010, "Insufficient permissions")
    console.answer("GET", "users/5", {"id": "5", "pages": PAGES})
    assert len(client.permission_pages(client.user())) == 1


def test_where_neither_can_be_read_the_permission_is_named(console, client):
    console.answer("GET", "user", {"id": "5", "scope": "account", "scopeRoles": ONE_ROLE})
    console.fail("GET", "rbac/role/7", 403, 4030010, "Insufficient permissions")
    console.fail("GET", "users/5", 403, 4030010, "Insufficient permissions")
    with pytest.raises(ForbiddenError):
        client.permission_pages(client.user())


def test_an_id_from_the_console_stays_one_segment_of_the_path(console, client):
    console.answer("GET", "rbac/role/..%2Fuser", {"id": "7"})
    client.role("../user")


def test_the_console_has_a_health_and_a_version(console, client):
    console.answer("GET", "system/status", {"health": "ok"})
    console.answer("GET", "system/info", {"version": "S-24.1.2", "build": 57})
    assert client.system_status() == "ok"
    assert client.console_version().build == "57"


def test_a_record_that_does_not_fit_says_where_and_never_what(console, client):
    console.answer("GET", "user", {"id": "5", "scopeRoles": "canary"})
    with pytest.raises(VendorError) as error:
        client.user()
    assert "scopeRoles" in error.value.message
    assert "canary" not in error.value.message


def test_accounts_are_told(console, client):
    console.page("accounts", [{"id": "1", "name": "Acme", "numberOfSites": 3}])
    (account,) = client.accounts()
    assert (account.account_id, account.name, account.number_of_sites) == ("1", "Acme", 3)


def test_many_sites_are_asked_for_in_several_calls(console, client):
    console.sites()
    list(client.sites([str(10**18 + number) for number in range(450)]))
    assert len(console.asked) == 3


def test_activities_come_oldest_first_from_a_moment_on(console, client):
    console.page("activities", [{"id": "9", "activityType": 81, "data": {"uuid": "x"}}])
    since = datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    (activity,) = client.activities(activity_types=[81], agent_ids=["5"], since=since)
    assert (activity.activity_type, activity.content) == (81, {"uuid": "x"})
    assert console.query() == {
        "activityTypes": "81",
        "agentIds": "5",
        "createdAt__gte": "2026-01-01T00:00:00.000000Z",
        "sortBy": "createdAt",
        "sortOrder": "asc",
        "limit": "1000",
    }


def test_no_more_activities_are_asked_for_than_wanted(console, client):
    console.page("activities", [{"id": "1"}, {"id": "2"}], following="a", total=9)
    assert len(list(client.activities(limit=2))) == 2
    assert console.query()["limit"] == "2"
    assert len(console.asked) == 1
