"""The envelope and its pages: every quirk that real integrations stumbled over has its test."""

from __future__ import annotations

import pytest

from cado_sentinelone.clients.sentinelone_calls import next_cursor
from cado_sentinelone.errors import AnswerLostError, ThrottledError, VendorError

PADDED = "eyJpZF92YWx1ZSI6IjEifQ%3D%3D"


def ids(endpoints):
    return [endpoint.agent_id for endpoint in endpoints]


def test_12_2_a_429_is_a_page_of_html_and_is_not_read_as_json(console, client):
    page = "<html><head><title>429 Too Many Requests</title></head></html>"
    console.refuse("GET", "agents/count", 429, page)
    with pytest.raises(ThrottledError) as error:
        client.count()
    assert error.value.http_status == 429
    assert error.value.retryable
    assert "<" not in error.value.message


def test_12_3_a_write_is_not_sent_again_after_a_502(console, client):
    console.refuse("POST", "exclusions", 502, "<html>Bad Gateway</html>")
    with pytest.raises(AnswerLostError):
        client.create_exclusion(
            "site", "11", os="linux", value="/opt/x", mode="suppress", description=""
        )
    assert console.asked == [("POST", "exclusions")]


def test_12_4_a_cursor_comes_encoded_and_is_not_encoded_twice(console, client):
    console.page("agents", [console.agent("1" * 18)], following=PADDED, total=2)
    console.page("agents", [console.agent("2" * 18)], total=2)
    assert ids(client.endpoints(limit=5)) == ["1" * 18, "2" * 18]
    asked = console.mock.calls[-1].request.url
    assert "cursor=eyJpZF92YWx1ZSI6IjEifQ%3D%3D" in asked
    assert "%253D" not in asked


def test_12_4_cursors_do_not_pile_up_in_the_url(console, client):
    for number, following in enumerate(["a", "b", None]):
        console.page("activities", [{"id": str(number)}], following=following)
    list(client.activities())
    assert console.mock.calls[-1].request.url.count("cursor=") == 1


def test_12_4_a_cursor_that_comes_again_is_an_error(console, client):
    """R7: no listing loops."""
    for _ in range(2):
        console.page("agents", [console.agent()], following="same", total=9)
    with pytest.raises(VendorError):
        list(client.endpoints())


@pytest.mark.parametrize("pagination", [None, {}, {"nextCursor": None}, {"nextCursor": ""}])
def test_12_4_a_missing_pagination_ends_the_list(console, client, pagination):
    envelope = {} if pagination is None else {"pagination": pagination}
    console.answer("GET", "agents", [console.agent()], **envelope)
    console.sites(console.site("11", "rso"))
    assert len(ids(client.endpoints())) == 1


def test_12_5_the_word_null_as_cursor_ends_the_list(console, client):
    console.page("agents", [console.agent()], following="null")
    console.sites(console.site("11", "rso"))
    assert len(ids(client.endpoints())) == 1
    assert next_cursor({"nextCursor": "null"}) is None


def test_12_6_no_page_is_asked_to_hold_more_than_a_thousand(console, client):
    console.page("agents", [])
    list(client.endpoints(limit=5000))
    assert console.query()["limit"] == "1000"


def test_12_16_sites_are_nested_in_an_object(console, client):
    console.sites(console.site("11", "star", "rso", accountId="1", state="active"))
    (site,) = client.sites()
    assert (site.site_id, site.modules, site.account_id) == ("11", ("star", "rso"), "1")


@pytest.mark.parametrize("errors", [{}, {"errors": None}, {"errors": []}])
def test_12_17_success_bodies_may_or_may_not_have_errors(console, client, errors):
    console.answer("GET", "agents/count", {"total": 7}, **errors)
    assert client.count() == 7


def test_12_17_unknown_fields_are_ignored_and_nulls_are_absent(console, client):
    console.answer("GET", "user", {"id": "5", "scopeRoles": None, "new": {"a": 1}, "email": None})
    user = client.user()
    assert (user.user_id, user.scope_roles, user.email) == ("5", (), "")


def test_12_17_an_agent_of_nothing_but_nulls_is_an_endpoint(console, client):
    nulls = dict.fromkeys(console.agent(), None)
    row = {**nulls, "id": "1" * 18, "networkInterfaces": None, "tags": None, "brandNew": [1]}
    console.page("agents", [row])
    (endpoint,) = client.endpoints()
    assert endpoint.hostname == ""
    assert endpoint.online is None
    assert endpoint.collectable is False


def test_12_20_routes_that_are_no_listings_get_no_limit(console, client):
    console.answer("GET", "agents/count", {"total": 0})
    console.answer("GET", "activities/types", [{"id": 81, "action": "User Requested Fetch Files"}])
    client.count()
    assert "limit" not in console.query()
    assert client.activity_types()[0].activity_type == 81
    assert "limit" not in console.query()


@pytest.mark.parametrize("data", [None, [], {"total": None}, {}])
def test_a_count_without_a_total_is_no_answer(console, client, data):
    console.answer("GET", "agents/count", data)
    with pytest.raises(VendorError):
        client.count()


@pytest.mark.parametrize("rows", [{"a": 1}, ["text"], "text"])
def test_rows_that_are_no_objects_are_no_answer(console, client, rows):
    console.answer("GET", "activities", rows)
    with pytest.raises(VendorError):
        list(client.activities())


@pytest.mark.parametrize(
    "body", ['{"data": [{"id": "1', "<html>sign in</html>", "[]", '{"data": [{"uuid": "x"}]}']
)
def test_a_body_that_is_no_page_of_agents_is_an_error(console, client, body):
    console.refuse("GET", "agents", 200, body)
    with pytest.raises(VendorError) as error:
        list(client.endpoints())
    assert error.value.vendor == "sentinelone"


def test_an_error_about_an_agent_says_where_and_never_what(console, client):
    console.page("agents", [console.agent(isActive="canary-value")])
    with pytest.raises(VendorError) as error:
        list(client.endpoints())
    assert "data.0.isActive" in error.value.message
    assert "canary" not in error.value.message
