"""The library of scripts (contract 7.1): what a filter deletes, whose a script is, no id at all."""

import pytest

from cado_sentinelone.sandbox.sentinelone.people import ADMIN_TOKEN

from .conftest import refusal
from .remote_console import DEAD, upload


def deleted(console, **wanted):
    response = console.call("DELETE", "/remote-scripts", ADMIN_TOKEN, json={"filter": wanted})
    assert response.status_code == 200, response.text
    return {row["id"] for row in response.json()["data"]}


def test_a_script_says_whose_it_is(console):
    script_id = upload(console)
    (row,) = console.rows("/remote-scripts", ADMIN_TOKEN, ids=script_id)
    name = console.world.accounts[0].name
    assert (row["scopeName"], row["scopePath"]) == (name, f"Global / {name}")


def test_without_an_id_the_content_is_refused_like_a_dead_token(console):
    assert refusal(console.get("/remote-scripts/script-content", ADMIN_TOKEN)) == DEAD


def test_each_selector_deletes_what_it_selects_and_nothing_else(console):
    action, collection = upload(console, "action"), upload(console, "dataCollection")
    site_id = console.world.accounts[0].sites[0].site_id
    for nothing in (
        {"scriptType": ["artifactCollection"]},
        {"osTypes": ["windows"]},
        {"siteIds": [site_id]},
        {"query": "no such name"},
    ):
        assert deleted(console, **nothing) == set()
    account_id = console.world.accounts[0].account_id
    assert deleted(console, scriptType=["action"], accountIds=[account_id]) == {action}
    assert deleted(console, ids=[collection], osTypes=["linux"], query="CADO") == {collection}


def test_an_empty_filter_deletes_everything(console):
    """The vendor's trap, served as it is: a client must never send it."""
    both = {upload(console), upload(console)}
    assert deleted(console) == both


@pytest.mark.parametrize("wanted", [{"nobody": ["knows"]}, {"ids": [1, {}]}])
def test_what_no_selector_is_called_is_refused(console, wanted):
    script_id = upload(console)
    response = console.call("DELETE", "/remote-scripts", ADMIN_TOKEN, json={"filter": wanted})
    assert response.status_code == 400
    assert console.rows("/remote-scripts", ADMIN_TOKEN, ids=script_id)
