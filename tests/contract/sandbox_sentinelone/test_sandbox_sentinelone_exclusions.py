"""Classic exclusions (contract 9.1)."""

import pytest

from cado_sentinelone.sandbox.sentinelone.people import ADMIN_TOKEN, SITE_TOKEN

from .conftest import refusal

CADO = [
    ("windows", r"Windows\Temp\_MEI*\**\CadoHostRawGrabber.exe"),
    ("windows", r"Windows\Temp\cado-host-*\cado-host.exe"),
    ("linux", "/tmp/cado-host-*/cado-host"),  # noqa: S108
]


@pytest.fixture
def site(console):
    return console.world.sites[0]


def create(console, scope, value=CADO[2][1], os_type="linux", token=None, **more):
    body = {"data": {"type": "path", "value": value, "osType": os_type, **more}, "filter": scope}
    return console.post("/exclusions", body, *([token] if token else []))


def values(console, token=None, **params):
    rows = console.rows("/exclusions", *([token] if token else []), **params)
    return sorted(row["value"] for row in rows)


@pytest.mark.parametrize(("os_type", "value"), CADO)
def test_the_cado_patterns_are_fine(console, site, os_type, value):
    body = {"data": {"exclusionType": "path", "osType": os_type, "value": value}}
    verdict = console.post("/exclusions/validate", body).json()["data"]
    assert verdict == {"status": "NONE", "details": []}
    scope = {"siteIds": [site.site_id]}
    (created,) = create(console, scope, value, os_type, mode="suppress").json()["data"]
    assert (created["value"], created["osType"]) == (value, os_type)
    assert created["scope"] == scope
    assert created["scopePath"] == "Global / Acme / Headquarters"
    assert created["notRecommended"] == "NONE"
    assert console.rows("/exclusions", value=value) == [created]
    again = console.post("/exclusions/validate", body).json()["data"]
    assert again["status"] == "Duplication"
    assert again["details"][0]["field"] == "value"


@pytest.mark.parametrize(
    ("value", "status"),
    [("*", "Not allowed"), ("/", "Not allowed"), ("C:\\**", "Not allowed"),
     ("/tmp/*", "Not recommended"), ("Windows\\*.exe", "Not recommended"),  # noqa: S108
     ("/opt/product/bin/tool", "NONE")],
)  # fmt: skip
def test_verdicts(console, site, value, status):
    body = {"data": {"exclusionType": "path", "osType": "linux", "value": value}}
    assert console.post("/exclusions/validate", body).json()["data"]["status"] == status
    response = create(console, {"siteIds": [site.site_id]}, value)
    if status == "Not allowed":
        assert refusal(response) == (
            400, 4000010, "Validation Error", "data: value: Not allowed.",
        )  # fmt: skip
    else:
        assert response.json()["data"][0]["notRecommended"] == status


def test_validating_a_list_is_refused(console):
    assert refusal(console.post("/exclusions/validate", {"data": []}))[3] == (
        "data: Invalid input type."
    )


@pytest.mark.parametrize(("digits", "status"), [(40, "sha1"), (64, "sha256")])
def test_the_duplicate_of_a_hash_is_named(console, site, digits, status):
    value = "a" * digits
    body = {
        "data": {"type": "white_hash", "value": value, "osType": "linux"},
        "filter": {"siteIds": [site.site_id]},
    }
    assert console.post("/exclusions", body).json()["data"][0]["mode"] is None
    asked = {"data": {"exclusionType": "hash", "osType": "linux", "value": value}}
    verdict = console.post("/exclusions/validate", asked).json()["data"]
    assert verdict["status"] == f"duplicated_value_{status}"


def test_a_duplicate_is_400_already_exists(console, site):
    """Got wrong by others: 400, not 409 (contract 12.19); the same value elsewhere is none."""
    scope = {"siteIds": [site.site_id]}
    assert create(console, scope).status_code == 200
    status, code, title, detail = refusal(create(console, scope))
    assert (status, title) == (400, "Already Exists Error")
    assert isinstance(code, int)
    assert CADO[2][1] in detail
    assert create(console, {"siteIds": [console.world.sites[1].site_id]}).status_code == 200
    assert create(console, scope, os_type="macos").status_code == 200
    two = {"siteIds": [site.site_id, console.world.sites[2].site_id]}
    assert refusal(create(console, two))[2] == "Already Exists Error"
    assert len(console.rows("/exclusions")) == 3


def test_one_exclusion_for_each_place(console):
    sites = console.world.sites[:3]
    created = create(console, {"siteIds": [site.site_id for site in sites]}).json()["data"]
    assert [row["scopeName"] for row in created] == [site.name for site in sites]
    assert len({row["id"] for row in created}) == 3


def test_scopes_above_and_below(console, site):
    account = console.world.accounts[0]
    create(console, {"tenant": True}, "/of/tenant", token=ADMIN_TOKEN)
    create(console, {"accountIds": [account.account_id]}, "/of/account")
    create(console, {"siteIds": [site.site_id]}, "/of/site")
    create(console, {"groupIds": [site.groups[0].group_id]}, "/of/group")
    create(console, {"siteIds": [console.world.sites[1].site_id]}, "/of/other")
    at_site = {"siteIds": site.site_id}
    assert values(console, **at_site) == ["/of/site"]
    assert values(console, **at_site, includeChildren="true") == ["/of/group", "/of/site"]
    above = values(console, **at_site, includeParents="true")
    assert above == ["/of/account", "/of/site", "/of/tenant"]
    assert values(console, accountIds=account.account_id) == ["/of/account"]
    assert values(console, groupIds=site.groups[0].group_id) == ["/of/group"]
    below = values(console, accountIds=account.account_id, includeChildren="true")
    assert below == ["/of/account", "/of/group", "/of/other", "/of/site"]
    assert values(console) == below
    assert values(console, ADMIN_TOKEN, tenant="true") == ["/of/tenant"]
    assert values(console, SITE_TOKEN) == ["/of/group", "/of/site"]


def test_the_tenant_is_outside_an_accounts_scope(console):
    """S10: a collector's token can neither read nor write at the tenant."""
    assert refusal(console.get("/exclusions", tenant="true"))[0] == 403
    assert refusal(create(console, {"tenant": True}))[3].startswith("User scope level is account.")
    elsewhere = console.world.accounts[1].account_id
    assert refusal(create(console, {"accountIds": [elsewhere]}))[0] == 403
    assert not console.world.sentinelone.exclusions


def test_filters(console, site):
    scope = {"siteIds": [site.site_id]}
    create(console, scope, "/opt/one", description="First of them")
    create(console, scope, "/opt/two", "macos", mode="disable_all_monitors")
    assert values(console, osTypes="linux") == ["/opt/one"]
    assert values(console, modes="disable_all_monitors") == ["/opt/two"]
    assert values(console, description__contains="FIRST") == ["/opt/one"]
    assert values(console, value__contains="two,three") == ["/opt/two"]
    assert values(console, types="path") == ["/opt/one", "/opt/two"]
    assert values(console, type="certificate") == []
    me = console.world.sentinelone.collector.user_id
    assert values(console, userIds=me) == ["/opt/one", "/opt/two"]


def test_change(console, site):
    (created,) = create(console, {"siteIds": [site.site_id]}).json()["data"]
    change = {"id": created["id"], "type": "path", "osType": "linux", "description": "Cado Host"}
    console.world.clock.advance(60)
    (changed,) = console.call("PUT", "/exclusions", json={"data": change}).json()["data"]
    assert changed.pop("updatedAt") > created.pop("updatedAt")
    assert changed == {**created, "description": "Cado Host"}
    nobody = {"data": {**change, "id": "1" + "0" * 18}}
    assert refusal(console.call("PUT", "/exclusions", json=nobody))[:2] == (404, 4040010)
    incomplete = console.call("PUT", "/exclusions", json={"data": {"id": created["id"]}})
    assert "osType: Missing data for required field." in refusal(incomplete)[3]


def test_removal_counts_what_went(console, site):
    (mine,) = create(console, {"siteIds": [site.site_id]}).json()["data"]
    tenants = create(console, {"tenant": True}, token=ADMIN_TOKEN).json()["data"][0]

    def remove(**sent):
        reply = console.call("DELETE", "/exclusions", json={"data": sent})
        return reply.json()["data"]["affected"]

    assert remove(ids=[mine["id"]], type="certificate") == 0
    assert remove(ids=[mine["id"], tenants["id"], "1" + "0" * 18], type="path") == 1
    assert remove(ids=[mine["id"]]) == 0
    assert values(console, ADMIN_TOKEN) == [tenants["value"]]
