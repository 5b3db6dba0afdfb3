"""Who holds a dedupe key (R1), on every backend."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cado_sentinelone.engine.ledger import open_ledger
from cado_sentinelone.engine.states import ALLOWED, ENDS, FREES_KEY
from cado_sentinelone.errors import ConflictError, NotFoundError

# One ledger serves all examples of a property, so each has names of its own.
EXAMPLES = count()
PATHS = {
    "planned": [],
    "requested": ["requested"],
    "waiting_approval": ["requested", "waiting_approval"],
    "waiting_endpoint": ["waiting_endpoint"],
    "running": ["requested", "running"],
    "uploading": ["requested", "uploading"],
    "processing": ["requested", "processing"],
    "unknown": ["requested", "unknown"],
    "completed": ["requested", "completed"],
    "completed_with_errors": ["requested", "completed_with_errors"],
    "failed": ["failed"],
    "expired": ["expired"],
    "cancelled": ["cancelled"],
    "refused": ["refused"],
}


def test_a_draft_with_a_fresh_key_is_the_collection(ledger, make_draft):
    draft = make_draft(
        hostname="lap-0042",
        options={"groups": ["processes"], "light_mode": False},
        reason="déjà vu: 'quotes', \"more\"; DROP TABLE collections;-- \U0001f980",
        account_id="1286405255240245908",
    )
    assert ledger.claim(draft) == (draft, True)
    assert ledger.get(draft.collection_id) == draft


def test_a_second_draft_with_the_key_gets_the_first(ledger, make_draft):
    first, second = make_draft(1), make_draft(2, dedupe_key="key-1")
    ledger.claim(first)
    assert ledger.claim(second) == (first, False)
    with pytest.raises(NotFoundError, match="col-2"):
        ledger.get("col-2")


def test_the_holder_comes_back_as_it_is_now(ledger, make_draft, now):
    ledger.claim(make_draft(1))
    launched = ledger.step("col-1", "requested", at=now)
    assert ledger.claim(make_draft(2, dedupe_key="key-1")) == (launched, False)


def test_a_claim_that_is_made_again_is_still_ours(ledger, make_draft):
    """A process that cannot know whether its claim arrived may repeat it."""
    draft = make_draft()
    ledger.claim(draft)
    assert ledger.claim(draft) == (draft, True)
    assert ledger.claim(draft, allow_repeat=True) == (draft, True)
    assert len(ledger.history("col-1")) == 1


@pytest.mark.parametrize("state", PATHS)
def test_a_key_is_held_until_an_end_that_frees_it(ledger, make_draft, now, state):
    ledger.claim(make_draft(1))
    for step in PATHS[state]:
        ledger.step("col-1", step, at=now)
    holder, created = ledger.claim(make_draft(2, dedupe_key="key-1"))
    assert created == (state in FREES_KEY)
    assert holder.collection_id == ("col-2" if created else "col-1")


def test_allow_repeat_takes_the_key_over_for_good(ledger, make_draft, now):
    ledger.claim(make_draft(1))
    second = make_draft(2, dedupe_key="key-1")
    assert ledger.claim(second, allow_repeat=True) == (second, True)
    assert ledger.claim(make_draft(3, dedupe_key="key-1")) == (second, False)
    ledger.step("col-1", "failed", at=now)
    assert ledger.claim(make_draft(3, dedupe_key="key-1")) == (second, False)
    ledger.step("col-2", "failed", at=now)
    third = make_draft(3, dedupe_key="key-1")
    assert ledger.claim(third) == (third, True)


def test_an_older_collection_does_not_get_its_key_back(ledger, make_draft, now):
    ledger.claim(make_draft(1))
    ledger.claim(make_draft(2, dedupe_key="key-1"), allow_repeat=True)
    ledger.step("col-2", "cancelled", at=now)
    assert ledger.claim(make_draft(3, dedupe_key="key-1"))[1]


def test_a_collection_id_is_used_once(ledger, make_draft):
    ledger.claim(make_draft(1))
    with pytest.raises(ConflictError, match="col-1"):
        ledger.claim(make_draft(1, dedupe_key="another"))
    assert ledger.get("col-1").dedupe_key == "key-1"
    assert ledger.claim(make_draft(2, dedupe_key="another"))[1]


def test_a_life_begins_as_planned(ledger, make_draft):
    with pytest.raises(ConflictError, match="begins as planned"):
        ledger.claim(make_draft(state="requested"))
    assert list(ledger.collections()) == []


def test_what_was_claimed_outlives_the_ledger(ledger_url, make_draft):
    draft = make_draft()
    first = open_ledger(ledger_url)
    first.claim(draft)
    first.close()
    again = open_ledger(ledger_url)
    assert again.get("col-1") == draft
    again.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_history_agrees_with_the_rule_written_down_plainly(ledger, make_draft, now, data):
    """R1: whatever is claimed and stepped in whatever order, a key's holder is as promised."""
    stem = next(EXAMPLES)
    holder, states = {}, {}
    for number in range(data.draw(st.integers(1, 12))):
        collection_id = f"{stem}-{number}"
        key = f"{stem}-{data.draw(st.sampled_from('ab'))}"
        repeat = data.draw(st.booleans())
        draft = make_draft(collection_id=collection_id, dedupe_key=key)
        found, created = ledger.claim(draft, allow_repeat=repeat)
        assert created == (repeat or key not in holder)
        if created:
            holder[key], states[collection_id] = collection_id, "planned"
        assert found.collection_id == holder[key]
        moving = list(states)[data.draw(st.integers(0, len(states) - 1))]
        wish = data.draw(st.sampled_from(sorted(ALLOWED[states[moving]] | {states[moving]})))
        try:
            states[moving] = ledger.step(moving, wish, at=now).state
        except ConflictError:
            assert ledger.get(moving).state == states[moving]
        if states[moving] in FREES_KEY:
            holder = {key: held for key, held in holder.items() if held != moving}
        assert (ledger.get(moving).finished_at is not None) == (states[moving] in ENDS)


def test_what_is_written_together_is_written_whole_or_not_at_all(ledger, make_draft, now):
    with pytest.raises(RuntimeError), ledger.together():
        ledger.claim(make_draft(1))
        ledger.step("col-1", "requested", at=now)
        raise RuntimeError
    assert list(ledger.collections()) == []

    with ledger.together():
        ledger.claim(make_draft(1))
        ledger.claim(make_draft(2))
    assert len(list(ledger.collections())) == 2
