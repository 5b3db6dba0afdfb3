"""When a call is made again: retry as a pure function of what happened."""

from itertools import pairwise

import pytest

from cado_sentinelone.clients.retry import (
    LONGEST_PAUSE_SECONDS,
    MOST_TRIES,
    asked_seconds,
    next_try,
)

DATE = "Tue, 24 Nov 2026 10:00:00 GMT"
WRITES = ["POST", "PUT", "PATCH", "DELETE"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_read_is_tried_again(method, status):
    assert next_try(1, method, status, None, "")


@pytest.mark.parametrize("failure", ["not_sent", "lost"])
def test_a_read_without_an_answer_is_tried_again(failure):
    assert next_try(1, "GET", None, None, failure)


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    ("status", "failure"), [(500, ""), (502, ""), (503, ""), (504, ""), (None, "lost")]
)
def test_a_write_that_may_have_been_done_is_never_repeated(method, status, failure):
    """R1."""
    assert next_try(1, method, status, None, failure) is None
    assert next_try(1, method, status, "1", failure) is None


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(("status", "failure"), [(429, ""), (None, "not_sent")])
def test_a_write_that_cannot_have_been_done_is_tried_again(method, status, failure):
    assert next_try(1, method, status, None, failure)


@pytest.mark.parametrize("method", ["GET", *WRITES])
@pytest.mark.parametrize("status", [200, 201, 204, 302, 400, 401, 403, 404, 409, 410, 501])
def test_an_answer_that_will_not_change_is_final(method, status):
    """S17: a 401 above all."""
    assert next_try(1, method, status, "1", "") is None


@pytest.mark.parametrize(("status", "failure"), [(429, ""), (503, ""), (None, "lost")])
def test_pauses_double_up_to_a_cap_and_end(status, failure):
    pauses = [next_try(attempt, "GET", status, None, failure) for attempt in range(1, MOST_TRIES)]
    assert all(later == 2 * sooner for sooner, later in pairwise(pauses))
    assert max(pauses) <= 15
    assert next_try(MOST_TRIES, "GET", status, None, failure) is None
    assert next_try(MOST_TRIES, "GET", status, "1", failure) is None


def test_a_throttled_call_waits_longer_than_a_broken_one():
    assert next_try(1, "GET", 429, None, "") > next_try(1, "GET", 503, None, "")


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("0", 0),
        ("Tue, 24 Nov 2026 10:00:30 GMT", 30),
        ("Tuesday, 24-Nov-26 10:00:30 GMT", 30),
        ("Tue, 24 Nov 2026 09:59:00 GMT", 0),
    ],
)
def test_the_servers_word_comes_first(retry_after, seconds):
    """R6."""
    assert next_try(1, "GET", 429, retry_after, "", DATE) == seconds
    assert next_try(3, "POST", 429, retry_after, "", DATE) == seconds


def test_longer_than_we_can_wait_is_for_the_caller_to_decide():
    assert next_try(1, "GET", 429, str(int(LONGEST_PAUSE_SECONDS)), "") == LONGEST_PAUSE_SECONDS
    assert next_try(1, "GET", 429, str(int(LONGEST_PAUSE_SECONDS) + 1), "") is None
    assert next_try(1, "GET", 429, "9" * 400, "") is None


@pytest.mark.parametrize(
    "retry_after",
    [None, "", "soon", "-5", "1.5", "١", "Tue, 99 Nov 2026 10:00:00 GMT", "\x00"],  # noqa: RUF001
)
def test_a_word_that_says_nothing_is_passed_over(retry_after):
    assert asked_seconds(retry_after, DATE) is None
    assert next_try(1, "GET", 429, retry_after, "", DATE) == next_try(1, "GET", 429, None, "")


def test_a_date_without_the_servers_clock_says_nothing():
    assert asked_seconds("Tue, 24 Nov 2026 10:00:30 GMT", None) is None
    assert asked_seconds("Tue, 24 Nov 2026 10:00:30 GMT", "nonsense") is None
