"""Several processes and threads at one ledger (R1), on every backend."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from cado_sentinelone.engine.ledger import open_ledger
from cado_sentinelone.errors import ConflictError

PROCESSES = 8
ROUNDS = 20


def test_r1_of_eight_processes_exactly_one_creates_and_exactly_one_launches(
    ledger_url, run_at_once, make_draft
):
    """Eight at once make a new ledger, claim the same keys and take the same steps."""
    keys = range(ROUNDS)
    drafts = {number: make_draft(number).model_dump(mode="json") for number in keys}
    # Each process offers a collection of its own for every key.
    calls = [{"claim": drafts[number], "id": f"{number}-NUMBER"} for number in keys]
    answers = run_at_once(PROCESSES, ledger_url, calls)
    for claims in zip(*answers, strict=True):
        holders = {holder for holder, _ in claims}
        assert len(holders) == 1
        assert sum(created for _, created in claims) == 1
        assert [holder for holder, created in claims if created] == list(holders)

    holders = [holder for holder, _ in answers[0]]
    steps = [
        {"step": holder, "to": state} for holder in holders for state in ("requested", "running")
    ]
    for number, taken in enumerate(zip(*run_at_once(PROCESSES, ledger_url, steps), strict=True)):
        if number % 2 == 0:
            assert Counter(taken) == {"requested": 1, "conflict": PROCESSES - 1}
        else:
            # Staying in a state is allowed: all succeed, and one of them wrote it.
            assert Counter(taken) == {"running": PROCESSES}
    ledger = open_ledger(ledger_url)
    assert len(list(ledger.collections())) == ROUNDS
    for holder in holders:
        assert [step.to_state for step in ledger.history(holder)] == [
            "planned",
            "requested",
            "running",
        ]
    ledger.close()


def test_of_steps_that_exclude_each_other_one_is_taken(
    ledger, ledger_url, run_at_once, make_draft, now
):
    calls = []
    for number in range(ROUNDS):
        ledger.claim(make_draft(number))
        ledger.step(f"col-{number}", "requested", at=now)
        end = ("completed", "failed", "cancelled")[number % 3]
        other = ("failed", "cancelled", "completed")[number % 3]
        calls += [{"step": f"col-{number}", "to": state} for state in (end, other)]
    answers = run_at_once(4, ledger_url, calls)
    for number in range(ROUNDS):
        end = ledger.get(f"col-{number}").state
        told = {answer for answers_of_one in answers for answer in answers_of_one[2 * number :][:2]}
        assert told == {end, "conflict"}
        assert [step.to_state for step in ledger.history(f"col-{number}")] == [
            "planned",
            "requested",
            end,
        ]


def test_of_eight_processes_one_gets_the_lease(ledger, ledger_url, run_at_once, make_draft):
    ledger.claim(make_draft())
    answers = run_at_once(PROCESSES, ledger_url, [{"lease": "col-1", "owner": "NUMBER"}])
    assert Counter(taken for [taken] in answers) == {True: 1, False: PROCESSES - 1}


def at_once(threads, call):
    """What `call(number)` gives in each of several threads that begin at one moment."""
    barrier = Barrier(threads)

    def run(number):
        barrier.wait()
        return call(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def test_r1_threads_share_one_ledger(ledger, make_draft, now):
    for key in range(ROUNDS):

        def claim(number, key=key):
            draft = make_draft(collection_id=f"{key}-{number}", dedupe_key=f"key-{key}")
            return ledger.claim(draft)

        def launch(_, key=key):
            try:
                return ledger.step(claim(99)[0].collection_id, "requested", at=now).state
            except ConflictError:
                return "conflict"

        claims = at_once(8, claim)
        assert len({holder.collection_id for holder, _ in claims}) == 1
        assert sum(created for _, created in claims) == 1
        assert Counter(at_once(8, launch)) == {"requested": 1, "conflict": 7}


def test_threads_with_ledgers_of_their_own(ledger_url, make_draft, now):
    """Opening and closing one must not loosen the locks of another in the same process."""

    def work(number):
        created = 0
        for key in range(ROUNDS):
            ledger = open_ledger(ledger_url)
            draft = make_draft(collection_id=f"{key}-{number}", dedupe_key=f"key-{key}")
            holder, mine = ledger.claim(draft)
            ledger.step(holder.collection_id, "planned", at=now, note=f"seen by {number}")
            created += mine
            ledger.close()
        return created

    assert sum(at_once(4, work)) == ROUNDS
    ledger = open_ledger(ledger_url)
    for collection in ledger.collections():
        assert len(ledger.history(collection.collection_id)) == 5
    ledger.close()


def test_a_reader_in_the_middle_of_a_listing_stops_no_writer(ledger, ledger_url, make_draft, now):
    for number in range(300):
        ledger.claim(make_draft(number))
    listing = ledger.collections()
    next(listing)
    other = open_ledger(ledger_url)
    other.claim(make_draft(1000, created_at=now - timedelta(days=1)))
    other.close()
    assert len(list(listing)) == 300
