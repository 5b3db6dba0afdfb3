"""Chains: balanced parts, an order that time has no part in, threads that end."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cado_sentinelone.clients.chains import (
    MOST_CHAINS,
    chained,
    in_turn,
    pages_for,
    parts_of,
)
from cado_sentinelone.clients.chains import threads as in_threads
from cado_sentinelone.clients.paging import Page
from cado_sentinelone.errors import UnavailableError, VendorError

SITES = st.dictionaries(st.text("0123456789", min_size=1), st.integers(0, 5000), max_size=30)


def parts(sites, total, **options):
    return parts_of(sites, total, page_size=1000, most_sites=200, **options)


@given(SITES, st.integers(0, 100_000))
def test_every_site_is_in_one_part(sites, total):
    found = parts(sites, total)
    assert Counter(site for part in found for site in part) == Counter(list(sites))
    assert len(found) <= MOST_CHAINS


@given(SITES, st.integers(0, 100_000), st.randoms())
def test_the_parts_do_not_depend_on_the_order_of_the_sites(sites, total, random):
    shuffled = list(sites.items())
    random.shuffle(shuffled)
    assert parts(dict(shuffled), total) == parts(sites, total)


@given(SITES, st.integers(3000, 100_000))
def test_parts_are_worth_it_or_none(sites, total):
    left = pages_for(total, 1000) - 1
    found = parts(sites, total, fewer_than=left)
    weight = sum(sites.values())
    for part in found:
        share = sum(sites[site] for site in part) / weight if weight else len(part) / len(sites)
        assert pages_for(total * share, 1000) < left


def test_equal_sites_make_equal_parts_in_the_fewest_rounds():
    found = parts({f"{n:02}": 100 for n in range(10)}, 10_000)
    assert [len(part) for part in found] == [2] * 5


def test_fewer_calls_are_taken_where_more_chains_save_no_round():
    assert parts({"a": 1000, "b": 500, "c": 500}, 4000) == [("a",), ("b", "c")]


def test_one_large_site_leaves_nothing_to_gain():
    assert parts({"a": 100_000}, 100_000, fewer_than=99) == []


def test_more_sites_than_a_request_carries_are_no_part():
    assert parts(dict.fromkeys(map(str, range(5000)), 1), 50_000) == []


def test_no_sites_are_no_parts():
    assert parts({}, 5000) == []


def numbers(start, last):
    """`ask` and `read` of a chain of pages that hold one number each."""

    def ask_with(begin):
        def ask(cursor):
            number = int(cursor or start)
            return begin(lambda: number)

        return ask

    def read(number):
        return Page([number], str(number + 1) if number < last else None, last - start + 1)

    return ask_with, read


def test_one_page_of_each_chain_in_turn():
    chains = [iter("ab"), iter(""), iter("cdef"), iter("g")]
    assert list(in_turn(chains)) == ["a", "c", "g", "b", "d", "e", "f"]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_order_is_the_same_with_any_number_of_threads(count):
    with in_threads(count) as begin:
        chains = []
        for start, last in ((10, 14), (20, 20), (30, 32)):
            ask_with, read = numbers(start, last)
            chains.append(chained(ask_with(begin), read))
        found = [number for page in in_turn(chains) for number in page.items]
    assert found == [10, 20, 30, 11, 31, 12, 32, 13, 14]


def test_the_order_is_the_same_when_the_first_chain_answers_last():
    """Answers arrive in the opposite order: each waits for the one that is read after it."""
    arrived = [threading.Event() for _ in range(3)]

    def call(number):
        def answer():
            if number < 2:
                assert arrived[number + 1].wait(10)
            arrived[number].set()
            return number

        return answer

    with in_threads(3) as begin:

        def chain(number):
            return chained(lambda cursor: begin(call(number)), lambda n: Page([n], None, 1))

        chains = [chain(number) for number in range(3)]
        assert [page.items for page in in_turn(chains)] == [[0], [1], [2]]


def test_the_next_page_is_under_way_while_one_is_read():
    asked = []

    def ask(cursor):
        asked.append(cursor)
        return lambda: cursor

    chain = chained(ask, lambda cursor: Page([cursor], "b" if cursor is None else None, None))
    assert asked == [None]
    next(chain)
    assert asked == [None, "b"]


def test_without_threads_nothing_is_asked_for_ahead():
    made = []

    def ask(cursor):
        def call():
            made.append(cursor)
            return cursor

        return begin(call)

    with in_threads(0) as begin:
        chain = chained(ask, lambda cursor: Page([], "b" if cursor is None else None, None))
        assert made == []
        next(chain)
        assert made == [None]


def test_a_cursor_that_comes_again_ends_the_chain():
    """R7."""
    chain = chained(lambda cursor: lambda: cursor, lambda cursor: Page([1], "same", None))
    with pytest.raises(VendorError):
        list(chain)


def live_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("chain")]


def test_an_error_in_a_chain_surfaces_and_the_threads_end():
    def fail():
        raise UnavailableError("broken")

    with pytest.raises(UnavailableError, match="broken"), in_threads(2) as begin:
        good = chained(lambda cursor: begin(lambda: 1), lambda n: Page([n], "b", None))
        bad = chained(lambda cursor: begin(fail), lambda n: Page([n], None, None))
        list(in_turn([good, bad]))
    assert live_threads() == []


def test_a_reader_who_stops_early_starts_no_more_calls():
    """The call under way is waited for; those behind it are cancelled."""
    cancelled = threading.Event()
    made = []

    def call(number):
        def answer():
            made.append(number)
            if number:
                assert cancelled.wait(10)
            return number

        return answer

    def reader():
        with in_threads(1) as begin:

            def ask(number):
                waiting = begin(call(number))
                if number == 3:
                    waiting.__self__.add_done_callback(lambda future: cancelled.set())
                return waiting

            chains = [
                chained(lambda cursor, number=number: ask(number), lambda n: Page([n], None, 1))
                for number in range(4)
            ]
            yield from in_turn(chains)

    pages = reader()
    assert next(pages).items == [0]
    pages.close()
    assert live_threads() == []
    assert made in ([0], [0, 1])
