"""Accounts, sites, groups and a site's policy (contract 6)."""

import pytest

from cado_sentinelone.sandbox.places import EXPIRED_SITE, SITE_WITHOUT_RSO
from cado_sentinelone.sandbox.sentinelone.people import ADMIN_TOKEN

from .conftest import refusal


def test_sites_come_in_an_object(console):
    """Got wrong by others: `data` is no list here (contract 1.1, 12.16)."""
    body = console.get("/sites", limit=2).json()
    assert body["data"].keys() == {"allSites", "sites"}
    assert len(body["data"]["sites"]) == 2
    assert body["pagination"]["totalItems"] == 12
    everything = console.rows("/sites")
    for name, total in body["data"]["allSites"].items():
        assert total == sum(site[name] for site in everything)


def test_the_tenant_is_unequal(console):
    sizes = [len(site.agents) for site in console.world.accounts[0].sites]
    assert len(console.world.accounts) >= 3
    assert len(set(sizes)) > 4
    assert max(sizes) > 3 * min(sizes)


def test_the_module_filter_finds_where_remote_ops_is(console):
    with_rso = {site["name"] for site in console.rows("/sites", module="rso")}
    assert SITE_WITHOUT_RSO.name not in with_rso
    assert len(with_rso) == 11
    assert len(console.rows("/sites", module="star,rso")) == 12
    assert console.rows("/sites", module="ranger") == []
    modules = {
        site["name"]: {module["name"] for module in site["licenses"]["modules"]}
        for site in console.rows("/sites")
    }
    assert modules[SITE_WITHOUT_RSO.name] == {"star"}


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"state": "expired"}, {EXPIRED_SITE.name}),
        ({"states": "expired,deleted"}, {EXPIRED_SITE.name}),
        ({"name": "Amsterdam"}, {"Amsterdam"}),
        ({"name__contains": "PLANT"}, {"Plant one", "Plant two"}),
        ({"query": "office"}, {EXPIRED_SITE.name}),
        ({"isDefault": "true"}, {"Headquarters"}),
        ({"statesNin": "active"}, {EXPIRED_SITE.name}),
        ({"siteType": "Trial"}, set()),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_a_filter_of_sites(console, params, found):
    assert {site["name"] for site in console.rows("/sites", **params)} == found


def test_an_expired_site_says_when(console):
    (site,) = console.rows("/sites", state="expired")
    assert site["expiration"] < console.world.clock.iso(console.world.clock.now())
    assert site["unlimitedExpiration"] is False


def test_accounts(console):
    (own,) = console.rows("/accounts")
    assert own["id"] == console.world.accounts[0].account_id
    assert own["numberOfSites"] == 12
    assert len(console.rows("/accounts", ADMIN_TOKEN)) == 3
    last = console.world.accounts[2].account_id
    assert [row["id"] for row in console.rows("/accounts", ADMIN_TOKEN, accountIds=last)] == [last]
    assert [row["id"] for row in console.rows("/accounts", ADMIN_TOKEN, ids=last)] == [last]
    assert refusal(console.get("/accounts", accountIds=last))[0] == 403


def test_groups_need_a_permission_that_the_collector_lacks(console):
    assert console.get("/groups").status_code == 401
    site = console.world.sites[0]
    rows = console.rows("/groups", ADMIN_TOKEN, siteIds=site.site_id)
    assert {row["name"] for row in rows} == {"Default Group", "Servers", "Sensitive"}
    assert sum(row["totalAgents"] for row in rows) == len(site.agents)
    wanted = site.groups[1].group_id
    assert [r["id"] for r in console.rows("/groups", ADMIN_TOKEN, groupIds=wanted)] == [wanted]


def test_a_policy_says_what_remote_ops_may_upload(console):
    sites = {site.name: site.site_id for site in console.world.sites}

    def policy(name):
        return console.get(f"/sites/{sites[name]}/policy").json()["data"]

    assert policy("Headquarters")["remoteScriptOrchestration"]["maxFileSize"] > 0
    assert policy(SITE_WITHOUT_RSO.name)["remoteScriptOrchestration"] is None


def test_the_policy_of_another_accounts_site_does_not_exist(console):
    elsewhere = console.world.accounts[1].sites[0].site_id
    expected = (404, 4040010, "Requested resource was not found", "")
    assert refusal(console.get(f"/sites/{elsewhere}/policy")) == expected
    assert console.get(f"/sites/{elsewhere}/policy", ADMIN_TOKEN).status_code == 200


def test_scripts_of_the_console(console):
    rows = console.rows("/remote-scripts", scriptType="artifactCollection", osTypes="linux")
    assert rows
    for row in rows:
        assert row["scriptType"] == "artifactCollection"
        assert "linux" in row["osTypes"]
    assert console.rows("/remote-scripts", query="nothing like it") == []
    console.world.faults.set("missing_permission=Remote Script Orchestration.view")
    assert console.get("/remote-scripts").status_code == 200, "the right to delete is enough"
    assert console.get("/remote-scripts/fetch-upload-limits").status_code == 401


def test_activities(console):
    agent = console.world.agents[4]
    (row,) = console.rows("/activities", agentIds=agent.agent_id)
    assert (row["activityType"], row["siteName"]) == (17, agent.group.site.name)
    assert console.rows("/activities", activityTypes="80,81") == []
    assert {r["userId"] for r in console.rows("/activities", activityTypes="27")} == {
        console.world.sentinelone.collector.user_id
    }
    times = [
        r["createdAt"] for r in console.rows("/activities", sortBy="createdAt", sortOrder="desc")
    ]
    assert times == sorted(times, reverse=True)
    kinds = {kind["id"]: kind["action"] for kind in console.get("/activities/types").json()["data"]}
    assert kinds[81] == "User Requested Fetch Files"
