"""Listings: all pages, always, by number and by cursor (R7)."""

from __future__ import annotations

import pytest

from cado_sentinelone.errors import VendorError

PIPELINES = "/pipelines"
DEVICES = "/import/xdr/sentinelone"


def pipelines(*ids):
    return [{"pipeline": {"id": number}} for number in ids]


def devices(*ids):
    return [{"device_id": str(number)} for number in ids]


def ids(records):
    return [record.pipeline_id for record in records]


def device_ids(records):
    return [int(record.device_id) for record in records]


def test_a_listing_asks_for_a_thousand_and_walks_all_pages(api, cado):
    api.listing(PIPELINES, pipelines(*range(1, 2501)))
    assert ids(cado.pipelines()) == list(range(1, 2501))
    assert [dict(api.query(i))["page"] for i in range(3)] == ["1", "2", "3"]
    assert dict(api.query())["per_page"] == "1000"


def test_a_server_that_gives_fewer_per_page_than_asked_is_followed(api, cado):
    api.listing(PIPELINES, pipelines(*range(1, 26)), per_page=10)
    assert ids(cado.pipelines()) == list(range(1, 26))


def test_an_empty_listing_has_no_pages(api, cado):
    api.listing(PIPELINES, [])
    assert ids(cado.pipelines()) == []


def test_a_limit_stops_without_asking_for_more(api, cado):
    api.page(PIPELINES, pipelines(1, 2), current=1, last=50, total=100)
    assert ids(cado.pipelines(limit=2)) == [1, 2]
    assert dict(api.query())["per_page"] == "2"
    assert len(api.asked) == 1


def test_a_listing_is_lazy(api, cado):
    cado.pipelines()
    assert api.asked == []


def test_a_page_that_does_not_advance_is_an_error(api, cado):
    api.page(PIPELINES, pipelines(1), current=1, last=2, total=2, page="1")
    api.page(PIPELINES, pipelines(1), current=1, last=2, total=2, page="2")
    with pytest.raises(VendorError, match="not page 2 of /pipelines"):
        ids(cado.pipelines())


def test_a_listing_that_ends_before_what_was_announced_is_an_error(api, cado):
    api.page(PIPELINES, pipelines(1, 2), current=1, last=1, total=250)
    with pytest.raises(VendorError, match="announced 250 records of /pipelines and gave 2"):
        ids(cado.pipelines())


@pytest.mark.parametrize("pagination", [None, {}, {"current_page": 1}, {"current_page": "1"}])
def test_a_listing_without_page_numbers_is_an_error_not_a_first_page(api, cado, pagination):
    api.answer("GET", PIPELINES, pipelines(1), pagination=pagination)
    with pytest.raises(VendorError):
        ids(cado.pipelines())


def test_a_row_that_moved_to_the_next_page_comes_once(api, cado):
    api.page(PIPELINES, pipelines(9, 8), current=1, last=2, total=4, page="1")
    api.page(PIPELINES, pipelines(8, 7), current=2, last=2, total=4, page="2")
    assert ids(cado.pipelines(order_by="-created")) == [9, 8, 7]


def test_data_that_is_no_list_is_an_error(api, cado):
    api.page(PIPELINES, {"rows": []}, current=1, last=1, total=0)
    with pytest.raises(VendorError, match="not a list"):
        ids(cado.pipelines())


def test_a_row_that_does_not_fit_names_the_field_and_not_the_value(api, cado):
    api.page(PIPELINES, [{"pipeline": {"id": "canary-value"}}])
    with pytest.raises(VendorError, match=r"does not fit: pipeline\.id") as caught:
        ids(cado.pipelines())
    assert "canary" not in str(caught.value)


def test_the_cursor_is_passed_on_until_it_ends(api, cado):
    api.cursor_page(DEVICES, devices(1, 2), "two")
    api.cursor_page(DEVICES, devices(3), "")
    assert device_ids(cado.devices("s1-prod")) == [1, 2, 3]
    assert "cursor" not in dict(api.query(0))
    assert dict(api.query(1))["cursor"] == "two"


@pytest.mark.parametrize(
    "tokens", [{}, {"next_token": None}, {"next_token": ""}, {"next_token": "null"}]
)
def test_an_absent_null_or_empty_token_ends_the_list(api, cado, tokens):
    api.answer("GET", DEVICES, devices(1), pagination={"type": "cursor", **tokens})
    assert device_ids(cado.devices("s1-prod")) == [1]
    assert len(api.asked) == 1


def test_per_page_is_always_sent_for_devices(api, cado):
    """The one listing where the contract requires it."""
    api.cursor_page(DEVICES, devices(1))
    device_ids(cado.devices("s1-prod"))
    assert dict(api.query())["per_page"] == "100"


def test_a_repeated_cursor_is_an_error(api, cado):
    api.cursor_page(DEVICES, devices(1), "two")
    api.cursor_page(DEVICES, devices(2), "two")
    with pytest.raises(VendorError, match="cursor"):
        device_ids(cado.devices("s1-prod"))


def test_cursors_that_go_round_are_an_error(api, cado):
    for token in ("two", "three", "two"):
        api.cursor_page(DEVICES, devices(1), token)
    with pytest.raises(VendorError, match="twice"):
        device_ids(cado.devices("s1-prod"))


def test_an_empty_page_with_a_cursor_goes_on(api, cado):
    api.cursor_page(DEVICES, [], "two")
    api.cursor_page(DEVICES, devices(1))
    assert device_ids(cado.devices("s1-prod")) == [1]


def test_a_limit_leaves_the_cursor_where_to_go_on(api, cado, run):
    api.cursor_page(DEVICES, devices(1, 2), "two")
    api.cursor_page(DEVICES, devices(3), "three")
    assert device_ids(cado.devices("s1-prod", limit=3, page_size=2)) == [1, 2, 3]
    assert dict(api.query(1))["per_page"] == "1"
    assert run.summary == {"next_cursor": "three"}


def test_a_limit_at_the_end_of_the_list_leaves_no_cursor(api, cado, run):
    api.cursor_page(DEVICES, devices(1, 2), "null")
    assert device_ids(cado.devices("s1-prod", limit=2)) == [1, 2]
    assert run.summary == {}


def test_a_listing_goes_on_from_a_cursor(api, cado, run):
    api.cursor_page(DEVICES, devices(4))
    assert device_ids(cado.devices("s1-prod", cursor="three")) == [4]
    assert dict(api.query())["cursor"] == "three"
    assert run.summary == {}


def test_a_page_longer_than_asked_is_cut_and_not_resumed_in_its_middle(api, cado, run):
    api.cursor_page(DEVICES, devices(1, 2, 3), "four")
    assert device_ids(cado.devices("s1-prod", limit=2)) == [1, 2]
    assert run.summary == {}


def test_a_listing_by_cursor_without_pagination_is_an_error(api, cado):
    api.answer("GET", DEVICES, devices(1))
    with pytest.raises(VendorError, match="no pagination"):
        device_ids(cado.devices("s1-prod"))
