"""What the pipelines of a collection amount to: R2, truthful states."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cado_sentinelone.clients.cado_evidence_records import Evidence
from cado_sentinelone.clients.cado_records import Pipeline
from cado_sentinelone.engine.family import assess, families, family, only_of, progress_percent
from cado_sentinelone.engine.family_row import Slim
from cado_sentinelone.engine.identity import belongs, same_host
from cado_sentinelone.models.collection import Collection

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def pipeline(
    number, status="complete", kind="acquisition", parent=None, evidence=None, failure=0, said=()
):
    return Pipeline.model_validate(
        {
            "pipeline": {"id": number, "type": kind},
            "status": status,
            "triggering_pipeline_id": parent,
            "evidence": {"id": evidence, "name": "x"} if evidence else None,
            "summary": {"total": 4, "success": 4 - failure, "failure": failure},
            "subtasks": [{"name": "A task", "state": "FAILURE", "progress_text": list(said)}]
            if failure
            else [],
        }
    )


def evidence(number, hostname="lap-1", **fields):
    return Evidence.model_validate(
        {"id": number, "display_name": "", "details": {"hostname": hostname}} | fields
    )


def collection(**fields):
    return Collection(
        collection_id="col-1",
        dedupe_key="k",
        state="running",
        route="cado",
        agent_id="1734891122334455667",
        hostname="lap-1",
        investigation_id=12,
        created_at=NOW,
        updated_at=NOW,
        **fields,
    )


def state(members, evidences=()):
    return assess(collection(), members, {one.evidence_id: one for one in evidences})


@pytest.mark.parametrize(
    ("status", "expected"),
    [("queued", "requested"), ("in_progress", "running"), ("failed", "failed")],
)
def test_the_first_pipeline_decides_until_it_ends(status, expected):
    assert state([pipeline(65, status)]).state == expected


def test_an_ended_first_pipeline_alone_proves_nothing():
    """R2: stopping at the first pipeline would report done before anything was processed."""
    assert state([pipeline(65)]).state == "uploading"


def test_processing_goes_on_while_any_child_runs():
    members = [pipeline(65), pipeline(66, "in_progress", "processing", 65, 31)]
    assert state(members).state == "processing"


def test_completed_needs_evidence_of_this_endpoint():
    members = [pipeline(65), pipeline(66, "complete", "processing", 65, 31)]
    look = state(members, [evidence(31)])
    assert (look.state, look.evidence_ids, look.error) == ("completed", (31,), "")


def test_evidence_of_another_host_is_never_completed():
    members = [pipeline(65), pipeline(66, "complete", "processing", 65, 31)]
    look = state(members, [evidence(31, "other-host")])
    assert look.state == "failed"
    assert "other-host" in look.error and "lap-1" in look.error
    assert look.evidence_ids == ()


def test_evidence_that_does_not_tell_its_host_is_completed_with_errors():
    members = [pipeline(65), pipeline(66, "complete", "processing", 65, 31)]
    look = state(members, [evidence(31, "", display_name="upload 7")])
    assert look.state == "completed_with_errors"
    assert "does not tell its host" in look.error


def test_a_complete_pipeline_with_failed_tasks_says_so():
    members = [
        pipeline(65),
        pipeline(66, "complete", "processing", 65, 31, failure=1, said=["yara ran out of memory"]),
    ]
    look = state(members, [evidence(31)])
    assert look.state == "completed_with_errors"
    assert "yara ran out of memory" in look.error


def test_a_failed_child_with_evidence_is_completed_with_errors():
    members = [pipeline(65), pipeline(66, "failed", "processing", 65, 31, failure=2)]
    assert state(members, [evidence(31)]).state == "completed_with_errors"


def test_a_cancelled_pipeline_is_cancelled():
    assert state([pipeline(65, "cancelled")]).state == "cancelled"
    members = [pipeline(65), pipeline(66, "cancelled", "processing", 65, 31)]
    assert state(members).state == "cancelled"


def test_a_good_rerun_makes_up_for_a_bad_run():
    members = [
        pipeline(65),
        pipeline(66, "failed", "processing", 65, 31, failure=1),
        pipeline(70, "complete", "processing", None, 31),
    ]
    assert state(members, [evidence(31)]).state == "completed"


def test_a_family_is_children_of_children_and_reruns_on_its_evidence():
    rows = [
        pipeline(65),
        pipeline(66, "complete", "processing", 65, 31),
        pipeline(67, "complete", "analysis", 66),
        pipeline(68, "complete", "processing", None, 31),
        pipeline(69),
        pipeline(70, "complete", "processing", 69, 32),
    ]
    assert [row.pipeline_id for row in family(65, reversed(rows))] == [65, 66, 67, 68]
    grouped = families(rows)
    assert {root: [r.pipeline_id for r in rs] for root, rs in grouped.items()} == {
        65: [65, 66, 67, 68],
        69: [69, 70],
    }


def test_progress_is_never_a_hundred_before_the_end():
    assert progress_percent([pipeline(65)]) == 99
    assert progress_percent([]) == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("LAP-1", "lap-1", True),
        ("lap-1.corp.example", "lap-1", True),
        ("lap-1.corp.example", "LAP-1.corp.example.", True),
        ("lap-1.corp.example", "lap-1.lab.example", False),
        ("lap-1", "lap-10", False),
        ("", "", False),
    ],
)
def test_same_host(one, other, same):
    assert same_host(one, other) is same


def test_a_hostname_outweighs_a_resource_id():
    other = evidence(1, "other", resource={"id": "1734891122334455667"})
    assert belongs(other, hostname="lap-1", ids=("1734891122334455667",)) is False
    nameless = evidence(1, "", resource={"id": "1734891122334455667"})
    assert belongs(nameless, hostname="lap-1", ids=("1734891122334455667", "")) is True


@st.composite
def listings(draw):
    """Families of pipelines, newest first; children name their parent, reruns only their evidence."""
    rows, evidence_of = [], {}
    for number in range(1, draw(st.integers(1, 30))):
        kind = draw(st.sampled_from(["root", "child", "child", "rerun"])) if rows else "root"
        above = draw(st.sampled_from(rows)) if rows else None
        parent = above.pipeline_id if kind == "child" else None
        evidence = None
        if kind == "child":
            evidence = evidence_of.setdefault(above.pipeline_id, 1000 + above.pipeline_id)
            evidence_of[number] = evidence
        elif kind == "rerun":
            evidence = evidence_of.get(above.pipeline_id)
        word = "acquisition" if kind == "root" else "processing"
        rows.append(pipeline(number, kind=word, parent=parent, evidence=evidence))
    return rows[::-1]


def among(roots):
    return lambda row: row.pipeline_id in roots


@given(listings(), st.sets(st.integers(1, 30), max_size=5))
def test_of_a_long_listing_only_the_families_asked_for_are_kept_whole(rows, roots):
    whole, kept = families(rows), families(only_of(among(roots), iter(rows)))
    for root in roots & {row.pipeline_id for row in rows if row.type == "acquisition"}:
        assert kept.get(root) == [Slim.of(row) for row in whole[root]]


def test_a_parent_of_the_same_moment_may_come_before_its_children():
    rows = [pipeline(1), pipeline(3, parent=2, evidence=9), pipeline(2, parent=1)]
    assert {row.pipeline_id for row in only_of(among({1}), rows)} == {1, 2, 3}


def test_strangers_are_let_go_whatever_their_number():
    numbers = range(3000, 0, -1)
    rows = [pipeline(number, parent=number - 1 if number % 3 != 1 else None) for number in numbers]
    assert sorted(row.pipeline_id for row in only_of(among({1}), rows)) == [1, 2, 3]


def test_a_slim_row_amounts_to_what_the_whole_one_does():
    rows = [pipeline(1), pipeline(2, parent=1, evidence=9, failure=1, said=["disk full"])]
    whole = state(rows, [evidence(9)])
    assert whole == state([Slim.of(row) for row in rows], [evidence(9)])
    assert whole.state == "completed_with_errors" and "disk full" in whole.error
