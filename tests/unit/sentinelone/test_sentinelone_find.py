"""One endpoint, by whatever a person has to name it."""

from __future__ import annotations

import pytest

from cado_sentinelone.errors import ConflictError, NotFoundError, ParamsError

AGENT_ID = "1000000000000000001"
GONE_TOO = {"isDecommissioned": "true,false", "isUninstalled": "true,false"}


def find(console, client, name, *rows, level="ars"):
    """What is found when the console answers with these agents, and the filters it was asked by."""
    console.page("agents", list(rows))
    console.sites(console.site("11", "rso"))
    console.compute(
        "GET",
        "agents/count",
        lambda query: {"data": {"total": int(query["rsoLevels"] == level)}},
    )
    return client.find(name), console.query(0)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (AGENT_ID, {"ids": AGENT_ID}),
        (f"  {AGENT_ID} ", {"ids": AGENT_ID}),
        (
            "C06D63D9-9fa2-046d-e91e-dc94cf6695d8",
            {"uuids": "c06d63d9-9fa2-046d-e91e-dc94cf6695d8"},
        ),
        ("host-1", {"computerName": "host-1"}),
        ("HOST-1", {"computerName": "HOST-1"}),
        ("192.168.64.2", {"networkInterfaceInet__contains": "192.168.64.2"}),
    ],
)
def test_a_name_is_looked_for_as_what_it_is(console, client, name, wanted):
    row = console.agent(networkInterfaces=[{"inet": ["192.168.64.2"]}])
    found, query = find(console, client, name, row)
    assert found.agent_id == AGENT_ID
    assert query == {**wanted, **GONE_TOO, "sortBy": "id", "sortOrder": "asc", "limit": "1000"}


def test_a_uuid_may_be_forty_hexadecimals(console, client):
    found, query = find(console, client, "AB" * 20, console.agent(uuid="ab" * 20))
    assert found.agent_uuid == query["uuids"] == "ab" * 20


@pytest.mark.parametrize("name", ["9" * 18, "ab" * 20, "host-9", "10.9.9.9"])
def test_an_agent_that_does_not_fit_is_not_taken(console, client, name):
    """A console that ignored the filter would answer with somebody else's agent."""
    console.page("agents", [console.agent(externalIp="198.51.100.7")])
    with pytest.raises(NotFoundError):
        client.find(name)


def test_a_detail_tells_the_level_and_the_module(console, client):
    found, _ = find(console, client, AGENT_ID, console.agent())
    assert (found.rso_level, found.site_rso_module, found.collectable) == ("ars", True, True)


@pytest.mark.parametrize(
    ("level", "calls", "collectable"), [("ars", 1, True), ("pro", 2, True), ("none", 2, False)]
)
def test_the_level_is_told_by_filters_alone(console, client, level, calls, collectable):
    found, _ = find(console, client, AGENT_ID, console.agent(), level=level)
    assert (found.rso_level, found.collectable) == (level, collectable)
    assert ("rsoLevel" in found.not_collectable_reason) is (not collectable)
    assert console.asked.count(("GET", "agents/count")) == calls


def test_the_hostname_is_compared_whole_and_in_any_case(console, client):
    console.page("agents", [], query={"computerName": "HOST-1"})
    rows = [console.agent(computerName="host-1"), console.agent("2" * 18, computerName="host-11")]
    console.page("agents", rows, query={"computerName__contains": "HOST-1"})
    console.sites(console.site("11", "rso"))
    console.answer("GET", "agents/count", {"total": 1})
    assert client.find("HOST-1").hostname == "host-1"


def test_an_address_is_compared_whole(console, client):
    rows = [
        console.agent("1" * 18, networkInterfaces=[{"inet": ["10.0.0.10"]}]),
        console.agent("2" * 18, networkInterfaces=[{"inet": ["10.0.0.1"]}]),
    ]
    found, _ = find(console, client, "10.0.0.1", *rows)
    assert found.agent_id == "2" * 18


def test_an_ipv6_address_is_compared_by_value(console, client):
    row = console.agent(networkInterfaces=[{"inet6": ["FDF4:0::15E7", "not an address"]}])
    console.page("agents", [], query={"networkInterfaceInet__contains": "fdf4::15e7"})
    console.page("agents", [row], query={"query": "fdf4::15e7"})
    console.sites(console.site("11", "rso"))
    console.answer("GET", "agents/count", {"total": 1})
    assert client.find("fdf4:0:0::15e7").agent_id == AGENT_ID


def test_an_address_may_be_the_one_outside(console, client):
    console.page("agents", [], query={"networkInterfaceInet__contains": "198.51.100.7"})
    rows = [
        console.agent("1" * 18, externalIp="198.51.100.7"),
        console.agent("2" * 18, externalIp="198.51.100.77"),
    ]
    console.page("agents", rows, query={"externalIp__contains": "198.51.100.7"})
    console.sites(console.site("11", "rso"))
    console.answer("GET", "agents/count", {"total": 1})
    assert client.find("198.51.100.7").agent_id == "1" * 18


def test_several_endpoints_of_one_name_are_listed_sorted(console, client):
    rows = [
        console.agent("2" * 18, siteName="Lab\x1b[2J", isActive=False),
        console.agent("1" * 18),
        console.agent("1" * 18),
    ]
    with pytest.raises(ConflictError) as error:
        console.page("agents", rows)
        client.find("host-1")
    assert error.value.message == (
        "2 endpoints are called host-1: host-1 (agent 111111111111111111, site HQ, online);"
        " host-1 (agent 222222222222222222, site Lab\\x1b[2J, offline)"
    )
    assert "agent id" in error.value.remedy


def test_a_long_list_of_candidates_is_cut(console, client):
    console.page("agents", [console.agent(f"{number:018}") for number in range(50)])
    with pytest.raises(ConflictError, match="and 30 more"):
        client.find("host-1")


def test_candidates_on_later_pages_count(console, client):
    console.page("agents", [console.agent("1" * 18)], following="a", total=2)
    console.page("agents", [console.agent("2" * 18)], total=2)
    with pytest.raises(ConflictError, match="2 endpoints"):
        client.find("host-1")


@pytest.mark.parametrize("gone", [{"isDecommissioned": True}, {"isUninstalled": True}])
def test_gone_agents_are_left_out_where_another_fits(console, client, run, gone):
    rows = [console.agent("1" * 18, **gone), console.agent("2" * 18)]
    found, _ = find(console, client, "host-1", *rows)
    assert found.agent_id == "2" * 18
    assert run.warnings == []


def test_a_gone_agent_is_found_when_nothing_else_fits_and_it_is_said(console, client, run):
    found, _ = find(console, client, "host-1", console.agent(isDecommissioned=True))
    assert found.collectable is False
    assert run.warnings == ["only a gone agent fits host-1: the agent is decommissioned"]


@pytest.mark.parametrize("name", [AGENT_ID, "ab" * 20, "host-9", "x"])
def test_what_nothing_is_called_is_not_found(console, client, name):
    console.page("agents", [])
    with pytest.raises(NotFoundError, match="no endpoint is called"):
        client.find(name)


def test_a_name_with_a_comma_is_no_name(client):
    with pytest.raises(ParamsError):
        client.find("host-1,host-2")


def test_a_numeric_name_that_is_no_address_is_a_hostname(console, client):
    found, query = find(console, client, "20240", console.agent(computerName="20240"))
    assert found.hostname == "20240"
    assert query["computerName"] == "20240"
