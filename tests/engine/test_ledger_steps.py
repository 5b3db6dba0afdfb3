"""Steps, their history and leases, on every backend."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cado_sentinelone.engine.ledger import Step
from cado_sentinelone.errors import ConflictError, InternalError, NotFoundError


@pytest.fixture
def claimed(ledger, make_draft):
    collection, _ = ledger.claim(make_draft(run_id="run-0"))
    return collection


def test_a_step_changes_the_row_and_notes_itself(ledger, claimed, now):
    later = now + timedelta(seconds=5)
    stepped = ledger.step(
        "col-1",
        "requested",
        at=later,
        run_id="run-1",
        note="intent",
        device_id="d-1",
        pipeline_watermark=65,
    )
    assert stepped == claimed.model_copy(
        update={
            "state": "requested",
            "device_id": "d-1",
            "pipeline_watermark": 65,
            "requested_at": later,
            "updated_at": later,
        }
    )
    assert ledger.get("col-1") == stepped
    assert ledger.history("col-1") == [
        Step(
            at=now,
            collection_id="col-1",
            from_state="",
            to_state="planned",
            run_id="run-0",
            note="",
        ),
        Step(
            at=later,
            collection_id="col-1",
            from_state="planned",
            to_state="requested",
            run_id="run-1",
            note="intent",
        ),
    ]


def test_every_kind_of_column_can_change(ledger, claimed, now):
    ledger.step("col-1", "requested", at=now)
    changes = {
        "evidence_ids": (31, 32),
        "parent_task_id": "1913920934584665209",
        "options": {"groups": ["é"]},
        "deadline_at": now + timedelta(hours=24),
        "error": "Ümläut \U0001f980",
    }
    stepped = ledger.step("col-1", "running", at=now, **changes)
    assert {name: getattr(stepped, name) for name in changes} == changes
    assert ledger.get("col-1") == stepped


def test_staying_with_changes_is_kept_but_noted_only_on_demand(ledger, claimed, now):
    later = now + timedelta(seconds=5)
    stayed = ledger.step("col-1", "planned", at=later, device_id="d-1")
    assert (stayed.device_id, stayed.updated_at) == ("d-1", later)
    assert len(ledger.history("col-1")) == 1
    ledger.step("col-1", "planned", at=later, note="looked at it")
    assert [step.note for step in ledger.history("col-1")] == ["", "looked at it"]


def test_staying_without_news_writes_nothing(ledger, claimed, now):
    assert ledger.step("col-1", "planned", at=now + timedelta(days=1)) == claimed
    assert ledger.get("col-1") == claimed


def test_a_step_that_is_not_allowed_changes_nothing(ledger, claimed, now):
    with pytest.raises(ConflictError, match="planned cannot become completed"):
        ledger.step("col-1", "completed", at=now, note="n", evidence_ids=(1,))
    assert ledger.get("col-1") == claimed
    assert len(ledger.history("col-1")) == 1


def test_r1_the_launch_is_taken_once(ledger, claimed, now):
    ledger.step("col-1", "requested", at=now)
    with pytest.raises(ConflictError, match="launched already"):
        ledger.step("col-1", "requested", at=now, pipeline_watermark=3)
    assert ledger.step("col-1", "requested", at=now, pipeline_id=66).pipeline_id == 66


def test_r1_a_step_may_insist_on_the_state_that_was_seen(ledger, claimed, now):
    ledger.step("col-1", "requested", at=now)
    with pytest.raises(ConflictError, match="is requested by now, not planned"):
        ledger.step("col-1", "cancelled", at=now, from_state="planned")
    assert ledger.step("col-1", "cancelled", at=now, from_state="requested").state == "cancelled"


def test_an_end_is_final(ledger, claimed, now):
    later = now + timedelta(seconds=5)
    ended = ledger.step("col-1", "cancelled", at=later)
    assert ended.finished_at == later
    with pytest.raises(ConflictError):
        ledger.step("col-1", "requested", at=later)
    again = ledger.step("col-1", "cancelled", at=later + timedelta(days=1), error="by hand")
    assert (again.finished_at, again.error) == (later, "by hand")


def test_a_mistake_of_ours_changes_nothing(ledger, claimed, now):
    for changes in ({"agent_id": "other"}, {"no_such_column": 1}, {"pipeline_id": "x"}):
        with pytest.raises(InternalError):
            ledger.step("col-1", "requested", at=now, **changes)
    with pytest.raises(InternalError, match="zone"):
        ledger.step("col-1", "requested", at=datetime(2026, 1, 2))  # noqa: DTZ001
    assert ledger.get("col-1") == claimed
    assert len(ledger.history("col-1")) == 1


def test_r2_a_pipeline_has_one_owner_in_an_account_and_investigation(ledger, make_draft, now):
    for number, account in ((1, "a"), (2, "a"), (3, "b")):
        ledger.claim(make_draft(number, account_id=account))
        ledger.step(f"col-{number}", "requested", at=now)
    ledger.step("col-1", "requested", at=now, pipeline_id=66)
    with pytest.raises(ConflictError, match="pipeline 66"):
        ledger.step("col-2", "running", at=now, pipeline_id=66)
    assert (ledger.get("col-2").state, ledger.get("col-2").pipeline_id) == ("requested", None)
    # Two tenants may share a ledger, and the numbers of their platforms are small.
    assert ledger.step("col-3", "running", at=now, pipeline_id=66).pipeline_id == 66


def test_what_is_not_there_is_not_found(ledger, now):
    for call in (
        lambda: ledger.get("col-9"),
        lambda: ledger.step("col-9", "requested", at=now),
        lambda: ledger.history("col-9"),
        lambda: ledger.lease("col-9", "me", until=now, now=now),
    ):
        with pytest.raises(NotFoundError, match="col-9"):
            call()
    ledger.release("col-9", "me")


def test_history_keeps_the_order_of_the_steps_whatever_the_clocks_say(ledger, claimed, now):
    for minutes, state in ((30, "requested"), (10, "running"), (20, "processing")):
        ledger.step("col-1", state, at=now + timedelta(minutes=minutes))
    assert [step.to_state for step in ledger.history("col-1")] == [
        "planned",
        "requested",
        "running",
        "processing",
    ]


def test_a_lease_is_one_owners_until_it_runs_out_or_is_released(ledger, claimed, now):
    soon, late = now + timedelta(minutes=1), now + timedelta(minutes=2)
    assert ledger.lease("col-1", "a", until=soon, now=now)
    assert not ledger.lease("col-1", "b", until=late, now=now)
    assert ledger.lease("col-1", "a", until=late, now=soon)
    assert not ledger.lease("col-1", "b", until=late, now=soon)
    assert ledger.lease("col-1", "b", until=late + timedelta(minutes=1), now=late)
    ledger.release("col-1", "a")
    assert not ledger.lease("col-1", "a", until=late, now=late)
    ledger.release("col-1", "b")
    assert ledger.lease("col-1", "a", until=late, now=late)


def test_a_lease_shows_in_no_collection(ledger, claimed, now):
    ledger.lease("col-1", "a", until=datetime.max.replace(tzinfo=UTC), now=now)
    assert ledger.get("col-1") == claimed
