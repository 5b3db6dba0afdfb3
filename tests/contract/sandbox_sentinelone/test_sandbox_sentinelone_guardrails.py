"""Guardrails: set, inherited, removed, and followed by check and execute (contract 7.5)."""

import pytest

from cado_sentinelone.sandbox.asset import SENTINELONE_TOKEN
from cado_sentinelone.sandbox.sentinelone.people import ADMIN_TOKEN, SITE_TOKEN

from .conftest import refusal
from .remote_console import DEAD, DENIED, GUARDRAIL, execute, online, statuses, upload

ALL_TYPES = ["artifactCollection", "dataCollection", "action"]


def scope_of(place):
    for level in ("group", "site", "account"):
        if hasattr(place, f"{level}_id") and type(place).__name__.lower() == level:
            return {"scopeLevel": level, "scopeId": getattr(place, f"{level}_id")}
    raise AssertionError(place)


def guard(console, place, quantity, types=ALL_TYPES, token=ADMIN_TOKEN, **more):
    data = {"enabled": True, "endpointsQuantity": quantity, "scriptTypes": list(types)}
    return console.post(GUARDRAIL, {"data": scope_of(place) | data | more}, token)


def unguard(console, place, token=ADMIN_TOKEN, **more):
    return console.call("DELETE", GUARDRAIL, token, json={"data": scope_of(place) | more})


def read(console, place, token=SENTINELONE_TOKEN):
    response = console.get(GUARDRAIL, token, **scope_of(place))
    assert response.status_code == 200, response.text
    return response.json()["data"]


def asks(console, script_id, agents):
    """Whether the check says that the execution needs an approval; the execution agrees."""
    body = {"data": {"scriptId": script_id, "agentIds": [agent.agent_id for agent in agents]}}
    checked = console.post("/remote-scripts/guardrails/check", body).json()["data"]
    executed = execute(console, script_id, agents)
    assert checked == {"requiresApproval": executed["pending"]}
    assert (executed["parentTaskId"] is None) == executed["pending"]
    return executed["pending"]


def test_nothing_is_guarded_by_default(console):
    assert read(console, console.world.sites[0]) == {
        "enabled": False,
        "endpointsQuantity": None,
        "inherited": False,
        "scriptTypes": [],
    }
    assert not asks(console, upload(console), online(console, 4))


def test_a_guardrail_is_asked_from_its_threshold_on(console):
    assert guard(console, console.world.sites[0], 3).json() == {"data": {"success": True}}
    script_id = upload(console)
    assert not asks(console, script_id, online(console, 2))
    assert asks(console, script_id, online(console, 3))
    assert asks(console, script_id, online(console, 4))
    assert not asks(console, script_id, online(console, 3, site=1))


def test_it_is_about_its_types_of_script_and_nothing_if_it_is_off(console):
    site = console.world.sites[0]
    guard(console, site, 1, ["action"])
    assert not asks(console, upload(console, "artifactCollection"), online(console, 2))
    guard(console, site, 1)
    assert asks(console, upload(console), online(console, 1))
    guard(console, site, 1, enabled=False)
    assert not asks(console, upload(console), online(console, 2))


def test_without_a_quantity_every_execution_is_asked_for(console):
    guard(console, console.world.sites[0], None)
    assert asks(console, upload(console), online(console, 1))


def test_a_scope_has_the_guardrail_above_it_until_it_has_its_own(console):
    site = console.world.sites[0]
    guard(console, site.account, 2)
    for place, inherited in ((site.account, False), (site, True), (site.groups[0], True)):
        data = read(console, place)
        assert (data["endpointsQuantity"], data["inherited"]) == (2, inherited)
    guard(console, site, 100)
    assert read(console, site.groups[0])["endpointsQuantity"] == 100
    script_id = upload(console)
    assert not asks(console, script_id, online(console, 2))
    assert unguard(console, site).json() == {"data": {"success": True}}
    assert unguard(console, site).json() == {"data": {"success": False}}
    assert read(console, site)["inherited"]
    assert asks(console, script_id, online(console, 2))


def test_an_accounts_guardrail_counts_the_endpoints_of_all_its_sites(console):
    guard(console, console.world.accounts[0], 4)
    assert asks(console, upload(console), online(console, 2) + online(console, 2, site=1))


def test_what_was_approved_runs(console):
    guard(console, console.world.sites[0], 1)
    pending = execute(console, upload(console), online(console, 2))
    (row,) = console.rows("/remote-scripts/pending-executions")
    assert (row["pendingExecutionId"], row["state"]) == (pending["pendingExecutionId"], "waiting")
    path = f"/remote-scripts/pending-executions/{pending['pendingExecutionId']}"
    approved = console.call("PUT", path, ADMIN_TOKEN, json={"data": {"action": "approve"}})
    assert approved.json() == {"data": {"success": True}}
    console.world.clock.advance(60)
    (parent_id,) = {task.parent_id for task in console.world.sentinelone.remote.tasks.values()}
    assert statuses(console, parent_id) == ["in_progress"] * 2


def test_setting_and_removing_need_manage_guardrails(console):
    """S12: the collector may read a guardrail, and neither set nor remove it."""
    site = console.world.sites[0]
    guard(console, site, 5)
    assert refusal(guard(console, site, 1000, token=SENTINELONE_TOKEN)) == DEAD
    console.world.faults.set("missing_permission_status=403")
    assert refusal(unguard(console, site, SENTINELONE_TOKEN)) == DENIED
    assert read(console, site)["endpointsQuantity"] == 5
    console.world.faults.set("missing_permission=Remote Script Orchestration.view")
    assert refusal(console.get(GUARDRAIL, **scope_of(site))) == DENIED


def test_a_scope_out_of_reach_is_not_valid(console):
    elsewhere = console.world.sites[1]
    status, code, _, detail = refusal(console.get(GUARDRAIL, SITE_TOKEN, **scope_of(elsewhere)))
    assert (status, code, detail) == (400, 4000010, "scopeId: Not a scope of this user.")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"nobody": 1}, "dict_values(['nobody']): Unknown field"),
        ({"endpointsQuantity": "7"}, "endpointsQuantity: Not a valid integer."),
        ({"scopeLevel": "tenant"}, 'scopeLevel: "tenant" is not a valid choice.'),
        ({"scriptTypes": None}, "scriptTypes: Field may not be null."),
        ({"enabled": "yes"}, "enabled: Not a valid boolean."),
    ],
)
def test_a_guardrail_that_is_none_is_refused(console, more, words):
    site = console.world.sites[0]
    status, code, _, detail = refusal(guard(console, site, **{"quantity": 1} | more))
    assert (status, code) == (400, 4000010)
    assert words in detail
    assert not read(console, site)["enabled"]


def test_unknown_fields_of_a_removal_and_missing_ones_of_a_question_are_refused(console):
    site = console.world.sites[0]
    assert "Unknown field" in refusal(unguard(console, site, enabled=True))[3]
    detail = refusal(console.get(GUARDRAIL))[3]
    assert detail == (
        "scopeId: Missing data for required field., scopeLevel: Missing data for required field."
    )
