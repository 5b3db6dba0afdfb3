"""Editing a script of the library (contract 7.1)."""

import base64

import pytest

from cado_sentinelone.sandbox.asset import SENTINELONE_TOKEN
from cado_sentinelone.sandbox.sentinelone.people import ADMIN_TOKEN

from .conftest import refusal
from .remote_console import DEAD, DENIED, upload

FACTS = {
    "scriptName": "renamed",
    "scriptType": "action",
    "osTypes": ["linux", "macos"],
    "inputRequired": True,
    "inputExample": "--here",
    "inputInstructions": "where to",
    "scriptRuntimeTimeoutSeconds": 900,
}


def parts(**more):
    """The form of an edit: one part per system, a file as a file."""
    fields = {**FACTS, "inputRequired": "true", **more}
    listed = []
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            listed.append((name, one if isinstance(one, tuple) else (None, str(one))))
    return listed


def edit(console, script_id, token=ADMIN_TOKEN, **more):
    return console.call("PUT", f"/remote-scripts/edit/{script_id}", token, files=parts(**more))


def content(console, script_id):
    response = console.get("/remote-scripts/script-content", scriptId=script_id)
    return response.json()["data"]["scriptContent"]


def test_the_facts_change_and_the_text_stays(console):
    script_id = upload(console, text=b"echo first")
    body = {"data": {**FACTS, "scriptDescription": "what it does"}}
    row = console.call("PUT", f"/remote-scripts/{script_id}", ADMIN_TOKEN, json=body).json()["data"]
    assert {name: row[name] for name in FACTS} == FACTS
    assert (row["scriptDescription"], row["updater"]) == ("what it does", "Console administrator")
    assert console.rows("/remote-scripts", ids=script_id) == [row]
    assert content(console, script_id) == "echo first"


@pytest.mark.parametrize(
    "given",
    [
        {"scriptContent": "echo second"},
        {
            "scriptContent": base64.b64encode(b"echo second").decode(),
            "isScriptContentEncoded": "true",
        },
        {"scriptFile": ("second.sh", b"echo second")},
    ],
    ids=["text", "base64", "file"],
)
def test_an_edit_changes_the_text_and_its_hash(console, given):
    """S8: whoever recorded the hash of a script sees that it is another one."""
    script_id = upload(console, text=b"echo first")
    (before,) = console.rows("/remote-scripts", ids=script_id)
    row = edit(console, script_id, **given).json()["data"]
    assert row["id"] == script_id and row["scriptName"] == "renamed"
    assert row["signature"] != before["signature"]
    assert content(console, script_id) == "echo second"


def test_without_a_text_an_edit_leaves_it(console):
    script_id = upload(console, text=b"echo first")
    assert edit(console, script_id).status_code == 200
    assert content(console, script_id) == "echo first"


def test_editing_needs_its_permission(console):
    """S12: the collector uploads and deletes, and edits nothing."""
    script_id = upload(console, text=b"echo first", token=SENTINELONE_TOKEN)
    response = edit(console, script_id, SENTINELONE_TOKEN, scriptContent="x")
    assert refusal(response) == DEAD
    console.world.faults.set("missing_permission_status=403")
    path = f"/remote-scripts/{script_id}"
    response = console.call("PUT", path, SENTINELONE_TOKEN, json={"data": FACTS})
    assert refusal(response) == DENIED
    assert content(console, script_id) == "echo first"


def test_an_unknown_script_and_one_of_another_account_are_not_found(console, monkeypatch):
    assert edit(console, "1" + "0" * 18).status_code == 404
    script_id = upload(console)
    collector = console.world.sentinelone.collector
    may_edit = collector.role.permissions | {"Remote Script Orchestration.edit"}
    monkeypatch.setattr(collector.role, "permissions", may_edit)
    assert edit(console, script_id, SENTINELONE_TOKEN).status_code == 200
    script = console.world.sentinelone.remote.scripts[script_id]
    script.scope_id = console.world.accounts[1].account_id
    assert edit(console, script_id, SENTINELONE_TOKEN).status_code == 404


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"nobody": "1"}, "dict_values(['nobody']): Unknown field"),
        ({"scriptType": "poem"}, 'scriptType: "poem" is not a valid choice.'),
        ({"scriptRuntimeTimeoutSeconds": "5"}, "Must be at least 60."),
        (
            {"scriptContent": "no base64!", "isScriptContentEncoded": "true"},
            "scriptContent: Not a valid base64 string.",
        ),
    ],
)
def test_an_edit_that_is_none_is_refused_and_changes_nothing(console, more, words):
    script_id = upload(console, text=b"echo first")
    status, code, _, detail = refusal(edit(console, script_id, **more))
    assert (status, code) == (400, 4000010)
    assert words in detail
    (row,) = console.rows("/remote-scripts", ids=script_id)
    assert (row["scriptName"], row["updater"]) == ("cado", None)


def test_facts_must_be_whole_and_known(console):
    path = f"/remote-scripts/{upload(console)}"
    short = {name: value for name, value in FACTS.items() if name != "inputExample"}
    response = console.call("PUT", path, ADMIN_TOKEN, json={"data": short})
    assert "inputExample: Missing data for required field." in refusal(response)[3]
    response = console.call("PUT", path, ADMIN_TOKEN, json={"data": FACTS | {"version": "2"}})
    assert "dict_values(['version']): Unknown field" in refusal(response)[3]
