"""What the console refuses in a query and in a body (contract 1.2, 1.3)."""

import pytest

from .conftest import refusal

IDS = ",".join(["1" + "0" * 18] * 501)


@pytest.mark.parametrize(
    ("path", "params", "detail"),
    [
        ("/agents", {"nobody": "1"}, "dict_values(['nobody']): Unknown field"),
        ("/agents/count", {"limit": "5"}, "dict_values(['limit']): Unknown field"),
        ("/system/info", {"limit": "5"}, "dict_values(['limit']): Unknown field"),
        ("/agents", {"limit": "1001"}, "limit: Must be at most 1000."),
        ("/agents", {"limit": "20000"}, "limit: Must be at most 1000."),
        ("/agents", {"limit": "0"}, "limit: Must be at least 1."),
        ("/agents", {"limit": "ten"}, "limit: Not a valid integer."),
        ("/agents", {"skip": "1001"}, "skip: Must be at most 1000."),
        ("/agents", {"skip": "-1"}, "skip: Must be at least 0."),
        ("/agents", {"osTypes": "windows,beos"}, 'osTypes: "beos" is not a valid choice.'),
        ("/agents", {"sortBy": "mood"}, 'sortBy: "mood" is not a valid choice.'),
        ("/agents", {"isActive": "maybe"}, "isActive: Not a valid boolean."),
        ("/agents", {"ids": "host-1"}, "ids: Not a valid Identifier."),
        ("/agents", {"siteIds": ""}, "siteIds: Shorter than minimum length 1."),
        ("/agents", {"siteIds": IDS}, "siteIds: Longer than maximum length 500."),
        (
            "/agents",
            {"computerName__contains": "a"},
            "computerName__contains: Shorter than minimum length 2.",
        ),
        (
            "/agents",
            {"computerName__contains": ",".join(["ab"] * 11)},
            "computerName__contains: Longer than maximum length 10.",
        ),
        ("/agents", {"lastActiveDate__gte": "today"}, "lastActiveDate__gte: Not a valid datetime."),
        ("/agents", {"createdAt__between": "1"}, "createdAt__between: Not a valid range."),
        ("/activities", {"activityTypes": "81,1"}, 'activityTypes: "1" is not a valid choice.'),
        (
            "/agents",
            {"limit": "0", "osTypes": "beos"},
            'limit: Must be at least 1., osTypes: "beos" is not a valid choice.',
        ),
    ],
)
def test_a_query_that_is_refused(console, path, params, detail):
    assert refusal(console.get(path, **params)) == (400, 4000010, "Validation Error", detail)


def test_names_in_snake_case_are_accepted(console):
    camel = console.get("/agents", osTypes="linux", computerName__contains="lnx").json()
    snake = console.get("/agents", os_types="linux", computer_name__contains="lnx").json()
    assert camel == snake
    assert 0 < camel["pagination"]["totalItems"] < 60


PATTERN = {"type": "path", "value": "/opt/x", "osType": "linux"}


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, "data: Missing data for required field., filter: Missing data for required field."),
        (
            {"data": [], "filter": {}},
            "data: Invalid input type.",
        ),
        (
            {"data": {}, "filter": {}},
            "data: "
            + ", ".join(
                f"{n}: Missing data for required field." for n in ("osType", "type", "value")
            ),
        ),
        (
            {"data": {**PATTERN, "agentIds": []}, "filter": {"tenant": True}},
            "data: dict_values(['agentIds']): Unknown field",
        ),
        (
            {"data": {**PATTERN, "mode": "UPGRADE"}, "filter": {}},
            'data: mode: "UPGRADE" is not a valid choice.',
        ),
        (
            {"data": PATTERN, "filter": {"siteIds": ["x"]}},
            "filter: siteIds: Not a valid Identifier.",
        ),
        (
            {"data": PATTERN, "filter": {"siteIds": []}},
            "filter: siteIds: Shorter than minimum length 1.",
        ),
        ({"data": {**PATTERN, "value": 5}, "filter": {}}, "data: value: Not a valid string."),
        ({"data": PATTERN, "filter": {"tenant": "yes"}}, "filter: tenant: Not a valid boolean."),
        ({"data": PATTERN, "filter": {}}, "filter: Missing data for required field."),
        ({"data": PATTERN, "filter": None}, "filter: Field may not be null."),
    ],
)
def test_a_body_that_is_refused(console, body, detail):
    assert refusal(console.post("/exclusions", body)) == (400, 4000010, "Validation Error", detail)
    assert not console.world.sentinelone.exclusions


def test_a_body_that_is_no_json(console):
    response = console.call("POST", "/exclusions", data=b"{")
    assert refusal(response) == (400, 4000010, "Validation Error", "Invalid input type.")
