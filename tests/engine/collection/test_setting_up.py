"""Exclusions and enrichment, over HTTP against the sandbox."""

from __future__ import annotations

import pytest


@pytest.fixture
def site(bench):
    agent = bench.sandbox.world.agents[0]
    return next(
        row["site_id"]
        for row in bench.run("list_endpoints").data
        if row["agent_id"] == agent.agent_id
    )


def states(outcome):
    assert outcome.error is None, outcome.error
    return [record["state"] for record in outcome.data]


def test_exclusions_are_added_once_listed_and_removed(bench, site):
    where = {"scope": "site", "scope_ids": site}
    assert states(bench.run("add_exclusions", dry_run=True, **where)) == ["planned"] * 3
    assert states(bench.run("list_exclusions", **where)) == ["missing"] * 3
    assert states(bench.run("add_exclusions", **where)) == ["created"] * 3
    assert states(bench.run("add_exclusions", **where)) == ["already_present"] * 3
    assert states(bench.run("list_exclusions", **where)) == ["present"] * 3
    assert states(bench.run("remove_exclusions", **where)) == ["removed"] * 3
    assert states(bench.run("list_exclusions", **where)) == ["missing"] * 3


def test_only_what_this_connector_created_is_removed(bench, site, tmp_path):
    where = {"scope": "site", "scope_ids": site, "os": "linux"}
    assert states(bench.run("add_exclusions", **where)) == ["created"]
    bench.asset["ledger_url"] = f"sqlite:///{tmp_path}/another.db"
    outcome = bench.run("remove_exclusions", **where)
    assert states(outcome) == ["kept"]
    assert outcome.data[0]["reason"]


def test_enrichment_is_one_record_that_an_incident_can_carry(bench):
    agent = bench.sandbox.world.agents[0]
    empty = bench.record("enrich_endpoint", endpoint=agent.hostname)
    assert (empty["verdict"], empty["evidence_total"]) == (None, 0)
    launched = bench.launch()
    bench.to_the_end(launched["collection_id"])
    full = bench.record("enrich_endpoint", endpoint=agent.agent_id)
    assert full["endpoint"]["hostname"] == agent.hostname
    assert full["verdict"] == "malicious" and full["malicious"] > 0
    assert full["collections"][0]["collection_id"] == launched["collection_id"]
    assert full["indicators_total"] == len(full["indicators"]) > 0


def test_enrichment_finds_evidence_that_another_machine_collected(bench, tmp_path):
    bench.to_the_end(bench.launch()["collection_id"])
    bench.asset["ledger_url"] = f"sqlite:///{tmp_path}/another.db"
    agent = bench.sandbox.world.agents[0]
    enriched = bench.record("enrich_endpoint", endpoint=agent.agent_id)
    assert (enriched["collections_total"], enriched["evidence_total"]) == (0, 1)
    assert enriched["verdict"] == "malicious"
