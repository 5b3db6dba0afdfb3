"""What is found wrong before a launch makes nothing, and what comes back says what is true."""

from __future__ import annotations

import pytest

from cado_sentinelone.errors import ForbiddenError
from cado_sentinelone.sandbox import landmarks
from cado_sentinelone.sandbox.sentinelone.people import ADMIN_TOKEN

LINUX, MAC = landmarks.HEALTHY_LINUX, landmarks.MACOS


def launch(bench, endpoint=LINUX, **parameters):
    agent = bench.sandbox.world.agents[endpoint]
    wanted = {"endpoint": agent.agent_id, "investigation": "INC-1"} | parameters
    return bench.run("run_collection", **wanted)


def cases(bench):
    return [one["name"] for one in bench.run("list_investigations").data]


@pytest.mark.parametrize("via", ["cado", "remoteops"])
def test_a_ledger_that_cannot_be_used_is_found_before_anything_is_made(bench, tmp_path, via):
    (tmp_path / "garbage.db").write_bytes(b"no ledger at all" * 100)
    bench.asset["ledger_url"] = f"sqlite:///{tmp_path / 'garbage.db'}"
    outcome = launch(bench, via=via)
    assert outcome.error.kind == "ledger"
    assert "INC-1" not in cases(bench)


def test_what_cannot_work_leaves_no_empty_investigation(bench):
    before = cases(bench)
    for wrong in ({"endpoint": MAC}, {"endpoint": landmarks.OFFLINE}):
        assert launch(bench, **wrong).error.kind == "refused"
    bench.asset["cado_account_name"] = "mistyped"
    assert launch(bench).error.kind == "refused"
    assert cases(bench) == before


def test_a_group_that_no_script_can_carry_is_found_before_anything_is_made(bench):
    before = cases(bench)
    outcome = launch(bench, via="remoteops", profile="custom", groups=["a;id"])
    assert outcome.error.kind == "params" and "'a;id'" in outcome.message
    assert cases(bench) == before and not bench.run("list_collections").data


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"collector_url": "https://mirror.example.com/cado host"}, "collector_url"),
        ({"collector_url": "ftp://mirror.example.com/cado-host"}, "collector_url"),
        ({"drive_letter": "D"}, "drive_letter"),
        ({"profile": "custom", "additional_files": ["/srv/\x00"]}, "additional_files"),
    ],
)
def test_what_no_script_can_carry_is_found_before_anything_is_made(bench, wrong, field):
    before = cases(bench)
    outcome = launch(bench, via="remoteops", **wrong)
    assert outcome.error.kind == "params" and outcome.message.startswith(field)
    assert cases(bench) == before and not bench.run("list_collections").data


def test_cado_judges_its_groups_by_itself(bench):
    outcome = launch(bench, profile="custom", groups=["Browser history (all)"])
    assert outcome.error is None
    device = bench.sandbox.world.agents[LINUX]
    assert device.agent_id == outcome.data[0]["agent_id"]


def test_a_key_that_has_its_collection_needs_no_second_check(bench):
    launched = launch(bench, dedupe_key="incident 7").data[0]
    bench.sandbox.world.agents[LINUX].network_status = "disconnected"
    again = launch(bench, dedupe_key="incident 7", investigation="INC-2")
    assert again.error is None and again.data[0]["deduplicated"]
    assert again.data[0]["collection_id"] == launched["collection_id"]


def test_a_refusal_under_a_key_leaves_no_plan_to_launch(bench):
    for _ in range(2):
        outcome = launch(bench, landmarks.OFFLINE, dedupe_key="incident 7")
        assert outcome.error.kind == "refused"
    rows = bench.run("list_collections").data
    assert {row["state"] for row in rows} == {"refused"}
    assert "incident 7" not in {row["dedupe_key"] for row in rows}


def test_a_collector_without_https_has_to_be_pinned(bench):
    url = "http://mirror.example.com/cado-host"
    outcome = launch(bench, via="remoteops", collector_url=url)
    assert outcome.error.kind == "params" and "collector_sha256" in outcome.message
    outcome = launch(
        bench, via="remoteops", collector_url=url, collector_sha256="0" * 64, dry_run=True
    )
    assert outcome.error is None


def test_a_key_of_another_endpoint_is_a_conflict(bench):
    assert launch(bench, dedupe_key="incident 7").error is None
    outcome = launch(bench, landmarks.HEALTHY_WINDOWS, dedupe_key="incident 7")
    assert outcome.error.kind == "conflict" and "dedupe_key" in outcome.message


def test_a_collection_with_other_options_is_given_back_with_a_warning(bench):
    first = launch(bench)
    again = launch(bench)
    assert again.data[0]["deduplicated"] and not again.warnings
    other = launch(bench, additional_files=["/etc/passwd"])
    assert other.data[0]["collection_id"] == first.data[0]["collection_id"]
    assert any("other options" in words for words in other.warnings)


def test_a_preparation_whose_answer_was_lost_says_to_run_it_again(bench):
    bench.sandbox.world.faults.set("drop_reply@/api/v3/import/cado-host*1")
    outcome = launch(bench, via="remoteops")
    assert outcome.error.retryable and "run run_collection again" in outcome.error.remedy
    assert bench.run("list_collections").data[0]["state"] == "planned"
    assert launch(bench, via="remoteops").data[0]["state"] == "requested"
    assert bench.sandbox.world.sentinelone.remote.tasks


@pytest.mark.parametrize(("times", "is_known"), [("*1", True), ("", False)])
def test_a_lost_answer_about_approvals_stops_nothing(bench, times, is_known):
    """It is a question, so it is asked again."""
    fault = "drop_reply@/web/api/v2.1/remote-scripts/guardrails/check"
    bench.sandbox.world.faults.set(fault + times)
    outcome = launch(bench, via="remoteops")
    assert outcome.error is None and outcome.data[0]["state"] == "requested"
    told = any("approval will be asked for is not known" in words for words in outcome.warnings)
    assert told is not is_known


def test_a_lost_launch_is_not_called_launched(bench):
    bench.sandbox.world.faults.set("drop_reply@/web/api/v2.1/remote-scripts/execute*1")
    outcome = launch(bench, via="remoteops")
    assert outcome.data[0]["state"] == "unknown"
    assert "may have been launched" in outcome.message


class TestCancelling:
    def test_what_runs_is_said_to_go_on_and_is_not_waited_for(self, bench):
        launched = launch(bench, via="remoteops").data[0]
        bench.sandbox.world.clock.advance(60)
        outcome = bench.run("cancel_collection", collection_id=launched["collection_id"])
        assert outcome.error is None and outcome.summary["cancellations"] == 0
        assert "could not be cancelled" in outcome.message
        assert outcome.data[0]["not_cancelled"] and outcome.data[0]["state"] == "running"

    def test_an_approval_that_we_declined_is_cancelled(self, bench):
        bench.sandbox.world.faults.set("rso_approval")
        launched = launch(bench, via="remoteops").data[0]
        assert launched["state"] == "waiting_approval"
        refused = bench.run("cancel_collection", collection_id=launched["collection_id"])
        assert refused.summary["cancellations"] == 0
        bench.asset["sentinelone_token"] = ADMIN_TOKEN
        done = bench.run("cancel_collection", collection_id=launched["collection_id"])
        assert done.data[0]["state"] == "cancelled" and done.summary["cancellations"] == 1

    def test_where_approvals_cannot_be_read_the_evidence_is_looked_for(self, bench, monkeypatch):
        from cado_sentinelone.clients.sentinelone_remoteops import RemoteOpsCalls

        bench.sandbox.world.faults.set("rso_approval")
        launched = launch(bench, via="remoteops").data[0]

        def refused(self):
            raise ForbiddenError("probably a missing permission")

        monkeypatch.setattr(RemoteOpsCalls, "pending_executions", refused)
        outcome = bench.run("get_task_status", collection_id=launched["collection_id"])
        assert outcome.error is None and outcome.data[0]["state"] == "waiting_approval"
        assert any("cannot be read" in words for words in outcome.warnings)

    def test_a_run_that_dies_after_it_declined_leaves_a_cancelled_collection(
        self, bench, monkeypatch
    ):
        from cado_sentinelone.engine import remoteops_cancel

        bench.sandbox.world.faults.set("rso_approval")
        bench.asset["sentinelone_token"] = ADMIN_TOKEN
        launched = launch(bench, via="remoteops").data[0]
        with monkeypatch.context() as patched:
            patched.setattr(remoteops_cancel, "_declined", dies)
            with pytest.raises(KeyboardInterrupt):
                bench.run("cancel_collection", collection_id=launched["collection_id"])
        seen = bench.run("get_task_status", collection_id=launched["collection_id"]).data[0]
        assert (seen["state"], seen["error"]) == (
            "cancelled",
            "its pending execution was declined, as asked",
        )


def dies(collection, desk):
    raise KeyboardInterrupt
