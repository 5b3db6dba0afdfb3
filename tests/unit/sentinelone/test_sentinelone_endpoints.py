"""Endpoints as they are listed: what is told of each, and what a listing costs."""

from __future__ import annotations

import pytest

from cado_sentinelone.clients.sentinelone_agent_rows import endpoint_fields
from cado_sentinelone.clients.sentinelone_listing import endpoint_of
from cado_sentinelone.errors import ParamsError
from cado_sentinelone.models.endpoint import Endpoint


def ids(endpoints):
    return [endpoint.agent_id for endpoint in endpoints]


def listed(console, client, *sites, **fields):
    """The one endpoint of a console with an agent like this."""
    console.page("agents", [console.agent(**fields)])
    if sites:
        console.sites(*sites)
    (endpoint,) = client.endpoints()
    return endpoint


def test_an_agent_is_told_in_the_words_of_an_endpoint(console, client):
    endpoint = listed(
        console,
        client,
        console.site("11", "rso"),
        osName="Windows 11",
        osRevision="22631",
        lastActiveDate="2024-04-11T14:59:50.260336Z",
        externalIp="198.51.100.7",
        groupName="Default Group",
        agentVersion="23.4.2.14",
        networkInterfaces=[
            {"name": "lo", "inet": ["127.0.0.1"], "inet6": ["::1"]},
            {"name": "eth0", "inet": ["192.168.64.2"], "inet6": ["fdf4::15e7"]},
            {"name": "eth1", "inet": ["192.168.64.2"], "inet6": None},
        ],
        tags={"sentinelone": [{"key": "Owner", "value": "Finance"}, {"key": "vip"}]},
    )
    assert endpoint == Endpoint(
        agent_id="1000000000000000001",
        agent_uuid="c06d63d9-9fa2-046d-e91e-dc94cf6695d8",
        hostname="host-1",
        os="windows",
        os_name="Windows 11 22631",
        online=True,
        last_seen="2024-04-11T14:59:50.260336Z",
        ip_addresses=("192.168.64.2", "fdf4::15e7"),
        external_ip="198.51.100.7",
        account_id="1",
        site_id="11",
        site_name="HQ",
        group_name="Default Group",
        agent_version="23.4.2.14",
        network_isolated=False,
        collectable=True,
        tags=("Owner=Finance", "vip"),
    )


def test_an_endpoint_put_together_is_one_that_was_validated(console):
    """The short cut past validation makes nothing that validation would not."""
    made = endpoint_of(endpoint_fields(console.agent(tags=None), (True, "")))
    checked = Endpoint.model_validate(made.model_dump())
    assert made == checked
    assert made.model_dump_json() == checked.model_dump_json()
    assert made.model_dump(exclude_unset=True) == checked.model_dump(exclude_unset=True)
    assert made.model_copy(update={"os": "linux"}).os == "linux"
    assert repr(made) == repr(checked)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"isDecommissioned": True, "isActive": False}, "decommissioned"),
        ({"isUninstalled": True}, "uninstalled"),
        ({"osType": "macos"}, "does not support macOS"),
        ({"osType": "windows_legacy"}, "windows_legacy"),
        ({"osType": "beos"}, "does not support beos"),
        ({"osType": None}, "an unnamed OS"),
        ({"isActive": False}, "offline"),
        ({"networkStatus": "disconnected"}, "network-isolated"),
        ({"networkStatus": "disconnecting"}, "network-isolated"),
        ({"networkStatus": "connecting"}, "network-isolated"),
    ],
)
def test_what_the_agent_itself_rules_out_costs_no_call_for_its_site(
    console, client, fields, reason
):
    endpoint = listed(console, client, **fields)
    assert endpoint.collectable is False
    assert reason in endpoint.not_collectable_reason
    assert console.asked == [("GET", "agents")]


def test_an_agent_that_may_be_online_may_be_collectable(console, client):
    endpoint = listed(console, client, isActive=None)
    assert endpoint.collectable is None
    assert "whether the endpoint is online" in endpoint.not_collectable_reason


def test_network_status_is_the_quarantine_and_not_whether_it_is_online(console, client):
    endpoint = listed(console, client, networkStatus="disconnected")
    assert (endpoint.online, endpoint.network_isolated) == (True, True)


def test_a_site_without_remote_ops_rules_out(console, client):
    endpoint = listed(console, client, console.site("11", "star"))
    assert endpoint.collectable is False
    assert endpoint.not_collectable_reason == "site HQ does not have the RemoteOps module (rso)"


@pytest.mark.parametrize("site", [{"id": "11"}, {"id": "11", "licenses": {"modules": None}}])
def test_a_site_that_tells_no_modules_leaves_it_open(console, client, site):
    endpoint = listed(console, client, site)
    assert endpoint.collectable is None
    assert "site HQ" in endpoint.not_collectable_reason


def test_a_site_that_is_not_shown_leaves_it_open_and_is_asked_for_once(console, client):
    console.page("agents", [console.agent()], following="a", total=2)
    console.page("agents", [console.agent("2" * 18)], total=2)
    console.sites()
    assert [endpoint.collectable for endpoint in client.endpoints()] == [None, None]
    assert console.asked.count(("GET", "sites")) == 1


def test_sites_that_cannot_be_read_are_one_warning_and_no_error(console, client, run):
    console.page("agents", [console.agent()], following="a", total=2)
    console.page("agents", [console.agent("2" * 18, siteId="12")], total=2)
    console.fail("GET", "sites", 403, 4030010, "Insufficient permissions")
    endpoints = list(client.endpoints())
    assert [endpoint.collectable for endpoint in endpoints] == [None, None]
    assert all(endpoint.not_collectable_reason for endpoint in endpoints)
    assert len(run.warnings) == 1
    assert console.asked.count(("GET", "sites")) == 1


def test_one_endpoint_costs_two_calls(console, client):
    listed(console, client, console.site("11", "rso"))
    assert console.asked == [("GET", "agents"), ("GET", "sites")]
    assert console.query()["siteIds"] == "11"


def test_the_sites_of_a_page_are_asked_for_together(console, client):
    console.page("agents", [console.agent(str(n) * 18, siteId=f"1{n}") for n in (1, 2, 3)])
    console.sites(*[console.site(f"1{n}", "rso") for n in (1, 2, 3)])
    assert all(endpoint.collectable for endpoint in client.endpoints())
    assert console.query()["siteIds"] == "11,12,13"


def test_the_filters_are_the_contracts(console, client):
    console.page("agents", [])
    list(
        client.endpoints(
            hostname_contains="lap-", os="linux", site_ids=["11"], online_only=True, query="10.20"
        )
    )
    assert console.query() == {
        "siteIds": "11",
        "computerName__contains": "lap-",
        "osTypes": "linux",
        "query": "10.20",
        "isActive": "true",
        "sortBy": "id",
        "sortOrder": "asc",
        "limit": "1000",
    }


def test_a_count_has_the_filters_of_the_listing(console, client):
    console.answer("GET", "agents/count", {"total": 4})
    assert client.count(os="linux", online_only=True) == 4
    assert console.query() == {"osTypes": "linux", "isActive": "true"}


def test_many_agent_ids_take_several_calls_and_fit_into_urls(console, client):
    wanted = [str(10**18 + number) for number in range(450)]
    found = [console.agent(one, isActive=False) for one in wanted]
    console.compute(
        "GET",
        "agents",
        lambda query: {"data": [row for row in found if row["id"] in query["ids"].split(",")]},
    )
    assert ids(client.endpoints(agent_ids=wanted)) == wanted
    assert len(console.asked) == 3
    assert all(len(call.request.url) < 8000 for call in console.mock.calls)


def test_many_agent_ids_are_counted_in_several_calls(console, client):
    console.answer("GET", "agents/count", {"total": 2})
    assert client.count(agent_ids=[str(10**18 + number) for number in range(450)]) == 6


def test_many_agent_ids_go_with_no_cursor(client):
    with pytest.raises(ParamsError, match="agent_ids"):
        list(client.endpoints(agent_ids=[str(number) for number in range(201)], limit=3))


def test_a_comma_in_a_hostname_would_be_two_hostnames(client):
    with pytest.raises(ParamsError, match="comma"):
        list(client.endpoints(hostname_contains="a,b"))


def offline(console, *numbers):
    return [console.agent(f"{n:018}", isActive=False) for n in numbers]


def test_a_limit_stops_where_it_can_be_resumed(console, client, run):
    console.page("agents", offline(console, 1, 2, 3), following="c3%3D", total=9)
    assert len(ids(client.endpoints(limit=3))) == 3
    assert console.query()["limit"] == "3"
    assert run.summary["next_cursor"] == "c3%3D"


def test_the_rest_follows_from_the_cursor(console, client, run):
    console.page("agents", offline(console, 4), total=4)
    assert len(ids(client.endpoints(limit=3, cursor="c3%3D"))) == 1
    assert console.query()["cursor"] == "c3="
    assert "next_cursor" not in run.summary


def test_the_last_page_before_a_limit_is_asked_for_no_longer_than_needed(console, client, run):
    console.page("agents", offline(console, 1, 2), following="c2", total=9)
    console.page("agents", offline(console, 3), following="c3", total=9)
    assert len(ids(client.endpoints(limit=3, page_size=2))) == 3
    assert [console.query(n)["limit"] for n in (0, 1)] == ["2", "1"]
    assert run.summary["next_cursor"] == "c3"


def test_a_page_size_alone_stops_nothing(console, client, run):
    """R7: only a limit ends a listing before its end."""
    console.page("agents", offline(console, 1), following="c1", total=2)
    console.page("agents", offline(console, 2), total=2)
    assert len(ids(client.endpoints(page_size=1))) == 2
    assert "next_cursor" not in run.summary


def test_a_page_longer_than_asked_for_is_cut_and_cannot_be_resumed(console, client, run):
    console.page("agents", offline(console, 1, 2, 3), following="c3", total=9)
    assert len(ids(client.endpoints(limit=2))) == 2
    assert "next_cursor" not in run.summary
