"""The client-side budget (promise R6; SentinelOne contract 1.4)."""

import threading

import pytest

from cado_sentinelone.clients.rates import SENTINELONE_LIMITS, Limit, PrefixRates
from cado_sentinelone.errors import ThrottledError
from cado_sentinelone.models.action import Run

BASE = "/web/api/v2.1"


class Clock:
    def __init__(self):
        self.now = 1000.0

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def run(clock):
    return Run(monotonic=lambda: clock.now, sleep=clock.sleep)


def test_the_burst_is_free_and_then_the_rate_holds(run):
    """R6: /remote-scripts allows 30 at once, then one a second."""
    rates = PrefixRates(run)
    waits = [rates.take(f"{BASE}/remote-scripts/status") for _ in range(33)]
    assert waits == pytest.approx([0] * 30 + [1, 1, 1])


def test_agents_are_spaced_from_the_first_call_on(run):
    """R6: 25 a second, no burst."""
    rates = PrefixRates(run)
    assert [rates.take(f"{BASE}/agents") for _ in range(3)] == pytest.approx([0, 0.04, 0.04])


def test_idle_time_fills_the_bucket_and_no_more(run, clock):
    rates = PrefixRates(run, {"/a": Limit(1, 2)})
    assert [rates.take("/a") for _ in range(3)] == pytest.approx([0, 0, 1])
    clock.now += 1000
    assert [rates.take("/a") for _ in range(3)] == pytest.approx([0, 0, 1])


def test_prefixes_have_budgets_of_their_own(run):
    rates = PrefixRates(run, {"/a": Limit(1, 1), "/b": Limit(1, 1)})
    assert [rates.take(path) for path in ("/a", "/b", "/a")] == pytest.approx([0, 0, 1])


@pytest.mark.parametrize(
    ("path", "again"),
    [
        (f"{BASE}/user", 0.5),
        ("/user", 0.5),
        (f"{BASE}/users/17", 1 / 40),
        (f"{BASE}/users/login/by-api-token", 1),
        (f"{BASE}/system/status/db", 1),
        (f"{BASE}/userspace", 0),
        (f"{BASE}/groups", 0),
    ],
)
def test_the_longest_whole_prefix_counts(run, path, again):
    one_at_a_time = {
        prefix: limit._replace(burst=1) for prefix, limit in SENTINELONE_LIMITS.items()
    }
    rates = PrefixRates(run, one_at_a_time)
    assert rates.take(path) == 0
    assert rates.take(path) == pytest.approx(again)


def test_a_turn_after_the_runs_end_is_refused_at_once_and_not_taken(run, clock):
    rates = PrefixRates(run, {"/a": Limit(0.1, 1)})
    rates.take("/a")
    run.start_deadline(5)
    before = clock.now
    for _ in range(2):
        with pytest.raises(ThrottledError, match="/a") as refused:
            rates.take("/a")
        assert refused.value.retry_after_seconds == pytest.approx(10)
    assert clock.now == before


def test_threads_share_one_budget(clock):
    """R6: every turn is given once, whoever asks."""
    slept = []
    run = Run(monotonic=lambda: clock.now, sleep=slept.append)
    rates = PrefixRates(run, {"/a": Limit(1, 10)})
    threads = [
        threading.Thread(target=lambda: [rates.take("/a") for _ in range(25)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slept) == pytest.approx(list(range(1, 91)))
