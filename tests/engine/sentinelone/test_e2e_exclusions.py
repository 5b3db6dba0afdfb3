"""The exclusion actions against the sandbox: added once, listed, only ours removed."""

from __future__ import annotations

import pytest


@pytest.fixture
def place(sandbox):
    """A site of the world with its account and its first group."""
    site = sandbox.world.agents[0].group.site
    return {
        "site": site.site_id,
        "account": site.account.account_id,
        "group": site.groups[0].group_id,
    }


def states(outcome):
    assert outcome.status == "success", outcome.message
    return [row["state"] for row in outcome.data]


@pytest.mark.parametrize("scope", ["site", "account", "group"])
def test_the_three_patterns_come_and_go(act, place, scope):
    where = {"scope": scope, "scope_ids": [place[scope]]}
    assert states(act("list_exclusions", **where)) == ["missing"] * 3
    assert states(act("add_exclusions", dry_run=True, **where)) == ["planned"] * 3
    assert states(act("list_exclusions", **where)) == ["missing"] * 3
    assert states(act("add_exclusions", **where)) == ["created"] * 3
    assert states(act("add_exclusions", **where)) == ["already_present"] * 3
    assert states(act("list_exclusions", **where)) == ["present"] * 3
    assert states(act("remove_exclusions", **where)) == ["removed"] * 3
    assert states(act("list_exclusions", **where)) == ["missing"] * 3


def test_what_an_account_has_its_sites_inherit(act, place):
    act("add_exclusions", scope="account", scope_ids=[place["account"]], os="linux")
    (row,) = act("list_exclusions", scope="site", scope_ids=[place["site"]], os="linux").data
    assert (row["state"], row["reason"]) == ("inherited", "from Global / Acme")
    added = act("add_exclusions", scope="site", scope_ids=[place["site"]], os="linux")
    assert states(added) == ["created"]


def test_what_another_connector_created_is_kept(act, place, tmp_path):
    where = {"scope": "site", "scope_ids": [place["site"]]}
    act("add_exclusions", **where)
    (tmp_path / "ledger.db").unlink()
    assert states(act("remove_exclusions", **where)) == ["kept"] * 3


def test_a_reply_that_was_dropped_after_the_work_is_told_as_done(act, sandbox, place):
    """R1 and R2: the console did it, and looking there shows it."""
    sandbox.world.faults.set("drop_reply@/web/api/v2.1/exclusions*2")
    where = {"scope": "site", "scope_ids": [place["site"]], "os": "linux"}
    # The first dropped reply is the validation's, which is no exclusion yet.
    assert act("add_exclusions", **where).error.kind == "unavailable"
    sandbox.world.faults.clear()
    assert states(act("add_exclusions", **where)) in (["created"], ["already_present"])
    assert len(sandbox.world.sentinelone.exclusions) == 1


def test_a_missing_permission_is_named(act, sandbox, place):
    sandbox.world.faults.set("missing_permission=Exclusions.create")
    error = act("add_exclusions", scope="site", scope_ids=[place["site"]]).error
    assert error.kind == "forbidden"
    assert "Exclusions.create" in error.remedy
    assert sandbox.world.sentinelone.exclusions == {}


def test_the_tenant_is_beyond_an_account_token(act, sandbox):
    error = act("add_exclusions", scope="tenant").error
    assert error.kind == "forbidden"
    assert sandbox.world.sentinelone.exclusions == {}


@pytest.mark.parametrize("scope", ["account", "tenant"])
def test_s10_a_pinned_site_refuses_what_is_wider(act, sandbox, place, scope):
    ids = [place["account"]] if scope == "account" else []
    pin = {"site_ids": [place["site"]]}
    outcome = act("add_exclusions", pin=pin, scope=scope, scope_ids=ids)
    assert outcome.error.kind == "refused"


@pytest.mark.parametrize("pin", ["site", "account"])
def test_s10_inside_the_pin_it_works(act, sandbox, place, pin):
    """SentinelOne makes Groups.view mandatory in a new role (contract 3); the group is looked up."""
    sandbox.world.sentinelone.collector.role.permissions |= {"Groups.view"}
    pinned = {f"{pin}_ids": [place[pin]]}
    where = {"pin": pinned, "scope": "group", "scope_ids": [place["group"]], "os": "linux"}
    assert states(act("add_exclusions", **where)) == ["created"]
    assert states(act("remove_exclusions", **where)) == ["removed"]


def test_s10_a_group_of_another_site_is_refused(act, sandbox, place):
    sandbox.world.sentinelone.collector.role.permissions |= {"Groups.view"}
    other = sandbox.world.agents[1].group.site
    outcome = act(
        "add_exclusions",
        pin={"site_ids": [place["site"]]},
        scope="group",
        scope_ids=[other.groups[0].group_id],
    )
    assert outcome.error.kind == "refused"
