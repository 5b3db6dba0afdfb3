"""Users, tokens and roles (contract 2 and 3)."""

import datetime

import pytest

from cado_sentinelone.sandbox.asset import SENTINELONE_TOKEN
from cado_sentinelone.sandbox.sentinelone.people import ADMIN_TOKEN, EXPIRED_TOKEN
from cado_sentinelone.sandbox.sentinelone.permissions import COLLECTOR, CONSOLE_ONLY

from .conftest import refusal


def granted(pages):
    """The identifiers that pages grant."""
    return {
        permission["identifier"]
        for page in pages
        for permission in page["permissions"]
        if permission["value"]
    }


def listed(pages):
    return {permission["identifier"] for page in pages for permission in page["permissions"]}


def role_of(console):
    user = console.get("/user").json()["data"]
    scope = user["scopeRoles"][0]
    path = f"/rbac/role/{scope['roleId']}"
    return console.get(path, accountIds=scope["id"]).json()["data"]


def expiry(console, token):
    body = {"data": {"apiToken": token}}
    reply = console.post("/users/api-token-details", body, token=None)
    assert reply.status_code == 200
    return datetime.datetime.fromisoformat(reply.json()["data"]["expiresAt"]).timestamp()


def test_who_am_i(console):
    user = console.get("/user").json()["data"]
    account = console.world.accounts[0]
    assert user["scope"] == "account"
    assert user["scopeRoles"] == [
        {
            "id": account.account_id,
            "name": account.name,
            "accountName": account.name,
            "roleId": console.world.sentinelone.roles[2].role_id,
            "roleName": "Cado collector",
            "roles": ["Cado collector"],
        }
    ]
    assert console.get("/user", ADMIN_TOKEN).json()["data"]["tenantRoles"] == ["Admin"]


def test_a_token_reads_its_own_rights_both_ways(console):
    """S12: by the role of GET user and by the pages of users/{id}; they agree."""
    role = role_of(console)
    user_id = console.get("/user").json()["data"]["id"]
    user = console.get(f"/users/{user_id}").json()["data"]
    assert user["pages"] == role["pages"]
    assert granted(role["pages"]) == COLLECTOR - CONSOLE_ONLY
    assert user["account"]["id"] == console.world.accounts[0].account_id


def test_what_only_the_console_shows_is_not_in_the_api(console):
    assert not listed(role_of(console)["pages"]) & CONSOLE_ONLY
    console.world.faults.set("console_permissions")
    assert listed(role_of(console)["pages"]) >= CONSOLE_ONLY
    assert granted(role_of(console)["pages"]) >= CONSOLE_ONLY
    console.world.faults.set("missing_permission=Remote Script Orchestration.viewOutput")
    missing = CONSOLE_ONLY - granted(role_of(console)["pages"])
    assert missing == {"Remote Script Orchestration.viewOutput"}


def test_a_missing_permission_shows_in_the_role(console):
    console.world.faults.set("missing_permission=Remote Script Orchestration.upload")
    console.world.faults.set("missing_permission=Task Management.view")
    lost = COLLECTOR - CONSOLE_ONLY - granted(role_of(console)["pages"])
    assert lost == {"Remote Script Orchestration.upload", "Task Management.view"}


def test_the_template_lists_everything_and_grants_nothing(console):
    pages = console.get("/rbac/role").json()["data"]["pages"]
    assert granted(pages) == set()
    assert listed(pages) >= COLLECTOR - CONSOLE_ONLY
    (rso,) = [page for page in pages if page["name"] == "Remote Script Orchestration"]
    run = [p for p in rso["permissions"] if p["groupName"] == "Run Scripts"]
    assert [p["title"] for p in run] == [
        "Run Data Collection Script",
        "Run Artifact Collection Script",
        "Run Action Script",
    ]


@pytest.mark.parametrize(
    ("fault", "closed", "open_path"),
    [("user_unreadable", "/user", "/rbac/roles"), ("roles_unreadable", "/rbac/roles", "/user")],
)
def test_the_pre_flight_may_be_refused(console, fault, closed, open_path):
    console.world.faults.set(fault)
    assert console.get(closed).status_code == 401
    assert console.get(open_path).status_code == 200
    assert console.get(closed, ADMIN_TOKEN).status_code == 200


def test_roles_of_the_scope_and_its_parents(console):
    names = {role["name"] for role in console.rows("/rbac/roles")}
    assert names == {"Admin", "Viewer", "Cado collector"}
    own = console.rows("/rbac/roles", includeParents="false")
    assert [role["name"] for role in own] == ["Cado collector"]
    tenants = console.rows("/rbac/roles", ADMIN_TOKEN)
    assert {role["name"] for role in tenants} == {"Admin", "Viewer"}
    everything = console.rows("/rbac/roles", ADMIN_TOKEN, includeChildren="true")
    assert len(everything) == 3
    custom = console.rows("/rbac/roles", predefinedRole="false")
    assert [role["usersInRoles"] for role in custom] == [2]
    assert refusal(console.get("/rbac/roles", tenant="true"))[0] == 403
    assert refusal(console.get("/rbac/role/" + "1" * 18))[0] == 404


def test_users_within_the_scope(console):
    emails = {user["email"] for user in console.rows("/users")}
    assert emails == {"soar@example.com", "old-soar@example.com", "site@example.com"}
    assert len(console.rows("/users", ADMIN_TOKEN)) == 4
    administrator = console.world.sentinelone.users[1].user_id
    assert refusal(console.get(f"/users/{administrator}"))[0] == 404
    (found,) = console.rows("/users", email="soar@example.com")
    assert found["fullName"] == "SOAR connector"
    assert "pages" not in found
    service = {user["name"] for user in console.rows("/service-users", ADMIN_TOKEN)}
    assert service == {"SOAR connector", "Last year's connector"}


def test_any_token_may_be_asked_when_it_dies(console):
    now = console.world.clock.now()
    assert expiry(console, SENTINELONE_TOKEN) > now
    assert expiry(console, EXPIRED_TOKEN) < now
    unknown = console.post("/users/api-token-details", {"data": {"apiToken": "?"}}, None)
    assert refusal(unknown)[:3] == (400, 4000010, "Validation Error")


def test_a_token_that_is_about_to_die(console):
    console.world.faults.set("token_expiring=5")
    left = expiry(console, SENTINELONE_TOKEN) - console.world.clock.now()
    assert left == pytest.approx(5 * 3600)
    assert console.get("/user").status_code == 200
    user_id = console.world.sentinelone.collector.user_id
    details = console.get(f"/users/{user_id}/api-token-details").json()["data"]
    assert datetime.datetime.fromisoformat(details["expiresAt"]).timestamp() == pytest.approx(
        expiry(console, SENTINELONE_TOKEN)
    )


def test_a_token_that_has_died(console):
    """S17: refused like a permission that is missing, and its details say why."""
    console.world.faults.set("token_expired")
    assert console.get("/user").status_code == 401
    assert expiry(console, SENTINELONE_TOKEN) < console.world.clock.now()


def test_the_own_token_may_be_asked_about_without_a_permission(console):
    console.world.faults.set("user_unreadable")
    users = console.world.sentinelone.users
    assert console.get(f"/users/{users[0].user_id}/api-token-details").status_code == 200
    other = console.get(f"/users/{users[3].user_id}/api-token-details")
    assert refusal(other)[:2] == (403, 4030010)


def test_a_session_token_serves_like_the_token(console):
    def log_in(token):
        return console.post("/users/login/by-api-token", {"data": {"apiToken": token}}, None)

    session = log_in(SENTINELONE_TOKEN).json()["data"]["token"]
    assert console.get("/user", session).json() == console.get("/user").json()
    assert refusal(log_in(EXPIRED_TOKEN))[3] == "User authentication failed"
