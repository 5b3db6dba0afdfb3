"""The verdict: computed from alarms, pending until processing ended well, of the right endpoint."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from cado_sentinelone.clients.cado_evidence_records import Evidence
from cado_sentinelone.clients.cado_records import Investigation, Pipeline, TaskCounts
from cado_sentinelone.engine.findings import (
    Processing,
    findings_of_collection,
    findings_of_evidence,
    findings_of_investigation,
    processing,
    verdict,
)
from cado_sentinelone.models.collection import Collection
from cado_sentinelone_actions.findings import GetFindingsParams, get_findings

DONE = Processing(ended=True, flaws=())
FLAWED = Processing(ended=True, flaws=("processing 66 of evidence 31 failed",))
RUNNING = Processing(ended=False, flaws=())
CASE = Investigation(investigation_id=12, name="case")


def evidence(number=31, *, malicious=0, suspicious=0, hostname="lap-1", project=12, ran=True):
    return {
        "id": number,
        "project_id": project,
        "display_name": hostname,
        "alarms": {"malicious": malicious, "suspicious": suspicious},
        "details": {"hostname": hostname},
        "processing_ran": ran,
    }


def pipeline(number=66, *, status="complete", kind="processing", of=31, failure=0):
    return {
        "pipeline": {"id": number, "type": kind},
        "status": status,
        "evidence": {"id": of, "name": "x"} if of else None,
        "project": {"id": 12, "name": "case"},
        "summary": {"total": 3, "failure": failure},
    }


def kind(description="beacon", severity=1, total=3, attack=("T1059.001",)):
    return {
        "description": description,
        "severity": severity,
        "content_alarm_count": 1,
        "event_alarm_count": total - 1,
        "total_count": total,
        "attack": list(attack),
    }


def ioc(indicator, of=31):
    return {"indicator": indicator, "type": "matched", "description": "", "evidence_id": of}


def found_in(api, *kinds, iocs=(), pipelines=None):
    """What the three listings about one evidence answer."""
    api.listing("/pipelines", [pipeline()] if pipelines is None else pipelines)
    api.answer("GET", "/alarms/summary", {"total": len(kinds), "breakdown": list(kinds)})
    api.answer("GET", "/indicators", {"detected_iocs": list(iocs), "indicators": []})


def collection(**fields):
    now = datetime(2026, 6, 30, tzinfo=UTC)
    return Collection.model_validate(
        {
            "collection_id": "c-1",
            "dedupe_key": "k",
            "state": "completed",
            "route": "cado",
            "agent_id": "9",
            "hostname": "lap-1",
            "investigation_id": 12,
            "evidence_ids": (31,),
            "created_at": now,
            "updated_at": now,
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("malicious", "suspicious", "state", "word"),
    [
        (1, 0, DONE, "malicious"),
        (1, 5, DONE, "malicious"),
        (0, 1, DONE, "suspicious"),
        (0, 0, DONE, "no_findings"),
        (0, 0, RUNNING, "pending"),
        (3, 0, RUNNING, "pending"),
        (0, 0, FLAWED, "pending"),
        (0, 2, FLAWED, "suspicious"),
        (1, 0, FLAWED, "malicious"),
    ],
)
def test_the_verdict_is_computed_from_counts_and_processing(malicious, suspicious, state, word):
    assert verdict(malicious, suspicious, state) == word


def state_of(*pipelines, ran=True):
    records = [Pipeline.model_validate(one) for one in pipelines]
    return processing([Evidence.model_validate(evidence(ran=ran))], records)


def test_processing_has_ended_when_every_pipeline_of_the_evidence_has():
    assert state_of(pipeline(66), pipeline(67, kind="analysis")).ended
    assert not state_of(pipeline(66), pipeline(67, kind="analysis", status="queued")).ended


def test_a_status_that_nobody_knows_has_not_ended():
    assert not state_of(pipeline(66, status="pondering")).ended


def test_an_acquisition_alone_has_processed_nothing():
    assert not state_of(pipeline(65, kind="acquisition"), ran=False).ended
    assert not state_of(ran=False).ended
    assert not state_of(ran=None).ended
    assert state_of(ran=True).ended


def test_without_evidence_nothing_has_ended():
    assert not processing([], []).ended


def test_a_good_rerun_makes_up_for_a_bad_run_and_not_the_other_way():
    bad, good = {"status": "failed", "failure": 1}, {}
    assert state_of(pipeline(66, **bad), pipeline(70, **good)).flaws == ()
    assert len(state_of(pipeline(70, **bad), pipeline(66, **good)).flaws) == 1


def test_complete_with_failed_tasks_and_cancelled_are_flaws():
    assert state_of(pipeline(66, failure=2)).flaws == (
        "processing 66 of evidence 31 ended with 2 failed tasks",
    )
    assert state_of(pipeline(66, status="cancelled")).flaws == (
        "processing 66 of evidence 31 was cancelled",
    )


def test_deleting_and_archiving_say_nothing_about_the_content():
    assert state_of(pipeline(66), pipeline(90, kind="archiving", status="in_progress")).ended
    assert state_of(pipeline(66), pipeline(90, kind="deletion", status="failed")).flaws == ()


def test_the_findings_of_an_evidence(api, cado, run):
    api.answer("GET", "/evidences/31", evidence(malicious=3, suspicious=11))
    found_in(
        api,
        kind("odd login", 3, 11, ["T1078"]),
        kind("beacon", 1, 3),
        kind("seen", 10, 2, []),
        iocs=[ioc("domain.com"), ioc("domain.com")],
    )
    found = findings_of_evidence(cado, 31, run)
    assert found.verdict == "malicious"
    assert (found.malicious, found.suspicious, found.informational) == (3, 11, 2)
    assert [(one.severity, one.description, one.total) for one in found.alarms] == [
        ("malicious", "beacon", 3),
        ("suspicious", "odd login", 11),
        ("informational", "seen", 2),
    ]
    assert (found.alarms[0].in_files, found.alarms[0].in_events) == (1, 2)
    assert found.attack == ("T1059.001", "T1078")
    assert [one.indicator for one in found.indicators] == ["domain.com"]
    assert (found.hostnames, found.investigation_id) == (("lap-1",), 12)
    assert found.link == "https://cado.example.com"
    assert run.warnings == []


def test_the_worse_of_the_two_counts_stands(api, cado, run):
    """The evidence's own count may lag behind its alarms."""
    api.answer("GET", "/evidences/31", evidence(malicious=0))
    found_in(api, kind("beacon", 1, 3))
    assert findings_of_evidence(cado, 31, run).verdict == "malicious"


def test_numbers_so_far_are_shown_while_it_is_pending(api, cado, run):
    api.answer("GET", "/evidences/31", evidence(malicious=3))
    found_in(api, kind(), pipelines=[pipeline(status="in_progress")])
    found = findings_of_evidence(cado, 31, run)
    assert (found.verdict, found.malicious) == ("pending", 3)
    assert "has not ended" in run.warnings[0]


def test_failed_processing_is_said_and_is_never_no_findings(api, cado, run):
    """R2"""
    api.answer("GET", "/evidences/31", evidence())
    found_in(api, pipelines=[pipeline(status="failed", failure=1)])
    assert findings_of_evidence(cado, 31, run).verdict == "pending"
    assert "processing 66 of evidence 31 failed" in run.warnings[0]


def test_pipelines_and_indicators_of_other_evidence_do_not_count(api, cado, run):
    """S13: also when the platform does not apply the filter."""
    api.answer("GET", "/evidences/31", evidence())
    found_in(
        api,
        iocs=[ioc("mine.com"), ioc("theirs.com", of=32)],
        pipelines=[pipeline(66), pipeline(80, status="in_progress", of=32)],
    )
    found = findings_of_evidence(cado, 31, run)
    assert found.verdict == "no_findings"
    assert [one.indicator for one in found.indicators] == ["mine.com"]


def test_an_evidence_that_does_not_tell_its_investigation(api, cado, run):
    api.answer("GET", "/evidences/31", evidence(project=None, malicious=1))
    found_in(api, kind())
    found = findings_of_evidence(cado, 31, run)
    assert (found.investigation_id, found.verdict) == (12, "malicious")


def test_an_evidence_whose_investigation_nobody_tells_has_counts_only(api, cado, run):
    api.answer("GET", "/evidences/31", evidence(project=None, malicious=1))
    api.listing("/pipelines", [])
    found = findings_of_evidence(cado, 31, run)
    assert (found.verdict, found.alarms) == ("malicious", ())
    assert "counts only" in run.warnings[0]


def test_the_same_alarm_in_two_pieces_of_evidence_is_one_row(api, cado, run):
    for number in (31, 32):
        api.answer("GET", f"/evidences/{number}", evidence(number, malicious=3))
        found_in(api, kind(), pipelines=[pipeline(60 + number, of=number)])
    found = findings_of_collection(cado, collection(evidence_ids=(31, 32)), run)
    assert [(one.description, one.total) for one in found.alarms] == [("beacon", 6)]
    assert (found.malicious, found.collection_id) == (6, "c-1")


def test_evidence_of_another_endpoint_never_counts_for_a_collection(api, cado, run):
    """S13"""
    api.answer("GET", "/evidences/31", evidence(malicious=3, hostname="other"))
    found = findings_of_collection(cado, collection(), run)
    assert (found.verdict, found.malicious, found.evidence_ids) == ("pending", 0, ())
    assert "evidence 31 is of 'other'" in run.warnings[0]


def test_evidence_of_another_investigation_never_counts_for_a_collection(api, cado, run):
    api.answer("GET", "/evidences/31", evidence(malicious=3, project=13))
    assert findings_of_collection(cado, collection(), run).verdict == "pending"
    assert "of investigation 13" in run.warnings[0]


def test_evidence_that_was_deleted_is_said_to_be_gone(api, cado, run):
    api.refuse("GET", "/evidences/31", 404, {"msg": "no"})
    assert findings_of_collection(cado, collection(), run).verdict == "pending"
    assert "not there any more" in run.warnings[0]


def test_a_collection_without_evidence_is_pending_and_says_why(cado, run):
    lost = collection(state="failed", evidence_ids=(), error="the endpoint went away")
    assert findings_of_collection(cado, lost, run).verdict == "pending"
    assert run.warnings == ["the collection is failed and has no evidence: the endpoint went away"]


def case(api, evidences, pipelines, *kinds, iocs=()):
    api.listing("/evidences", evidences)
    api.listing("/pipelines", pipelines)
    api.answer("GET", "/alarms/summary", {"total": len(kinds), "breakdown": list(kinds)})
    api.answer("GET", "/indicators", {"detected_iocs": list(iocs), "indicators": []})


def test_the_findings_of_an_investigation_are_all_of_its_evidence(api, cado, run):
    case(
        api,
        [evidence(31, malicious=1), evidence(32, suspicious=2, hostname="lap-2")],
        [pipeline(66), pipeline(67, of=32)],
        kind("beacon", 1, 1),
        iocs=[ioc("a.com"), ioc("b.com", of=32)],
    )
    found = findings_of_investigation(cado, CASE, run)
    assert (found.verdict, found.malicious, found.suspicious) == ("malicious", 1, 2)
    assert (found.hostnames, found.evidence_ids) == (("lap-1", "lap-2"), (31, 32))
    assert [one.indicator for one in found.indicators] == ["a.com", "b.com"]
    assert found.investigation_name == "case"


def test_an_investigation_is_pending_while_anything_of_it_runs(api, cado, run):
    case(
        api,
        [evidence()],
        [pipeline(66), pipeline(70, kind="acquisition", of=None, status="queued")],
    )
    assert findings_of_investigation(cado, CASE, run).verdict == "pending"


def test_a_collection_that_brought_nothing_is_said_and_does_not_block(api, cado, run):
    case(
        api,
        [evidence()],
        [pipeline(66), pipeline(70, kind="acquisition", of=None, status="failed")],
    )
    assert findings_of_investigation(cado, CASE, run).verdict == "no_findings"
    assert run.warnings == ["these pipelines ended badly and brought no evidence: 70"]


def test_an_investigation_without_evidence_is_pending(api, cado, run):
    case(api, [], [])
    assert findings_of_investigation(cado, CASE, run).verdict == "pending"
    assert run.warnings == ["investigation 12 has no evidence"]


@pytest.mark.parametrize(
    "params", [{}, {"collection_id": "c", "evidence_id": 1}, {"evidence_id": 0}]
)
def test_get_findings_takes_exactly_one_subject(params):
    with pytest.raises(ValidationError):
        GetFindingsParams(**params)


def test_get_findings_of_an_investigation_by_name(api, asset, run):
    api.listing("/projects", [{"id": 12, "details": {"name": "case"}}])
    case(api, [evidence(malicious=1)], [pipeline()])
    found = get_findings(asset, GetFindingsParams(investigation="case"), run)
    assert found.verdict == "malicious"
    assert run.message == "malicious: 1 malicious and 0 suspicious alarms"
    assert run.summary == {"verdict": "malicious", "malicious": 1, "suspicious": 0}


def test_get_findings_of_a_collection_asks_the_ledger_and_looks_again(api, asset, run, tmp_path):
    """A stale ledger does not make it pending: the pipelines are looked at first."""
    asset = asset.model_copy(
        update={"ledger_url": type(asset.ledger_url)(f"sqlite:///{tmp_path}/ledger.db")}
    )
    ledger = run.ledger(asset)
    ledger.claim(collection(state="planned", evidence_ids=()))
    now = datetime(2026, 6, 30, tzinfo=UTC)
    ledger.step("c-1", "requested", at=now)
    ledger.step("c-1", "requested", at=now, pipeline_id=65)
    root = pipeline(65, kind="acquisition", of=None)
    child = pipeline(66) | {"triggering_pipeline_id": 65}
    api.listing("/pipelines", [child, root])
    api.answer("GET", "/evidences/31", evidence(malicious=3))
    api.answer("GET", "/alarms/summary", {"total": 0, "breakdown": []})
    api.answer("GET", "/indicators", {"detected_iocs": [], "indicators": []})
    found = get_findings(asset, GetFindingsParams(collection_id="c-1"), run)
    run.close()
    assert (found.verdict, found.evidence_ids, found.collection_id) == ("malicious", (31,), "c-1")


def test_task_counts_default_to_zero():
    assert TaskCounts().failure == 0
