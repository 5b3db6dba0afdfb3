"""Accounts, investigations, timeline and findings as a runner meets them: dict in, outcome out."""

from __future__ import annotations

import pytest

from cado_sentinelone.sandbox.cado.findings import VERDICTS, verdict

CANARY = "canary-new-token"


def healthy(world, word):
    """An endpoint that can be collected from and on which this is to be found."""
    return next(
        agent
        for agent in world.agents
        if agent.is_active
        and not agent.is_decommissioned
        and agent.network_status == "connected"
        and agent.os_type in ("windows", "linux")
        and agent.rso_level != "none"
        and "rso" in agent.group.site.modules
        and agent.group.site.account is world.agents[0].group.site.account
        and sum(one.hostname == agent.hostname for one in world.agents) == 1
        and verdict(world, agent) == word
    )


def evidence_of(family):
    (number,) = {one.evidence_id for one in family} - {None}
    return number


def test_list_accounts_shows_health_and_issues(act, sandbox):
    outcome = act("list_accounts")
    assert outcome.status == "success", outcome.message
    health = {row["name"]: row["health"] for row in outcome.data}
    assert health["sandbox-acme"] == "green"
    sandbox.world.faults.set("account_issue=Missing permission: upload")
    (row,) = act("list_accounts", name="sandbox-acme").data
    assert row["health"] == "red"
    assert "Missing permission: upload" in row["issues"][0]


def test_an_account_is_added_checked_refused_twice_and_deleted(act, sandbox):
    endpoint = "https://console.example.com"
    added = act("add_account", name="second", endpoint=endpoint, token=CANARY)
    assert added.status == "success", added.message
    assert (added.data[0]["health"], added.data[0]["check_status"]) == ("green", "complete")
    again = act("add_account", name="second", endpoint=endpoint, token=CANARY)
    assert again.error.kind == "conflict"
    assert "delete_account" in again.error.remedy
    assert act("delete_account", name="second").message == "account second was deleted"
    assert act("delete_account", name="second").error.kind == "not_found"
    assert CANARY not in added.to_json() + again.to_json()


def test_an_account_with_a_dead_token_is_red_and_says_why(act):
    endpoint = "https://console.example.com"
    (row,) = act("add_account", name="x", endpoint=endpoint, token="bad-token").data  # noqa: S106
    assert row["health"] == "red"
    assert any("refused" in issue for issue in row["issues"])


def test_a_check_that_is_not_waited_for_still_runs(act):
    outcome = act("check_account", wait_seconds=0)
    assert outcome.data[0]["check_status"] in ("queued", "in_progress")
    assert "still runs" in outcome.warnings[0]


def test_a_platform_administrator_can_check_an_account(act, sandbox):
    sandbox.world.faults.set("cado_role=Platform Administrator")
    outcome = act("check_account")
    assert outcome.status == "success", outcome.message
    assert "may not follow" in outcome.warnings[0]


def test_an_investigation_is_created_once(act):
    first = act("create_investigation", name="e2e", users=["alice"], groups=["IR"])
    assert (first.status, first.data[0]["created"]) == ("success", True)
    number = first.data[0]["investigation_id"]
    again = act("create_investigation", name="e2e")
    assert again.error.kind == "conflict"
    assert f"investigation {number} " in again.error.message
    reused = act("create_investigation", name="e2e", reuse=True)
    assert (reused.data[0]["investigation_id"], reused.data[0]["created"]) == (number, False)
    listed = act("list_investigations", name="e2e").data
    assert [row["investigation_id"] for row in listed] == [number]


def test_an_investigation_whose_answer_is_lost_is_found_again(act, sandbox):
    """R2: the sandbox does the work and drops the answer."""
    act("list_investigations")
    sandbox.world.faults.set("truncate@/api/v3/projects*1")
    outcome = act("create_investigation", name="lost")
    assert outcome.status == "success", outcome.message
    assert len(act("list_investigations", name="lost").data) == 1


def test_all_investigations_come_newest_first(act):
    for number in range(12):
        act("create_investigation", name=f"many {number}")
    rows = act("list_investigations", name="many").data
    assert [row["name"] for row in rows] == [f"many {number}" for number in reversed(range(12))]
    assert len(act("list_investigations", limit=5).data) == 5


@pytest.mark.parametrize("word", VERDICTS)
def test_the_verdict_is_what_is_on_the_endpoint(act, sandbox, cado, launch, follow, word):
    case = cado.create_investigation("verdicts")
    agent = healthy(sandbox.world, word)
    evidence_id = evidence_of(follow(launch(agent, case)))
    outcome = act("get_findings", evidence_id=evidence_id)
    (row,) = outcome.data
    assert row["verdict"] == word.replace(" ", "_")
    assert row["hostnames"] == [agent.hostname]
    assert outcome.warnings == []
    whole = act("get_findings", investigation="verdicts").data[0]
    assert whole["verdict"] == row["verdict"]
    assert whole["alarms"] == row["alarms"]
    assert whole["indicators"] == row["indicators"]


def test_the_verdict_is_pending_until_everything_has_ended(act, sandbox, cado, launch):
    """R2: at no moment of a collection is there a verdict before its end."""
    case = cado.create_investigation("watched")
    launch(healthy(sandbox.world, "no findings"), case)
    seen = set()
    for _ in range(400):
        row = act("get_findings", investigation=str(case)).data[0]
        open_ = [one for one in cado.pipelines(project_id=case) if not one.ended]
        if row["verdict"] != "pending":
            assert not open_
            seen.add(row["verdict"])
            break
        sandbox.world.clock.advance(120)
    assert seen == {"no_findings"}


@pytest.mark.parametrize("fault", ["child_fails", "child_partly_fails"])
def test_failed_processing_is_never_no_findings(act, sandbox, cado, launch, follow, fault):
    """R2"""
    case = cado.create_investigation("failing")
    sandbox.world.faults.set(fault)
    evidence_id = evidence_of(follow(launch(healthy(sandbox.world, "no findings"), case)))
    outcome = act("get_findings", evidence_id=evidence_id)
    assert outcome.data[0]["verdict"] == "pending"
    assert any("processing" in warning for warning in outcome.warnings)


def test_a_collection_without_an_archive_has_no_verdict(act, sandbox, cado, launch, follow):
    case = cado.create_investigation("empty")
    sandbox.world.faults.set("import_fails")
    follow(launch(sandbox.world.agents[0], case))
    outcome = act("get_findings", investigation="empty")
    assert outcome.data[0]["verdict"] == "pending"
    assert any("no evidence" in warning for warning in outcome.warnings)


def test_the_timeline_is_searched_by_words_or_in_cados_language(act, sandbox, cado, launch, follow):
    case = cado.create_investigation("timeline")
    follow(launch(sandbox.world.agents[0], case))
    everything = act("search_timeline", investigation="timeline").data
    assert len(everything) > 100
    bad = act(
        "search_timeline",
        investigation=str(case),
        query="alarm_severity:[1 TO 1]",
        language="cado",
    ).data
    assert {row["severity"] for row in bad} == {"malicious"}
    quoted = act("search_timeline", investigation=str(case), query="alarm_severity:[1 TO 1]").data
    assert quoted == []
    some = act("search_timeline", investigation=str(case), limit=10)
    rest = act("search_timeline", investigation=str(case), cursor=some.summary["next_cursor"])
    assert some.data + rest.data == everything


def test_an_investigation_that_is_not_there_is_not_found(act):
    for name in ("nothing", "999999"):
        assert act("search_timeline", investigation=name).error.kind == "not_found"
        assert act("get_findings", investigation=name).error.kind == "not_found"


def collect(act, sandbox, agent):
    """One collection through the connector itself, followed to its end."""
    started = act("run_collection", endpoint=agent.agent_id, investigation="collected")
    assert started.status == "success", started.message
    collection_id = started.data[0]["collection_id"]
    for _ in range(200):
        status = act("get_task_status", collection_id=collection_id)
        assert status.status == "success", status.message
        if status.data[0]["terminal"]:
            break
        sandbox.world.clock.advance(300)
    return collection_id


def test_the_findings_of_a_collection_are_those_of_its_evidence(act, sandbox):
    agent = healthy(sandbox.world, "malicious")
    outcome = act("get_findings", collection_id=collect(act, sandbox, agent))
    (row,) = outcome.data
    assert (row["verdict"], row["hostnames"]) == ("malicious", [agent.hostname])
    assert row["investigation_name"] == "collected"


def test_a_collection_that_nobody_followed_has_its_findings_all_the_same(act, sandbox):
    agent = healthy(sandbox.world, "malicious")
    started = act("run_collection", endpoint=agent.agent_id, investigation="collected")
    collection_id = started.data[0]["collection_id"]
    assert act("get_findings", collection_id=collection_id).data[0]["verdict"] == "pending"
    sandbox.world.clock.advance(6 * 3600)
    assert act("get_findings", collection_id=collection_id).data[0]["verdict"] == "malicious"


def test_the_evidence_of_another_endpoint_is_not_the_collections(act, sandbox):
    """S13"""
    sandbox.world.faults.set("evidence_for_other_host")
    agent = next(one for one in sandbox.world.agents if one is not sandbox.world.agents[0])
    assert agent.os_type == "linux"
    outcome = act("get_findings", collection_id=collect(act, sandbox, agent))
    (row,) = outcome.data
    assert (row["verdict"], row["malicious"], row["evidence_ids"]) == ("pending", 0, [])
    assert outcome.warnings
