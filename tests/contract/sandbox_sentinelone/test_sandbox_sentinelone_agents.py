"""Agents: what is shown of them and how they are found (contract 5)."""

import datetime

import pytest

from cado_sentinelone.sandbox import landmarks
from cado_sentinelone.sandbox.sentinelone.agent_fields import AgentReader
from cado_sentinelone.sandbox.sentinelone.people import ADMIN_TOKEN

from .conftest import ISO, refusal


def names(console, **params):
    return {row["computerName"] for row in console.rows("/agents", **params)}


def expected(console, holds):
    return {agent.hostname for agent in console.world.accounts[0].agents if holds(agent)}


def test_every_field_of_the_contract_is_there(console, contract):
    schema = contract.paths["/agents"]["get"]["responses"]["200"]["schema"]["$ref"]
    row = contract._registry.resolver().lookup(f"urn:sentinelone{schema}").contents
    fields = row["properties"]["data"]["anyOf"][1]["items"]["properties"]
    for agent in console.rows("/agents"):
        assert agent.keys() == fields.keys()


def test_what_is_shown_is_what_filters_read(console):
    """The prepared text of a page and the reader of filters agree on every field they share."""
    world = console.world
    reader = AgentReader(world.clock.now())
    rows = console.rows("/agents", ADMIN_TOKEN)
    assert len(rows) == len(world.agents)
    for row, agent in zip(rows, world.agents, strict=True):
        for name, shown in row.items():
            read = reader(agent, name)
            if read is not None:
                assert read == shown, name
        assert row["networkInterfaces"][0]["inet"] == [agent.ip_address]


def test_a_page_of_a_thousand_is_as_large_as_the_vendors(console):
    """About 3.8 KB an agent, so that what is measured here holds there."""
    assert 3400 < len(console.get("/agents", limit=60).content) / 60 < 4200


def test_ids_times_and_names(console):
    for row in console.rows("/agents"):
        assert row["id"].isdigit()
        assert len(row["id"]) in (18, 19)
        assert ISO.fullmatch(row["lastActiveDate"])
        assert ISO.fullmatch(row["registeredAt"])


def test_a_name_that_needs_escaping_is_escaped(console):
    agent = console.world.agents[0]
    before = agent.hostname
    agent.hostname = 'ws-"50%s"\x1b\n'
    try:
        (row,) = console.rows("/agents", ids=agent.agent_id)
    finally:
        agent.hostname = before
    assert row["computerName"] == 'ws-"50%s"\x1b\n'


def test_an_online_agent_is_seen_as_time_goes_by(console):
    online, offline = (console.world.agents[i].agent_id for i in (0, landmarks.OFFLINE))

    def seen():
        rows = console.rows("/agents", ids=f"{online},{offline}")
        return [datetime.datetime.fromisoformat(row["lastActiveDate"]) for row in rows]

    before = seen()
    console.world.clock.advance(3600)
    after = seen()
    assert after[0] - before[0] == datetime.timedelta(hours=1)
    assert after[1] == before[1]


@pytest.mark.parametrize(
    ("params", "holds"),
    [
        ({"osTypes": "linux,macos"}, lambda a: a.os_type in ("linux", "macos")),
        ({"osTypesNin": "windows"}, lambda a: a.os_type != "windows"),
        ({"isActive": "true"}, lambda a: a.is_active),
        ({"isActive": "true,false"}, lambda _: True),
        ({"isDecommissioned": "true"}, lambda a: a.is_decommissioned),
        ({"isUninstalled": "true"}, lambda a: a.is_uninstalled),
        ({"networkStatuses": "disconnected"}, lambda a: a.network_status == "disconnected"),
        ({"rsoLevels": "pro,ars"}, lambda a: a.rso_level != "none"),
        ({"rsoLevel": "none"}, lambda a: a.rso_level == "none"),
        ({"remoteOpsForensicsSupported": "false"}, lambda a: a.rso_level == "none"),
        ({"hasTags": "true"}, lambda a: a.tags),
        ({"computerName": "ws-shared-image"}, lambda a: a.hostname == "ws-shared-image"),
        ({"computerName__contains": "SHARED,lnx-"}, lambda a: "shared" in a.hostname or "lnx" in a.hostname),
        ({"computerName__like": "ws-%image"}, lambda a: a.hostname == "ws-shared-image"),
        ({"externalIp__contains": "100.1"}, lambda a: "100.1" in a.external_ip),
        ({"networkInterfaceInet__contains": "0.0.1"}, lambda a: "0.0.1" in a.ip_address),
        ({"agentVersion__gte": "24.1"}, lambda a: a.agent_version.startswith("24.")),
        ({"agentVersion__lt": "3.0"}, lambda a: a.os_type == "windows_legacy"),
        ({"windowsOsRevision__gte": "20000"}, lambda a: a.os_revision in ("20348", "22631")),
        ({"machineTypes": "laptop"}, lambda a: a.platform.machine_type == "laptop"),
        ({"query": "SHARED"}, lambda a: "shared" in a.hostname),
        ({"query": "ubuntu"}, lambda a: "Ubuntu" in a.os_revision),
        ({"cloudProvider": "AWS"}, lambda _: False),
        ({"cloudProviderNin": "AWS"}, lambda _: True),
        ({"mitigationMode": "detect"}, lambda _: False),
        ({"osTypes": "windows", "isActive": "false"}, lambda a: a.os_type == "windows" and not a.is_active),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_filter_selects(console, params, holds):
    assert names(console, **params) == expected(console, holds)
    count = console.get("/agents/count", **params).json()["data"]["total"]
    assert count == sum(bool(holds(agent)) for agent in console.world.accounts[0].agents)


def test_query_finds_a_mac_address_by_its_start_only(console):
    physical = console.rows("/agents")[0]["networkInterfaces"][0]["physical"]
    assert names(console, query=physical) == {console.world.agents[0].hostname}
    assert names(console, query=physical[3:]) == set()


def test_filters_of_time(console):
    world = console.world
    day_ago = world.clock.iso(world.clock.now() - 86_400)
    assert names(console, lastActiveDate__gte=day_ago) == expected(console, lambda a: a.is_active)
    middle = sorted(agent.registered_at for agent in world.accounts[0].agents)[30]
    span = f"0-{int(middle * 1000) + 1}"
    assert names(console, registeredAt__between=span) == expected(
        console, lambda a: a.registered_at <= middle
    )


def test_ids_and_uuids(console):
    chosen = console.world.agents[3:6]
    nobody = "1" + "0" * 18
    ids = f"{chosen[2].agent_id},{nobody},{chosen[0].agent_id},{chosen[0].agent_id}"
    assert [row["id"] for row in console.rows("/agents", ids=ids)] == [
        chosen[0].agent_id,
        chosen[2].agent_id,
    ]
    assert names(console, uuids=",".join(a.uuid for a in chosen)) == {a.hostname for a in chosen}
    assert names(console, ids=ids, isActive="true") == {chosen[0].hostname}
    elsewhere = console.world.accounts[1].agents[0].agent_id
    assert console.rows("/agents", ids=elsewhere) == []


def test_scopes(console):
    world = console.world
    sites = world.sites[:2]
    both = ",".join(site.site_id for site in sites)
    rows = console.rows("/agents", siteIds=both)
    assert {row["siteId"] for row in rows} == {site.site_id for site in sites}
    assert len(rows) == sum(len(site.agents) for site in sites)
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    group = sites[0].groups[0]
    assert {row["groupId"] for row in console.rows("/agents", groupIds=group.group_id)} == {
        group.group_id
    }
    account = world.accounts[1]
    rows = console.rows("/agents", ADMIN_TOKEN, accountIds=account.account_id)
    assert [row["id"] for row in rows] == [agent.agent_id for agent in account.agents]
    assert refusal(console.get("/agents", accountIds=account.account_id))[0] == 403


def test_landmarks_are_what_they_are_called(console):
    """One endpoint of every kind that matters stands at the front of every world."""
    rows = console.rows("/agents")
    sites = {row["id"]: row for row in console.rows("/sites")}

    def at(number):
        return rows[number]

    def has_rso(row):
        return any(m["name"] == "rso" for m in sites[row["siteId"]]["licenses"]["modules"])

    for number, os_type in (
        (landmarks.HEALTHY_WINDOWS, "windows"),
        (landmarks.HEALTHY_LINUX, "linux"),
    ):
        row = at(number)
        assert (row["osType"], row["isActive"], row["networkStatus"]) == (
            os_type,
            True,
            "connected",
        )
        assert has_rso(row)
        assert not row["isDecommissioned"]
    assert not at(landmarks.OFFLINE)["isActive"]
    assert at(landmarks.ISOLATED)["networkStatus"] == "disconnected"
    assert at(landmarks.MACOS)["osType"] == "macos"
    assert at(landmarks.DECOMMISSIONED)["isDecommissioned"]
    assert at(landmarks.WINDOWS_LEGACY)["osType"] == "windows_legacy"
    assert not has_rso(at(landmarks.ON_SITE_WITHOUT_RSO))
    first, second = (at(number) for number in landmarks.DUPLICATE_HOSTNAMES)
    assert first["computerName"] == second["computerName"]
    assert first["siteId"] != second["siteId"]
    assert at(landmarks.TAGGED)["tags"]["sentinelone"][0]["key"] == "Environment"
    assert sites[at(landmarks.ON_EXPIRED_SITE)["siteId"]]["state"] == "expired"
    assert at(landmarks.UNINSTALLED)["isUninstalled"]
