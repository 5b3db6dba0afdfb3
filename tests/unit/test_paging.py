"""All pages, always (promise R7): none left out, none twice, no loop."""

from itertools import islice

import pytest

from cado_sentinelone.clients.paging import Page, numbered_pages, pages
from cado_sentinelone.errors import VendorError


def chain(*cursors):
    """A fetch that gives one page for each of `cursors`, which are what those pages name next."""
    asked = []

    def fetch(cursor):
        asked.append(cursor)
        number = len(asked)
        return Page([number], cursors[number - 1], None)

    return fetch, asked


@pytest.mark.parametrize("end", [None, "", "null"])
def test_every_page_comes_once_in_order(end):
    """R7; contract 1.3: some services send the word null."""
    fetch, asked = chain("a", "b", "c", end)
    assert [page.items for page in pages(fetch)] == [[1], [2], [3], [4]]
    assert asked == [None, "a", "b", "c"]


@pytest.mark.parametrize("cursors", [("a", "a"), ("a", "b", "a"), ("a", "b", "c", "b")])
def test_a_repeated_cursor_is_an_error_not_a_loop(cursors):
    """R7."""
    fetch, asked = chain(*cursors)
    walk = pages(fetch)
    assert [page.items[0] for page in islice(walk, len(cursors))] == list(
        range(1, len(cursors) + 1)
    )
    with pytest.raises(VendorError, match="came twice"):
        next(walk)
    assert len(asked) == len(cursors)


def test_an_empty_page_with_a_cursor_is_not_the_end():
    answers = {None: Page([], "a", None), "a": Page([7], None, None)}
    assert [item for page in pages(answers.__getitem__) for item in page.items] == [7]


def test_a_page_is_fetched_only_when_it_is_wanted():
    fetch, asked = chain("a", "b", None)
    next(pages(fetch))
    assert asked == [None]


def test_numbered_pages_run_to_the_total():
    """R7; Cado contract 0.2."""
    asked = []

    def fetch(number):
        asked.append(number)
        return Page([number], None, 3), 3

    assert [page.items for page in numbered_pages(fetch)] == [[1], [2], [3]]
    assert asked == [1, 2, 3]


@pytest.mark.parametrize("total", [0, 1])
def test_one_page_is_one_call(total):
    assert len(list(numbered_pages(lambda number: (Page([], None, 0), total)))) == 1


def test_the_latest_total_decides():
    totals = {1: 2, 2: 4, 3: 3}
    found = numbered_pages(lambda number: (Page([number], None, None), totals[number]))
    assert [page.items for page in found] == [[1], [2], [3]]


def test_a_server_that_ignores_the_number_is_found_out():
    """R7: neither doubled rows nor an endless listing."""
    walk = numbered_pages(lambda number: (Page(["same"], None, 100), 100))
    assert next(walk).items == ["same"]
    with pytest.raises(VendorError, match="does not advance"):
        next(walk)


def test_a_total_that_runs_away_ends():
    with pytest.raises(VendorError, match="does not advance"):
        list(numbered_pages(lambda number: (Page([], None, None), number + 1)))
