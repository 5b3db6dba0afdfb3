"""The life of a collection by our own script, over HTTP against the sandbox (R2, R4, R5, S8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from cado_sentinelone.engine.ledger import open_ledger
from cado_sentinelone.sandbox import landmarks

LINUX = landmarks.HEALTHY_LINUX


def launch(bench, endpoint=LINUX, **parameters):
    return bench.launch(endpoint, via="remoteops", **parameters)


def look(bench, launched, after=0.0):
    bench.sandbox.world.clock.advance(after)
    return bench.record("get_task_status", collection_id=launched["collection_id"])


def scripts(bench):
    return bench.sandbox.world.sentinelone.remote.scripts


def knob(bench, route, body):
    requests.post(f"{bench.sandbox.url}/sandbox/{route}", json=body, timeout=10).raise_for_status()


def test_it_goes_through_every_state_to_the_evidence(bench):
    launched = launch(bench, reason="threat 7", requested_by="an analyst")
    assert (launched["state"], launched["route"]) == ("requested", "remoteops")
    assert launched["parent_task_id"] and launched["script_id"] and not launched["pipeline_id"]
    seen = [look(bench, launched, 30)["state"] for _ in range(90)]
    assert list(dict.fromkeys(seen)) == ["running", "processing", "completed"]
    status = look(bench, launched)
    assert status["terminal"] and status["progress"] == 100 and status["error"] == ""
    assert status["hostname"] == bench.sandbox.world.agents[LINUX].hostname
    assert bench.effects(LINUX) == 1
    # The credential in the script is not left in the console (S6).
    assert not scripts(bench)
    archive = f"cado-host-capture-{launched['collection_id'].removeprefix('col-')}.tar.lz4"
    (stored,) = bench.sandbox.world.bucket.objects.values()
    assert stored.key.endswith(archive)
    [kept] = bench.run("list_collections").data
    assert (kept["archive_sha256"], kept["archive_size_bytes"]) == (
        stored.sha256,
        len(stored.content),
    )
    assert kept["requested_by"] == "an analyst"


def test_what_the_console_is_told_is_this_endpoint_and_nothing_else(bench):
    """Explicit ids and scope; the task says which collection it is of."""
    launched = launch(bench)
    (task,) = bench.sandbox.world.sentinelone.remote.tasks.values()
    assert task.agent.agent_id == launched["agent_id"]
    assert launched["collection_id"] in task.description
    (script,) = scripts(bench).values()
    assert (script.scope_level, script.scope_id) == ("site", task.agent.site_id)
    assert (script.type, script.os_types) == ("artifactCollection", ["linux"])
    assert 3600 < script.runtime_seconds < 7200


@pytest.mark.parametrize(
    ("fault", "state", "words"),
    [
        ("capture_fails", "failed", "failed at capture"),
        ("disk_full", "failed", "failed at space"),
        ("upload_refused", "failed", "failed at upload"),
        ("endpoint_reboots", "failed", "restarted"),
        ("child_fails", "completed_with_errors", "processing"),
        ("evidence_for_other_host", "failed", "not of"),
    ],
)
def test_what_went_wrong_is_the_end_and_said(bench, fault, state, words):
    launched = launch(bench)
    bench.sandbox.world.faults.set(fault)
    status = bench.to_the_end(launched["collection_id"])
    assert (status["state"], words in status["error"]) == (state, True), status["error"]
    assert not scripts(bench)


def test_a_task_that_no_endpoint_took_expires(bench):
    bench.sandbox.world.faults.set("task_expires")
    launched = launch(bench)
    assert look(bench, launched, 60)["state"] == "waiting_endpoint"
    status = look(bench, launched, 7 * 3600)
    assert status["state"] == "expired" and "did not take the task" in status["error"]
    assert bench.effects(LINUX) == 0


def test_without_a_report_the_evidence_decides(bench):
    bench.sandbox.world.faults.set("no_output")
    launched = launch(bench)
    assert look(bench, launched, 400)["state"] == "processing"
    assert bench.to_the_end(launched["collection_id"])["state"] == "completed"


def test_a_script_that_ended_without_evidence_is_uploading_until_its_deadline(bench):
    """R2: the console's "completed" is not ours."""
    bench.sandbox.world.faults.set("no_evidence")
    launched = launch(bench)
    status = look(bench, launched, 600)
    assert (status["state"], status["terminal"]) == ("uploading", False)
    assert status["steps"][0]["state"] == "completed"
    bench.later = timedelta(hours=25)
    status = look(bench, launched)
    assert status["state"] == "expired" and "no evidence" in status["error"]


@pytest.mark.parametrize("wait_seconds", [0, 60])
def test_an_execution_that_reaches_nobody_has_failed_and_names_who_is_missing(bench, wait_seconds):
    bench.sandbox.world.faults.set("rso_none")
    agent = bench.sandbox.world.agents[LINUX]
    outcome = bench.run(
        "run_collection",
        endpoint=agent.agent_id,
        investigation="INC-1",
        via="remoteops",
        wait_seconds=wait_seconds,
    )
    assert outcome.error.kind == "refused" and outcome.summary["state"] == "failed"
    assert agent.hostname in outcome.message and outcome.summary["collection_id"] in outcome.message
    assert not scripts(bench)


@pytest.mark.parametrize("fault", ["script_changed", "script_deleted"])
def test_a_script_that_is_not_the_uploaded_one_is_never_executed(bench, fault):
    """S8: the hash is recorded and checked before execution."""
    bench.sandbox.world.faults.set(f"{fault}*1")
    outcome = bench.run(
        "run_collection",
        endpoint=bench.sandbox.world.agents[LINUX].agent_id,
        investigation="INC-1",
        via="remoteops",
    )
    assert outcome.error is not None and outcome.error.kind == "refused"
    assert not bench.sandbox.world.sentinelone.remote.tasks and not scripts(bench)
    # Nothing was sent, so the same request may be made again.
    assert launch(bench)["state"] == "requested"


def test_an_upload_credential_that_has_expired_is_not_sent_out(bench):
    bench.sandbox.world.faults.set("credential_expired")
    outcome = bench.run(
        "run_collection",
        endpoint=bench.sandbox.world.agents[LINUX].agent_id,
        investigation="INC-1",
        via="remoteops",
    )
    assert outcome.error is not None and "credential" in outcome.message
    assert bench.effects(LINUX) == 0


class TestApproval:
    def test_approved_it_is_found_again_and_completes(self, bench):
        bench.sandbox.world.faults.set("rso_approval")
        launched = launch(bench)
        assert launched["state"] == "waiting_approval" and launched["pending_execution_id"]
        assert look(bench, launched, 60)["state"] == "waiting_approval"
        knob(bench, "approvals", {"action": "approve"})
        # Its row may be absent right after (contract 7.3), and is what proves it.
        assert look(bench, launched)["state"] == "unknown"
        status = look(bench, launched, 2)
        assert (status["state"], bool(status["parent_task_id"])) == ("requested", True)
        assert bench.to_the_end(launched["collection_id"])["state"] == "completed"
        assert bench.effects(LINUX) == 1

    def test_approved_but_not_found_it_is_unknown_until_the_evidence_tells(self, bench):
        bench.sandbox.world.faults.set("rso_approval;missing_permission=Activity Page.view")
        launched = launch(bench)
        knob(bench, "approvals", {"action": "approve"})
        status = look(bench, launched)
        assert status["state"] == "unknown" and "approved" in status["error"]
        assert bench.to_the_end(launched["collection_id"])["state"] == "completed"
        assert bench.effects(LINUX) == 1

    @pytest.mark.parametrize(("action", "state"), [("decline", "refused"), ("expire", "expired")])
    def test_not_approved_it_has_ended(self, bench, action, state):
        bench.sandbox.world.faults.set("rso_approval")
        launched = launch(bench)
        knob(bench, "approvals", {"action": action})
        status = look(bench, launched)
        assert (status["state"], status["terminal"]) == (state, True)
        assert not scripts(bench) and bench.effects(LINUX) == 0

    def test_a_script_that_changed_while_it_waited_has_failed_and_has_to_be_declined(self, bench):
        """S8. The collector's role may not review, so a person is asked to."""
        bench.sandbox.world.faults.set("rso_approval")
        launched = launch(bench)
        (script,) = scripts(bench).values()
        script.text += "\nrm -rf /\n"
        outcome = bench.run("get_task_status", collection_id=launched["collection_id"])
        assert outcome.data[0]["state"] == "failed" and "changed" in outcome.data[0]["error"]
        assert any("decline it in the console" in words for words in outcome.warnings)
        assert not scripts(bench)


class TestOffline:
    OFFLINE = landmarks.OFFLINE_LINUX

    def seen(self, bench, online=True):
        agent_id = bench.sandbox.world.agents[self.OFFLINE].agent_id
        knob(bench, f"endpoints/{agent_id}", {"online": online})

    def test_it_waits_and_gets_a_fresh_script_when_it_is_seen(self, bench):
        """R5: a row, not a sleeping process; days of waiting cost nothing."""
        launched = launch(bench, self.OFFLINE)
        assert launched["state"] == "waiting_endpoint" and not scripts(bench)
        bench.later = timedelta(days=3)
        assert look(bench, launched)["state"] == "waiting_endpoint"
        assert not scripts(bench)
        # The sandbox's clock is the one that credentials go by.
        bench.sandbox.world.clock.advance(3 * 86_400)
        self.seen(bench)
        status = look(bench, launched)
        assert status["state"] == "requested" and status["parent_task_id"]
        assert bench.to_the_end(launched["collection_id"])["state"] == "completed"
        assert bench.effects(self.OFFLINE) == 1

    def test_it_ends_at_its_deadline(self, bench):
        launched = launch(bench, self.OFFLINE, wait_for_endpoint_hours=30)
        bench.later = timedelta(hours=31)
        status = look(bench, launched)
        assert status["state"] == "expired" and "not seen" in status["error"]

    def test_whoever_does_not_want_to_wait_is_refused(self, bench):
        outcome = bench.run(
            "run_collection",
            endpoint=bench.sandbox.world.agents[self.OFFLINE].agent_id,
            investigation="INC-1",
            via="remoteops",
            wait_for_endpoint_hours=0,
        )
        assert outcome.error is not None and "offline" in outcome.message

    def test_it_can_be_cancelled_while_it_waits(self, bench):
        launched = launch(bench, self.OFFLINE)
        done = bench.record("cancel_collection", collection_id=launched["collection_id"])
        assert done["state"] == "cancelled"


class TestCancel:
    def test_what_was_not_sent_yet_is_cancelled_where_that_is_allowed(self, bench):
        bench.asset["use_private_api"] = True
        launched = launch(bench)
        bench.sandbox.world.clock.advance(4)
        done = bench.record("cancel_collection", collection_id=launched["collection_id"])
        assert done["state"] == "cancelled" and done["cancelled"]
        assert not scripts(bench) and bench.effects(LINUX) == 0

    def test_without_the_private_route_it_says_what_could_not_be_done(self, bench):
        launched = launch(bench)
        bench.sandbox.world.clock.advance(4)
        done = bench.record("cancel_collection", collection_id=launched["collection_id"])
        assert done["state"] != "cancelled"
        assert any("use_private_api" in words for words in done["not_cancelled"])

    def test_what_runs_on_the_endpoint_cannot_be_stopped_and_that_is_said(self, bench):
        bench.asset["use_private_api"] = True
        bench.sandbox.world.faults.set("task_stuck")
        launched = launch(bench)
        bench.sandbox.world.clock.advance(60)
        done = bench.record("cancel_collection", collection_id=launched["collection_id"])
        assert any("cannot stop it" in words for words in done["not_cancelled"])
        assert done["state"] == "running"

    def test_the_processing_at_cado_is_stopped(self, bench):
        launched = launch(bench)
        assert look(bench, launched, 400)["state"] == "processing"
        done = bench.record("cancel_collection", collection_id=launched["collection_id"])
        assert done["state"] == "cancelled" and "processing" in done["cancelled"][0]


@pytest.mark.parametrize(
    "endpoint",
    [
        landmarks.ISOLATED,
        landmarks.MACOS,
        landmarks.DECOMMISSIONED,
        landmarks.WINDOWS_LEGACY,
        landmarks.ON_SITE_WITHOUT_RSO,
        landmarks.RSO_LEVEL_NONE,
    ],
)
def test_what_cannot_work_is_refused_early(bench, endpoint):
    outcome = bench.run(
        "run_collection",
        endpoint=bench.sandbox.world.agents[endpoint].agent_id,
        investigation="INC-1",
        via="remoteops",
    )
    assert outcome.error is not None and outcome.error.kind == "refused"
    assert not bench.sandbox.world.sentinelone.remote.tasks


def test_a_dry_run_shows_the_script_without_its_secrets_and_sends_nothing(bench):
    agent = bench.sandbox.world.agents[LINUX]
    outcome = bench.run(
        "run_collection",
        endpoint=agent.agent_id,
        investigation="INC-9",
        via="remoteops",
        dry_run=True,
        profile="custom",
        additional_files="/srv/evil.sh",
    )
    assert outcome.error is None, outcome.error
    [record] = outcome.data
    assert record["script"].startswith("#!/bin/sh") and "presigned='********'" in record["script"]
    assert "'/srv/evil.sh'" in record["script"]
    assert not scripts(bench) and not bench.run("list_collections").data


def test_the_same_key_gives_the_collection_back_by_either_route(bench):
    first = launch(bench)
    again = bench.launch(LINUX)
    assert (again["collection_id"], again["deduplicated"]) == (first["collection_id"], True)


def test_scripts_that_a_crash_left_are_swept_and_others_are_not(bench):
    launched = launch(bench)
    bench.to_the_end(launched["collection_id"])
    remote = bench.sandbox.world.sentinelone.remote
    launch(bench, landmarks.HEALTHY_WINDOWS)
    (current,) = remote.scripts.values()

    def copy(number, name):
        import dataclasses

        remote.scripts[str(number)] = dataclasses.replace(current, script_id=str(number), name=name)

    orphan = f"cado-sentinelone-{launched['collection_id']}-1-abcdef"
    copy(10**18 + 1, orphan)
    copy(10**18 + 2, f"cado-sentinelone-col-{'0' * 20}-1-abcdef")  # of another ledger
    copy(10**18 + 3, "somebody else's script")
    launch(bench, landmarks.TAGGED)
    names = {script.name for script in remote.scripts.values()}
    assert orphan not in names and len(names) == 4


def test_many_are_looked_at_by_the_page(bench):
    """R6: one call for the tasks of all, not one for each."""
    for endpoint in (0, 1, landmarks.TAGGED):
        launch(bench, endpoint)
    bench.sandbox.world.clock.advance(60)
    traffic = requests.get(f"{bench.sandbox.url}/sandbox/requests", timeout=10).json()["requests"]
    found = bench.run("list_collections", refresh=True).data
    assert {one["state"] for one in found} == {"running"}
    after = requests.get(f"{bench.sandbox.url}/sandbox/requests", timeout=10).json()["requests"]
    asked = {name: after[name] - traffic.get(name, 0) for name in after}
    assert asked["GET /web/api/v2.1/remote-scripts/status"] == 1


def test_the_custody_record_tells_it_all_and_verifies(bench):
    from cado_sentinelone.engine.custody import content_of, problems_of

    launched = launch(bench)
    bench.to_the_end(launched["collection_id"])
    ledger = open_ledger(bench.asset["ledger_url"])
    record = ledger.custody(launched["collection_id"])
    ledger.close()
    assert problems_of(record) == []
    told = [content_of(entry) for entry in record.entries]
    notes = " ".join(one["note"] for one in told)
    for words in ("intent", "accepted it as task", "the endpoint reports: uploaded", "deleted"):
        assert words in notes
    assert told[0]["event"] == "asked for" and told[1]["event"] == "script prepared"
