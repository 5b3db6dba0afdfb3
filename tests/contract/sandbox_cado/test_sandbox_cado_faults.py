"""What can go wrong with an import on Cado's side, by name."""

import pytest

HOUR = 3600.0


@pytest.fixture
def case(platform):
    """The pipelines and evidences of one import under a fault, when all has ended."""

    def collect(spec, number=0):
        platform.world.faults.set(spec)
        platform.project_id = platform.project(f"case {platform.world.clock.now()}")
        pipeline_id = platform.collect(platform.project_id, number)
        platform.advance(2 * HOUR)
        pipelines = platform.get("/pipelines", project_id=platform.project_id)["data"][::-1]
        assert pipelines[0]["pipeline"]["id"] == pipeline_id
        return pipelines, platform.evidences(platform.project_id)

    return collect


def statuses(pipelines):
    return [(one["pipeline"]["type"], one["status"]) for one in pipelines]


def test_import_fails(case, platform):
    pipelines, evidences = case("import_fails")
    assert statuses(pipelines) == [("acquisition", "failed")]
    assert evidences == []
    assert sum(platform.world.effects.values()) == 1


def test_import_stuck(case, platform):
    pipelines, evidences = case("import_stuck")
    platform.advance(1000 * HOUR)
    pipeline = platform.pipeline(pipelines[0]["pipeline"]["id"])
    assert (pipeline["status"], pipeline["can_be_terminated"]) == ("in_progress", True)
    assert evidences == []
    platform.send("PATCH", f"/pipelines/{pipeline['pipeline']['id']}", {"aborted": True})


def test_no_evidence(case):
    pipelines, evidences = case("no_evidence")
    assert statuses(pipelines) == [("acquisition", "complete")]
    assert evidences == []


def test_child_fails(case):
    """A failed processing has no analysis, and its evidence never counts as processed."""
    pipelines, evidences = case("child_fails")
    assert statuses(pipelines) == [("acquisition", "complete"), ("processing", "failed")]
    summary = pipelines[1]["summary"]
    assert summary["failure"] == 1
    assert summary["cancelled"] > 0
    assert summary["pending"] == summary["running"] == 0
    assert evidences[0]["processing_ran"] is False
    assert "last_processed" not in evidences[0]


def test_child_partly_fails(case, platform):
    """`complete` with a failure in the summary (Cado contract 6)."""
    pipelines, evidences = case("child_partly_fails")
    assert statuses(pipelines)[1:] == [("processing", "complete"), ("analysis", "complete")]
    assert pipelines[1]["summary"]["failure"] == 1
    assert pipelines[1]["summary"]["success"] == pipelines[1]["summary"]["total"] - 1
    assert "FAILURE" in {task["state"] for task in pipelines[1]["subtasks"]}
    assert evidences[0]["processing_ran"] is True
    assert platform.pipeline(pipelines[1]["pipeline"]["id"])["status"] == "complete"


@pytest.mark.parametrize(("number", "other"), [(0, 1), (8, 0)])
def test_evidence_for_other_host(case, platform, number, other):
    pipelines, evidences = case("evidence_for_other_host", number)
    stranger = platform.world.agents[other]
    assert pipelines[0]["name"] == f"Acquiring {platform.world.agents[number].hostname}"
    assert evidences[0]["details"]["hostname"] == stranger.hostname
    assert evidences[0]["resource"]["id"] == stranger.agent_id


def test_a_fault_with_a_number_is_that_of_so_many_imports(case):
    assert statuses(case("import_fails*1")[0]) == [("acquisition", "failed")]
    assert len(case("")[0]) == 3


def test_a_fault_on_another_path_is_not_this_ones(case):
    assert len(case("import_fails@/web/api")[0]) == 3


def test_a_rerun_may_fail_too(case, platform):
    case("")
    platform.world.faults.set("child_fails*1")
    evidence_id = platform.evidences(platform.project_id)[0]["id"]
    again = platform.send("POST", "/evidences/process", {"evidence_id": evidence_id}, 201)
    platform.advance(2 * HOUR)
    assert platform.pipeline(again["pipeline_id"])["status"] == "failed"
    evidence = platform.get(f"/evidences/{evidence_id}")["data"]
    assert evidence["processing_ran"] is True
    assert evidence["alarms"]["malicious"] > 0


@pytest.mark.parametrize("level", ["TRIAGE_ONLY", "RESTRICTED"])
def test_license(platform, level):
    """TRIAGE_ONLY still permits XDR imports (Cado contract 1)."""
    platform.world.faults.set(f"license={level}")
    assert platform.get("/license")["data"]["license"]["level"] == level
    body = {
        "account_name": platform.account,
        "investigation_id": 1,
        "device_id": platform.world.agents[0].agent_id,
        "host_options": {},
    }
    answer = platform.call("POST", "/import/xdr", json=body)
    assert answer.status_code == {"TRIAGE_ONLY": 200, "RESTRICTED": 403}[level]


def test_token_expired(case):
    pipelines, _ = case("token_expired")
    assert statuses(pipelines) == [("acquisition", "failed")]
