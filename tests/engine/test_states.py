"""The one table of steps, and what one step does to a collection (R1, R2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cado_sentinelone.engine.states import (
    ALLOWED,
    ENDS,
    FREES_KEY,
    OPEN,
    STATES,
    check_step,
    state_of_pipeline,
    state_of_task,
    take_step,
)
from cado_sentinelone.errors import ConflictError, InternalError
from cado_sentinelone.models.collection import Collection, State

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
STATE = st.sampled_from(sorted(STATES))
AT_THE_VENDOR = OPEN - {"planned"}


def collection(state="planned", **fields):
    return Collection(
        collection_id="col-1",
        dedupe_key="key",
        state=state,
        route="cado",
        agent_id="agent",
        investigation_id=12,
        created_at=NOW,
        updated_at=NOW,
        **fields,
    )


def allowed(from_state, to_state, *, launched=True, names_vendor_id=True):
    try:
        check_step(from_state, to_state, launched=launched, names_vendor_id=names_vendor_id)
    except ConflictError:
        return False
    return True


def test_the_table_knows_every_state_and_no_other():
    assert ALLOWED.keys() == set(get_args(State)) == STATES
    assert all(reach <= STATES for reach in ALLOWED.values())
    assert OPEN | ENDS == STATES
    assert not OPEN & ENDS


def test_ends_are_final_and_every_other_state_leads_to_each_unhappy_end():
    assert {state for state in STATES if not ALLOWED[state]} == ENDS
    for state in OPEN:
        assert ALLOWED[state] >= {"failed", "expired", "cancelled"}


def test_unknown_is_no_end_and_is_reached_from_whatever_was_sent():
    """R2: a lost answer is `unknown`, whenever it is lost, and may turn out to be anything."""
    assert "unknown" in OPEN
    assert {state for state in STATES if "unknown" in ALLOWED[state]} == AT_THE_VENDOR - {"unknown"}
    assert ALLOWED["unknown"] == STATES - {"unknown"}


def test_nothing_completes_before_it_was_launched():
    assert not ALLOWED["planned"] & {"completed", "completed_with_errors", "running", "unknown"}
    assert not allowed("waiting_endpoint", "running", launched=False)
    assert not allowed("waiting_endpoint", "completed", launched=False)
    assert allowed("waiting_endpoint", "requested", launched=False, names_vendor_id=False)
    assert allowed("waiting_endpoint", "running", launched=True)


def test_only_we_before_the_launch_or_a_reviewer_refuse():
    """A run that saw `planned` cannot free the key of what another run launched (R1)."""
    assert {state for state in STATES if "refused" in ALLOWED[state]} == {
        "planned",
        "waiting_approval",
        "waiting_endpoint",
        "unknown",
    }


def test_the_life_of_the_design_is_allowed_step_by_step():
    life = ["planned", "requested", "waiting_approval", "waiting_endpoint"]
    life += ["running", "uploading", "processing", "completed"]
    for before, after in pairwise(life):
        assert allowed(before, after, launched=before != "planned"), (before, after)


@given(st.lists(STATE, max_size=30))
def test_processing_and_uploading_never_go_back_to_the_endpoint(wishes):
    state, was_at_cado = "planned", False
    for wish in wishes:
        if wish in ALLOWED[state]:
            was_at_cado = was_at_cado or wish in ("uploading", "processing")
            # Through `unknown` all is open again: what was known is in doubt.
            was_at_cado = was_at_cado and wish != "unknown"
            state = wish
            assert not (
                was_at_cado and state in ("waiting_approval", "waiting_endpoint", "running")
            )


@given(st.lists(st.tuples(STATE, st.booleans()), max_size=40))
def test_one_life_launches_once_unless_proven_not_to_have_been_sent(wishes):
    """R1: between two proofs that nothing was sent, one launch, whatever is tried."""
    now, launches, ended = collection(), 0, None
    for number, (wish, named) in enumerate(wishes):
        changes = {"pipeline_id": 7} if named else {}
        try:
            after = take_step(now, wish, at=NOW + timedelta(seconds=number), changes=changes)
        except ConflictError:
            continue
        if now.state == "unknown" and wish == "planned":
            launches = 0
        launches += wish == "requested" and not named
        now = after
        assert launches <= 1
        assert now.state == wish
        assert (now.finished_at is not None) == (now.state in ENDS)
        if now.state not in FREES_KEY | {"planned", "waiting_endpoint"}:
            assert now.requested_at is not None
        ended = ended or (now.state if now.state in ENDS else None)
        assert ended in (None, now.state)


@given(STATE, STATE, st.booleans(), st.booleans())
def test_a_step_is_judged_by_the_table_alone(before, after, launched, named):
    ok = allowed(before, after, launched=launched, names_vendor_id=named)
    if ok:
        assert after == before or after in ALLOWED[before]
    elif launched and after != "requested":
        assert after != before
        assert after not in ALLOWED[before]


def test_a_second_launch_is_refused_wherever_it_comes_from():
    """R1."""
    for state in ("requested", "waiting_endpoint", "unknown"):
        launched = collection(state, requested_at=NOW)
        with pytest.raises(ConflictError, match="launched already") as raised:
            take_step(launched, "requested", at=NOW, changes={"device_id": "d"})
        assert "never launched a second time" in raised.value.remedy
        found = take_step(launched, "requested", at=NOW, changes={"pipeline_id": 7})
        assert (found.state, found.requested_at) == ("requested", NOW)


def test_times_are_the_steps_own():
    later = NOW + timedelta(minutes=1)
    launched = take_step(collection(), "requested", at=later, changes={})
    assert (launched.requested_at, launched.updated_at) == (later, later)
    last = NOW + timedelta(minutes=2)
    ended = take_step(launched, "failed", at=last, changes={"error": "why"})
    assert (ended.finished_at, ended.updated_at, ended.error) == (last, last, "why")
    noted = take_step(ended, "failed", at=last + timedelta(days=1), changes={"script_id": ""})
    assert noted is ended
    unsent = take_step(collection("unknown", requested_at=NOW), "planned", at=later, changes={})
    assert unsent.requested_at is None


def test_a_step_without_news_gives_the_same_object():
    running = collection("running", requested_at=NOW, evidence_ids=(1, 2))
    assert take_step(running, "running", at=NOW, changes={"evidence_ids": [1, 2]}) is running


@pytest.mark.parametrize(
    "name", ["collection_id", "dedupe_key", "agent_id", "investigation_id", "requested_at"]
)
def test_no_step_changes_whose_collection_it_is(name):
    with pytest.raises(InternalError, match=name):
        take_step(collection(), "requested", at=NOW, changes={name: "other"})


def test_changes_are_checked_and_their_values_not_repeated():
    for changes in ({"pipeline": 7}, {"pipeline_id": "canary"}):
        with pytest.raises(InternalError, match=next(iter(changes))) as raised:
            take_step(collection(), "requested", at=NOW, changes=changes)
        assert "canary" not in str(raised.value)


def test_words_of_cado():
    """R2: a complete pipeline still has children to follow (Cado contract 6)."""
    words = ["queued", "in_progress", "complete", "failed", "cancelled"]
    assert [state_of_pipeline(word) for word in words] == [
        "requested",
        "running",
        "processing",
        "failed",
        "cancelled",
    ]


def test_words_of_sentinelone():
    """R2: a completed task still has its evidence to show (SentinelOne contract 7.3)."""
    words = ["created", "scheduled", "pending", "pending_user_action", "in_progress"]
    words += ["partially_completed", "completed", "failed", "canceled", "expired"]
    assert [state_of_task(word) for word in words] == [
        "requested",
        "requested",
        "waiting_endpoint",
        "running",  # it is with the endpoint's own user; no guardrail asks for it
        "running",
        "running",
        "uploading",
        "failed",
        "cancelled",
        "expired",
    ]


@given(st.text())
def test_no_vendors_word_alone_completes_and_new_words_are_unknown(word):
    for state_of in (state_of_pipeline, state_of_task):
        assert state_of(word) not in ("completed", "completed_with_errors", "refused")
    assert state_of_pipeline(f"{word}?") == state_of_task(f"{word}?") == "unknown"
