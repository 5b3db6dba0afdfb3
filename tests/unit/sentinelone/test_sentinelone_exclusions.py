"""Exclusions at a place, and none outside the pin (contract 9.1, promise S10)."""

from __future__ import annotations

import pytest

from cado_sentinelone.clients.sentinelone import SentinelOne
from cado_sentinelone.errors import RefusedError, VendorError

CREATED = {"id": "500", "type": "path", "value": "/opt/x", "osType": "linux", "mode": "suppress"}
SITES, ACCOUNTS = {"site_ids": ("11", "12")}, {"account_ids": ("1",)}


def create(client, place, place_id):
    return client.create_exclusion(
        place, place_id, os="linux", value="/opt/x", mode="suppress", description="ours"
    )


@pytest.mark.parametrize(
    ("place", "place_id", "narrow"),
    [
        ("site", "11", {"siteIds": ["11"]}),
        ("account", "1", {"accountIds": ["1"]}),
        ("group", "7", {"groupIds": ["7"]}),
        ("tenant", "", {"tenant": True}),
    ],
)
def test_an_exclusion_is_created_at_one_place(console, client, place, place_id, narrow):
    console.answer("POST", "exclusions", [CREATED])
    assert create(client, place, place_id).exclusion_id == "500"
    assert console.body() == {
        "filter": narrow,
        "data": {
            "type": "path",
            "value": "/opt/x",
            "osType": "linux",
            "mode": "suppress",
            "pathExclusionType": "file",
            "description": "ours",
        },
    }


@pytest.mark.parametrize("answer", [[], [CREATED, CREATED], CREATED, None])
def test_anything_but_one_exclusion_is_no_answer(console, client, answer):
    console.answer("POST", "exclusions", answer)
    with pytest.raises(VendorError):
        create(client, "site", "11")


def test_validation_takes_an_object(console, client):
    details = [{"field": "value", "error": "covers everything"}]
    console.answer("POST", "exclusions/validate", {"status": "Not allowed", "details": details})
    validation = client.validate_exclusion(os="linux", value="/")
    assert not validation.allowed
    assert validation.details[0].error == "covers everything"
    assert console.body() == {"data": {"exclusionType": "path", "osType": "linux", "value": "/"}}


@pytest.mark.parametrize("status", ["NONE", "Not recommended", "Duplication", ""])
def test_only_what_is_not_allowed_is_not(console, client, status):
    console.answer("POST", "exclusions/validate", {"status": status, "details": None})
    assert client.validate_exclusion(os="linux", value="/opt/x").allowed


@pytest.mark.parametrize(
    ("place", "place_id", "carried"),
    [
        ("site", "11", {"siteIds": "11"}),
        ("account", "1", {"accountIds": "1"}),
        ("group", "7", {"groupIds": "7"}),
        ("tenant", "", {"tenant": "true"}),
    ],
)
def test_exclusions_are_listed_at_one_place(console, client, place, place_id, carried):
    console.page("exclusions", [CREATED])
    (found,) = client.exclusions(place, place_id, containing=["a", "b"])
    assert found.exclusion_id == "500"
    assert console.query() == {
        **carried,
        "types": "path",
        "value__contains": "a,b",
        "limit": "1000",
    }


def test_inherited_exclusions_are_listed_on_demand(console, client):
    console.page("exclusions", [])
    list(client.exclusions("site", "11", with_parents=True))
    assert console.query()["includeParents"] == "true"


def test_exclusions_anywhere_in_the_scope(console, client):
    console.page("exclusions", [CREATED])
    assert len(list(client.exclusions_in_scope())) == 1
    assert console.query()["includeChildren"] == "true"


@pytest.mark.parametrize(
    ("pin", "place", "place_id"),
    [
        (SITES, "tenant", ""),
        (SITES, "account", "1"),
        (SITES, "site", "13"),
        (ACCOUNTS, "tenant", ""),
        (ACCOUNTS, "account", "2"),
    ],
)
def test_a_place_outside_the_pin_is_refused_before_sending(pinned, run, pin, place, place_id):
    client = SentinelOne(pinned(**pin), run)
    for call in (
        lambda: create(client, place, place_id),
        lambda: list(client.exclusions(place, place_id)),
    ):
        with pytest.raises(RefusedError):
            call()


def test_a_site_outside_the_pinned_account_is_refused(console, pinned, run):
    console.sites()
    with pytest.raises(RefusedError, match="site 31"):
        create(SentinelOne(pinned(**ACCOUNTS), run), "site", "31")
    assert console.asked == [("GET", "sites")]
    assert (console.query()["accountIds"], console.query()["siteIds"]) == ("1", "31")


def test_a_site_inside_the_pinned_account_is_looked_up_once(console, pinned, run):
    console.sites(console.site("31", accountId="1"))
    console.answer("POST", "exclusions", [CREATED])
    client = SentinelOne(pinned(**ACCOUNTS), run)
    create(client, "site", "31")
    create(client, "site", "31")
    assert console.asked == [("GET", "sites"), ("POST", "exclusions"), ("POST", "exclusions")]


@pytest.mark.parametrize("groups", [[], [{"id": "7", "siteId": "99"}]])
def test_a_group_outside_the_pinned_sites_is_refused(console, pinned, run, groups):
    console.page("groups", groups)
    with pytest.raises(RefusedError, match="group 7"):
        create(SentinelOne(pinned(**SITES), run), "group", "7")
    assert console.query()["siteIds"] == "11,12"


def test_a_group_inside_the_pinned_sites_may_have_exclusions(console, pinned, run):
    console.page("groups", [{"id": "7", "siteId": "11"}])
    console.answer("POST", "exclusions", [CREATED])
    create(SentinelOne(pinned(**SITES), run), "group", "7")


def test_exclusions_are_deleted_by_id(console, client):
    console.answer("DELETE", "exclusions", {"affected": 2})
    assert client.delete_exclusions(["500", "501"]) == 2
    assert console.body() == {"data": {"ids": ["500", "501"], "type": "path"}}


def test_nothing_is_sent_to_delete_nothing(console, client):
    assert client.delete_exclusions([]) == 0
    assert console.asked == []


@pytest.mark.parametrize(
    ("pin", "scope", "inside"),
    [
        (SITES, {"siteIds": ["11"]}, True),
        (SITES, {"groupIds": ["7"]}, True),
        (SITES, {"siteIds": ["11", "13"]}, False),
        (SITES, {"accountIds": ["1"]}, False),
        (SITES, {"tenant": True}, False),
        (ACCOUNTS, {"accountIds": ["1"]}, True),
        (ACCOUNTS, {"siteIds": ["31"]}, True),
        (ACCOUNTS, {"accountIds": ["2"]}, False),
        (ACCOUNTS, {"tenant": True}, False),
    ],
)
def test_under_a_pin_only_what_is_inside_is_deleted(console, pinned, run, pin, scope, inside):
    client = SentinelOne(pinned(**pin), run)
    console.page("exclusions", [{**CREATED, "scope": scope}])
    if inside:
        console.answer("DELETE", "exclusions", {"affected": 1})
        assert client.delete_exclusions(["500"]) == 1
        return
    with pytest.raises(RefusedError, match="exclusion 500"):
        client.delete_exclusions(["500"])
    assert console.asked == [("GET", "exclusions")]


def test_under_a_pin_an_exclusion_that_is_not_shown_is_not_deleted(console, pinned, run):
    console.page("exclusions", [])
    with pytest.raises(RefusedError):
        SentinelOne(pinned(**SITES), run).delete_exclusions(["500"])
    assert console.query(0)["siteIds"] == "11,12"
