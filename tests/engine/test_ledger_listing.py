"""Finding collections again, and the exclusions kept, on every backend."""

from __future__ import annotations

import tracemalloc
from datetime import timedelta

import pytest

from cado_sentinelone.errors import InternalError


def ids(collections):
    return [collection.collection_id for collection in collections]


@pytest.fixture
def five(ledger, make_draft, now):
    """col-1 is the newest; states, hosts and investigations differ."""
    for number in range(5, 0, -1):
        ledger.claim(
            make_draft(
                number,
                created_at=now - timedelta(minutes=number),
                hostname=f"Host-{number % 2}",
                agent_id=f"agent-{number % 3}",
                investigation_id=10 + number % 2,
            )
        )
    ledger.step("col-2", "requested", at=now)
    ledger.step("col-3", "failed", at=now)
    return ledger


def test_newest_first(five):
    assert ids(five.collections()) == ["col-1", "col-2", "col-3", "col-4", "col-5"]


def test_newest_is_told_by_the_time_of_creation_then_by_the_order_of_claims(
    ledger, make_draft, now
):
    for number, minutes in ((1, 0), (2, 5), (3, 0), (4, -5)):
        ledger.claim(make_draft(number, created_at=now + timedelta(minutes=minutes)))
    assert ids(ledger.collections()) == ["col-2", "col-3", "col-1", "col-4"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"states": ("planned",)}, [1, 4, 5]),
        ({"states": ["requested", "failed"]}, [2, 3]),
        ({"states": dict.fromkeys(["failed"])}, [3]),
        ({"states": ("running",)}, []),
        ({"agent_id": "agent-1"}, [1, 4]),
        ({"agent_id": "agent-"}, []),
        ({"hostname": "host-0"}, [2, 4]),
        ({"hostname": "HOST-0"}, [2, 4]),
        ({"hostname": "host-%"}, []),
        ({"investigation_id": 11}, [1, 3, 5]),
        ({"investigation_id": 0}, []),
        ({"limit": 2}, [1, 2]),
        ({"limit": 0}, []),
        ({"limit": 99}, [1, 2, 3, 4, 5]),
        ({"investigation_id": 11, "states": ("planned",), "limit": 1}, [1]),
        ({"investigation_id": 11, "hostname": "host-0"}, []),
    ],
)
def test_filters_narrow_together(five, filters, expected):
    assert ids(five.collections(**filters)) == [f"col-{number}" for number in expected]


def test_since_is_inclusive_to_the_microsecond(five, now):
    at = now - timedelta(minutes=3)
    assert ids(five.collections(since=at)) == ["col-1", "col-2", "col-3"]
    after = at + timedelta(microseconds=1)
    assert ids(five.collections(since=after)) == ["col-1", "col-2"]


@pytest.fixture
def many(ledger, make_draft, now):
    """Several pages, the last one not full; every ten share one time of creation."""
    for number in range(1, 1203):
        created = now + timedelta(seconds=number // 10)
        ledger.claim(make_draft(number, created_at=created))
    return ledger


def test_r7_all_pages_none_missing_or_doubled(many):
    assert ids(many.collections()) == [f"col-{number}" for number in range(1202, 0, -1)]
    assert ids(many.collections(limit=1000)) == [f"col-{number}" for number in range(1202, 202, -1)]


def test_a_listing_stays_whole_while_others_write(many, make_draft, now):
    listing, seen = many.collections(states=("planned",)), []
    for collection in listing:
        seen.append(collection.collection_id)
        if len(seen) == 600:
            many.claim(make_draft(5000, created_at=now + timedelta(days=1)))
            many.step("col-1", "failed", at=now)
    assert seen == [f"col-{number}" for number in range(1202, 1, -1)]


def test_r9_a_listing_is_never_held_whole(many):
    def peak_bytes(limit):
        tracemalloc.start()
        for _ in many.collections(limit=limit):
            pass
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    peak_bytes(1)
    assert peak_bytes(1202) < 1.3 * peak_bytes(600)


def test_find_by_the_vendors_ids(ledger, make_draft, now):
    for number in (1, 2, 3):
        ledger.claim(make_draft(number, created_at=now + timedelta(seconds=number)))
        ledger.step(f"col-{number}", "requested", at=now)
    ledger.step("col-1", "running", at=now, pipeline_id=66, parent_task_id="191")
    ledger.step("col-2", "running", at=now, pipeline_id=67, parent_task_id="191")
    assert ids([ledger.find(pipeline_id=66)]) == ["col-1"]
    assert ids([ledger.find(parent_task_id="191")]) == ["col-2"]
    assert ids([ledger.find(pipeline_id=66, parent_task_id="191")]) == ["col-1"]
    assert ledger.find(pipeline_id=67, parent_task_id="192") is None
    assert ledger.find(pipeline_id=0) is None
    for nothing in ({}, {"parent_task_id": ""}, {"pipeline_id": None}):
        with pytest.raises(InternalError, match="pipeline_id"):
            ledger.find(**nothing)


def test_known_pipelines_are_those_of_the_investigation(ledger, make_draft, now):
    for number, investigation_id in ((1, 12), (2, 12), (3, 13), (4, 12)):
        ledger.claim(make_draft(number, investigation_id=investigation_id))
        ledger.step(f"col-{number}", "requested", at=now)
    for number in (1, 2, 3):
        ledger.step(f"col-{number}", "running", at=now, pipeline_id=60 + number)
    ledger.step("col-2", "failed", at=now)
    assert ledger.known_pipelines(12) == {61, 62}
    assert ledger.known_pipelines(99) == set()


def test_exclusions_are_kept_until_they_are_forgotten(ledger, now):
    for exclusion_id in ("225", "226", "225"):
        ledger.keep_exclusion(
            exclusion_id,
            scope="site",
            scope_id="1758952600032266153",
            os="linux",
            value="/tmp/cado-host-*/cado-host",  # noqa: S108 - a pattern, not a file
            at=now,
        )
    assert ledger.kept_exclusions() == {"225", "226"}
    ledger.forget_exclusion("225")
    ledger.forget_exclusion("999")
    assert ledger.kept_exclusions() == {"226"}
