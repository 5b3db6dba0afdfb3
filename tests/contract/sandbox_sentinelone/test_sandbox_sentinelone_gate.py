"""Tokens, permissions, scope and rate limits at the console's gate (contract 1.1, 1.2, 1.4, 2)."""

import uuid

import pytest

from cado_sentinelone.sandbox.asset import SENTINELONE_TOKEN
from cado_sentinelone.sandbox.sentinelone.limits import Limits
from cado_sentinelone.sandbox.sentinelone.people import (
    ADMIN_TOKEN,
    EXPIRED_TOKEN,
    SITE_TOKEN,
)
from cado_sentinelone.sandbox.sentinelone.permissions import COLLECTOR, CONSOLE_ONLY
from cado_sentinelone.sandbox.sentinelone.routes import OPERATIONS

from .conftest import refusal

UNAUTHENTICATED = b'{"errors":[{"code":4010010,"detail":null,"title":"Authentication Failed"}]}\n'


@pytest.mark.parametrize("scheme", ["ApiToken", "APIToken", "apitoken"])
def test_the_scheme_is_case_insensitive(console, scheme):
    headers = {"Authorization": f"{scheme} {SENTINELONE_TOKEN}"}
    assert console.call("GET", "/user", None, headers).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "Basic"])
def test_another_scheme_is_refused(console, scheme):
    headers = {"Authorization": f"{scheme} {SENTINELONE_TOKEN}"}
    assert console.call("GET", "/user", None, headers).status_code == 401


def test_the_token_may_stand_in_the_query(console):
    assert console.get("/user", None, APIToken=SENTINELONE_TOKEN).status_code == 200


@pytest.mark.parametrize("token", [None, "unknown", EXPIRED_TOKEN])
def test_a_dead_token_is_76_bytes_of_401(console, token):
    response = console.get("/user", token)
    assert (response.status_code, response.content) == (401, UNAUTHENTICATED)
    assert len(response.content) == 76


def test_every_answer_carries_the_consoles_headers(console):
    for response in (console.get("/user"), console.get("/user", None), console.get("/nowhere")):
        assert response.headers["server"] == "nginx"
        assert response.headers["cache-control"] == "no-store"
        assert "Origin" in response.headers["vary"]
        uuid.UUID(response.headers["x-rqid"])
    assert console.get("/user").headers["x-rqid"] != console.get("/user").headers["x-rqid"]


def test_gzip_only_for_who_accepts_it(console):
    zipped = console.call("GET", "/agents", headers={"Accept-Encoding": "gzip"})
    plain = console.call("GET", "/agents", headers={"Accept-Encoding": "identity"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert zipped.json() == plain.json()


def test_an_unknown_path_is_the_routers_plain_text(console):
    response = console.get("/remote-scripts/tasks")
    assert (response.status_code, response.text) == (404, "404 page not found")
    assert response.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("set_to", "expected"),
    [
        ("", (401, 4010010, "Authentication Failed", None)),
        (";missing_permission_status=401", (401, 4010010, "Authentication Failed", None)),
        (
            ";missing_permission_status=403",
            (
                403,
                4030010,
                "Insufficient permissions",
                "User does not have required permissions.",
            ),
        ),
    ],
)
def test_a_missing_permission_looks_like_a_dead_token_or_not(console, set_to, expected):
    """S12: 401 is ambiguous; the token is alive all the same."""
    console.world.faults.set("missing_permission=Endpoints.view" + set_to)
    assert refusal(console.get("/agents")) == expected
    assert console.get("/user").status_code == 200


@pytest.mark.parametrize(
    "operation",
    [operation for operation in OPERATIONS if operation.needs and not operation.denial],
    ids=lambda operation: f"{operation.method} {operation.path}",
)
def test_every_route_needs_its_permission(console, operation):
    """S12: whoever lacks one permission is refused just where it is needed."""
    path = operation.path.replace("{user_id}", "1").replace("{role_id}", "1")
    if path.endswith("/script-content"):
        path += "?scriptId=1466000000000000001"  # without one it is refused to everybody
    for needed in operation.needs:
        console.world.faults.set(f"missing_permission={needed}")
    assert console.call(operation.method, path).status_code == 401
    console.world.faults.clear()
    refused = console.call(operation.method, path).status_code == 401
    assert refused == set(operation.needs).isdisjoint(COLLECTOR)


def test_the_collectors_role_is_the_documented_one():
    """The vendor's eleven, of which the API can name seven, and what reading endpoints needs."""
    remote_ops = {p for p in COLLECTOR if p.startswith("Remote Script Orchestration.")}
    assert len(remote_ops) == 10
    assert len(remote_ops - CONSOLE_ONLY) == 6
    assert {"Task Management.view", "Endpoints.view", "Exclusions.create"} <= COLLECTOR
    assert not {"Groups.view", "Service Users.view", "Configuration.view"} & COLLECTOR


def test_the_configuration_is_no_health_check(console):
    assert refusal(console.get("/system/configuration")) == (
        403,
        4030010,
        "Insufficient permissions",
        "User does not have required permissions.",
    )


@pytest.mark.parametrize("path", ["/users/tenant-admin-auth-check", "/users/rs-auth-check"])
def test_an_auth_check_says_403(console, path):
    assert refusal(console.get(path)) == (403, 4030010, "Insufficient permissions", None)
    assert console.get(path, ADMIN_TOKEN).json() == {"data": {"success": True}}


@pytest.mark.parametrize("path", ["/agents", "/sites", "/agents/count", "/user", "/exclusions"])
def test_a_site_of_another_account_is_outside(console, path):
    """S10: the token's scope is hard."""
    elsewhere = console.world.accounts[1].sites[0].site_id
    for params in (
        {"siteIds": elsewhere},
        {"siteIds": f"{console.world.sites[0].site_id},{elsewhere}"},
    ):
        assert refusal(console.get(path, **params)) == (
            403,
            4030010,
            "Insufficient permissions",
            "User scope level is account. Please provide a valid account ID or site ID.",
        )
    assert console.get(path, ADMIN_TOKEN, siteIds=elsewhere).status_code == 200


def test_a_token_sees_its_own_scope_only(console):
    world = console.world
    count = {"countOnly": "true"}

    def total(token):
        return console.get("/agents", token, **count).json()["pagination"]["totalItems"]

    assert total(ADMIN_TOKEN) == len(world.agents)
    assert total(SENTINELONE_TOKEN) == len(world.accounts[0].agents) == 60
    assert total(SITE_TOKEN) == len(world.sites[0].agents)
    assert [site["id"] for site in console.rows("/sites", SITE_TOKEN)] == [world.sites[0].site_id]


def test_site_scope_is_a_fault_of_the_collector(console):
    console.world.faults.set("site_scope_token")
    user = console.get("/user").json()["data"]
    assert user["scope"] == "site"
    assert user["scopeRoles"][0]["id"] == console.world.sites[0].site_id
    assert len(console.rows("/agents")) == len(console.world.sites[0].agents)
    assert refusal(console.get("/accounts"))[3].startswith("User scope level is site.")
    assert console.get("/user", ADMIN_TOKEN).json()["data"]["scope"] == "tenant"


def test_rate_limits_are_an_html_page_without_retry_after(console):
    """R6: a burst of one on users/login, and every token has its own."""
    console.world.faults.set("rate_limits")
    body = {"data": {"apiToken": SENTINELONE_TOKEN}}
    replies = [console.post("/users/login/by-api-token", body, "rated") for _ in range(2)]
    assert [reply.status_code for reply in replies] == [200, 429]
    assert "<title>429 Too Many Requests</title>" in replies[1].text
    assert replies[1].headers["content-type"] == "text/html"
    assert "retry-after" not in replies[1].headers
    assert console.post("/users/login/by-api-token", body, "another").status_code == 200


def test_a_bucket_fills_at_the_contracts_rate():
    """R6: /remote-scripts takes a burst of 30, then one a second."""
    now = 0.0
    limits = Limits(lambda: now)
    assert sum(limits.admit("/remote-scripts", "a") for _ in range(100)) == 30
    now = 2.5
    assert sum(limits.admit("/remote-scripts/fetch-upload-limits", "a") for _ in range(9)) == 2
    assert limits.admit("/user", "a")
    assert all(limits.admit("/groups", "a") for _ in range(100))
