"""list_endpoints and get_endpoint against the sandbox, whose world says what the truth is."""

from __future__ import annotations

from collections import Counter

import pytest

from cado_sentinelone.sandbox import landmarks
from cado_sentinelone.sandbox.running import RunningSandbox


def visible(world):
    """The agents that the collector's token can see: those of the first account."""
    account = world.agents[0].group.site.account
    return {
        agent.agent_id: agent for agent in world.agents if agent.account_id == account.account_id
    }


def is_collectable(agent):
    """What the contract says of an agent (section 5), worked out of the world itself."""
    return (
        agent.is_active
        and not agent.is_decommissioned
        and not agent.is_uninstalled
        and agent.os_type in ("windows", "linux")
        and agent.network_status == "connected"
        and "rso" in agent.group.site.modules
    )


def test_every_endpoint_is_told_as_it_is(act, sandbox):
    outcome = act("list_endpoints")
    assert outcome.status == "success", outcome.message
    agents = visible(sandbox.world)
    assert Counter(row["agent_id"] for row in outcome.data) == Counter(list(agents))
    for row in outcome.data:
        agent = agents[row["agent_id"]]
        assert row["hostname"] == agent.hostname
        assert (row["os"], row["online"]) == (agent.os_type, agent.is_active)
        assert (row["site_id"], row["account_id"]) == (agent.site_id, agent.account_id)
        assert agent.ip_address in row["ip_addresses"]
        assert row["tags"] == [f"{key}={value}" for key, value in agent.tags]
        assert row["collectable"] is is_collectable(agent)
        assert bool(row["not_collectable_reason"]) is not row["collectable"]
    assert outcome.warnings == []


@pytest.mark.parametrize(
    ("landmark", "reason"),
    [
        (landmarks.OFFLINE, "offline"),
        (landmarks.ISOLATED, "network-isolated"),
        (landmarks.MACOS, "macOS"),
        (landmarks.DECOMMISSIONED, "decommissioned"),
        (landmarks.UNINSTALLED, "uninstalled"),
        (landmarks.WINDOWS_LEGACY, "windows_legacy"),
        (landmarks.ON_SITE_WITHOUT_RSO, "RemoteOps module"),
        (landmarks.RSO_LEVEL_NONE, "rsoLevel none"),
    ],
)
def test_what_cannot_be_collected_says_why(act, sandbox, landmark, reason):
    agent = sandbox.world.agents[landmark]
    (row,) = act("get_endpoint", endpoint=agent.agent_id).data
    assert row["collectable"] is False
    assert reason in row["not_collectable_reason"]
    assert (row["rso_level"], row["site_rso_module"]) == (
        agent.rso_level,
        "rso" in agent.group.site.modules,
    )


@pytest.mark.parametrize("landmark", [landmarks.HEALTHY_WINDOWS, landmarks.HEALTHY_LINUX])
def test_an_endpoint_is_found_by_each_of_its_names(act, sandbox, landmark):
    agent = sandbox.world.agents[landmark]
    for name in (agent.agent_id, agent.uuid, agent.hostname.upper(), agent.ip_address):
        outcome = act("get_endpoint", endpoint=name)
        assert outcome.status == "success", outcome.message
        assert outcome.data[0]["agent_id"] == agent.agent_id
        assert outcome.data[0]["collectable"] is True


def test_two_endpoints_of_one_name_are_a_conflict(act, sandbox):
    first, second = (sandbox.world.agents[place] for place in landmarks.DUPLICATE_HOSTNAMES)
    outcome = act("get_endpoint", endpoint=first.hostname)
    assert outcome.error.kind == "conflict"
    assert first.agent_id in outcome.message
    assert second.agent_id in outcome.message


def test_an_unknown_endpoint_is_not_found(act):
    assert act("get_endpoint", endpoint="no-such-host").error.kind == "not_found"


@pytest.mark.parametrize(
    ("parameters", "fits"),
    [
        ({"os": "linux"}, lambda agent: agent.os_type == "linux"),
        ({"online_only": True}, lambda agent: agent.is_active),
        ({"hostname_contains": "-HQ-"}, lambda agent: "-hq-" in agent.hostname),
        ({"page_size": 7}, lambda agent: True),
    ],
)
def test_filters_select_and_pages_do_not(act, sandbox, parameters, fits):
    wanted = {number for number, agent in visible(sandbox.world).items() if fits(agent)}
    assert wanted
    assert {row["agent_id"] for row in act("list_endpoints", **parameters).data} == wanted


def test_a_listing_is_resumed_until_its_end(act, sandbox):
    found, cursor = [], ""
    while True:
        outcome = act("list_endpoints", limit=13, cursor=cursor)
        found += [row["agent_id"] for row in outcome.data]
        cursor = outcome.summary.get("next_cursor", "")
        if not cursor:
            break
        assert len(outcome.data) == 13
    assert Counter(found) == Counter(list(visible(sandbox.world)))


def test_s10_a_pinned_site_bounds_everything(act, sandbox):
    inside, outside = sandbox.world.agents[0], sandbox.world.agents[1]
    assert inside.site_id != outside.site_id
    pin = {"site_ids": [inside.site_id]}
    assert {row["site_id"] for row in act("list_endpoints", pin=pin).data} == {inside.site_id}
    assert act("get_endpoint", pin=pin, endpoint=inside.hostname).status == "success"
    assert act("get_endpoint", pin=pin, endpoint=outside.hostname).error.kind == "not_found"
    refused = act("list_endpoints", pin=pin, site_ids=[outside.site_id])
    assert refused.error.kind == "refused"


def test_s10_a_pinned_account_bounds_the_sites(act, sandbox):
    account = sandbox.world.agents[0].group.site.account
    elsewhere = next(site for site in sandbox.world.sites if site.account is not account)
    pin = {"account_ids": [account.account_id]}
    assert len(act("list_endpoints", pin=pin).data) == len(visible(sandbox.world))
    assert act("list_endpoints", pin=pin, site_ids=[elsewhere.site_id]).data == []


@pytest.mark.parametrize("status", ["401", "403"])
def test_s12_a_missing_permission_is_named(act, sandbox, status):
    sandbox.world.faults.set(
        f"missing_permission=Endpoints.view;missing_permission_status={status}"
    )
    error = act("list_endpoints").error
    assert error.kind == "forbidden"
    assert "Endpoints.view" in error.remedy
    assert error.request_id


def test_s17_a_dead_token_is_not_taken_for_a_missing_permission(act, sandbox):
    sandbox.world.faults.set("token_expired")
    assert act("list_endpoints").error.kind == "unauthorized"


def test_unreadable_sites_leave_it_open(act, sandbox):
    sandbox.world.faults.set("missing_permission=Sites.view")
    outcome = act("list_endpoints")
    assert outcome.status == "success"
    assert None in {row["collectable"] for row in outcome.data}
    assert True not in {row["collectable"] for row in outcome.data}
    (warning,) = outcome.warnings
    assert "Sites.view" in warning


@pytest.mark.parametrize("fault", ["error_500*2", "error_502*2", "throttle*2", "extra_fields"])
def test_what_passes_by_is_waited_out(act, sandbox, fault):
    sandbox.world.faults.set(f"{fault}@/web" if "*" not in fault else fault)
    assert len(act("list_endpoints").data) == len(visible(sandbox.world))


@pytest.mark.parametrize("fault", ["html", "truncate", "error_500", "throttle"])
def test_what_stays_is_an_error_with_a_remedy(act, sandbox, fault):
    sandbox.world.faults.set(fault)
    error = act("list_endpoints").error
    assert error.kind in ("unavailable", "throttled")
    assert error.remedy


def test_cado_lists_the_same_endpoints(act, sandbox):
    outcome = act("list_endpoints", source="cado")
    assert outcome.status == "success", outcome.message
    listed = {row["agent_id"] for row in outcome.data}
    assert listed
    assert listed <= visible(sandbox.world).keys()


@pytest.mark.parametrize("faults", ["", "latency=0.21@/web"])
def test_a_long_listing_has_every_endpoint_once_near_and_far(act, tmp_path, faults):
    """R7, with the chains read one after the other and at once: the same order both times."""
    from cado_sentinelone.invoke import invoke

    orders = []
    for spec in ("", faults):
        with RunningSandbox(endpoints=3500, speed=0, faults=spec) as sandbox:
            outcome = invoke({"action": "list_endpoints", "asset": sandbox.asset})
            assert outcome.status == "success", outcome.message
            orders.append([row["agent_id"] for row in outcome.data])
            assert Counter(orders[-1]) == Counter(list(visible(sandbox.world)))
    assert orders[0] == orders[1]
