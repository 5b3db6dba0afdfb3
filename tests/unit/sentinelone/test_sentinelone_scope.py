"""With a pin no request leaves without it, and nothing from outside comes in (promise S10)."""

from __future__ import annotations

import pytest

from cado_sentinelone.clients.sentinelone import SentinelOne
from cado_sentinelone.errors import AssetError, RefusedError

SITES, ACCOUNTS = {"site_ids": ("11", "12")}, {"account_ids": ("1",)}


@pytest.fixture
def of_sites(pinned, run):
    return SentinelOne(pinned(**SITES), run)


@pytest.fixture
def of_account(pinned, run):
    return SentinelOne(pinned(**ACCOUNTS), run)


def everything(client):
    """Every call that reads something and that can carry a scope."""
    return {
        "agents": lambda: list(client.endpoints()),
        "agents/count": lambda: client.count(),
        "sites": lambda: list(client.sites()),
        "user": lambda: client.user(),
        "activities": lambda: list(client.activities()),
        "exclusions": lambda: list(client.exclusions_in_scope()),
        "rbac/role/7": lambda: client.role("7"),
    }


ROUTES = ["agents", "agents/count", "sites", "user", "activities", "exclusions", "rbac/role/7"]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("pin", "carried"), [(SITES, {"siteIds": "11,12"}), (ACCOUNTS, {"accountIds": "1"})]
)
def test_every_request_carries_the_pin(console, pinned, run, route, pin, carried):
    empty = {"agents/count": {"total": 0}, "user": {}, "rbac/role/7": {}}.get(route, [])
    console.answer("GET", route, empty)
    everything(SentinelOne(pinned(**pin), run))[route]()
    query = console.query()
    scopes = {name: query[name] for name in query if name in ("siteIds", "accountIds", "tenant")}
    assert scopes == carried


@pytest.mark.parametrize("route", ROUTES)
def test_without_a_pin_the_token_decides(console, client, route):
    empty = {"agents/count": {"total": 0}, "user": {}, "rbac/role/7": {}}.get(route, [])
    console.answer("GET", route, empty)
    everything(client)[route]()
    assert {"siteIds", "accountIds", "tenant"}.isdisjoint(console.query())


@pytest.mark.parametrize("call", ["endpoints", "sites", "count"])
def test_a_site_outside_the_pin_is_refused_before_sending(console, of_sites, call):
    with pytest.raises(RefusedError, match="site 99 is outside the scope"):
        result = getattr(of_sites, call)(site_ids=["11", "99"])
        list(result)
    assert console.asked == []


def test_sites_inside_the_pin_narrow_it(console, of_sites):
    console.page("agents", [])
    list(of_sites.endpoints(site_ids=["12"]))
    assert console.query()["siteIds"] == "12"


def test_sites_of_a_pinned_account_are_asked_for_with_the_account(console, of_account):
    console.page("agents", [])
    list(of_account.endpoints(site_ids=["31"]))
    assert (console.query()["siteIds"], console.query()["accountIds"]) == ("31", "1")


def test_agents_from_outside_are_left_out_with_a_warning(console, of_sites, run):
    outside = [console.agent("2" * 18, siteId="13"), console.agent("3" * 18, siteId=None)]
    console.page("agents", [console.agent("1" * 18), *outside])
    console.sites(console.site("11", "rso", accountId="1"))
    assert [endpoint.agent_id for endpoint in of_sites.endpoints()] == ["1" * 18]
    assert any("outside the scope" in warning for warning in run.warnings)


def test_an_agent_from_outside_is_not_found(console, of_account):
    console.page("agents", [console.agent("1" * 18, accountId="2")])
    with pytest.raises(Exception, match="no endpoint is called"):
        of_account.find("1" * 18)


def test_other_records_from_outside_are_left_out(console, of_account):
    console.sites(console.site("11", accountId="1"), console.site("21", accountId="2"))
    console.page("accounts", [{"id": "1"}, {"id": "2"}])
    console.page("activities", [{"id": "5", "accountId": "2"}, {"id": "6", "accountId": "1"}])
    assert [site.site_id for site in of_account.sites()] == ["11"]
    assert [account.account_id for account in of_account.accounts()] == ["1"]
    assert console.query()["accountIds"] == "1"
    assert [activity.activity_id for activity in of_account.activities()] == ["6"]


def test_pinned_sites_have_the_accounts_that_they_are_in(console, of_sites):
    console.sites(console.site("11", accountId="1"), console.site("12", accountId="1"))
    console.page("accounts", [{"id": "1"}, {"id": "2"}])
    assert [account.account_id for account in of_sites.accounts()] == ["1"]
    assert console.query()["accountIds"] == "1"


@pytest.mark.parametrize(
    ("scope", "scope_id", "carried"),
    [
        ("site", "11", {"siteIds": "11"}),
        ("account", "1", {"accountIds": "1"}),
        ("tenant", "", {"tenant": "true"}),
        ("", "", {}),
    ],
)
def test_a_role_is_looked_at_in_its_own_scope(console, client, scope, scope_id, carried):
    console.answer("GET", "rbac/role/7", {"id": "7"})
    client.role("7", scope=scope, scope_id=scope_id)
    assert console.query() == carried


@pytest.mark.parametrize(
    ("scope", "scope_id"), [("tenant", ""), ("account", "1"), ("site", "12"), ("", "")]
)
def test_a_role_is_never_looked_at_in_a_wider_scope(console, of_sites, scope, scope_id):
    console.answer("GET", "rbac/role/7", {"id": "7"})
    of_sites.role("7", scope=scope, scope_id=scope_id)
    assert console.query()["siteIds"] in ("12", "11,12")
    assert "tenant" not in console.query()


def test_a_role_in_another_account_is_refused(of_account):
    with pytest.raises(RefusedError):
        of_account.role("7", scope="account", scope_id="2")


def test_a_pin_that_no_request_can_carry_is_an_error_of_the_asset(pinned, run):
    with pytest.raises(AssetError, match="site_ids pins more than 500"):
        SentinelOne(pinned(site_ids=tuple(map(str, range(501)))), run)
