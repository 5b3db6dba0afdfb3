"""Tools: what a model is told, what it must not do by accident, and the command's own refusals."""

from __future__ import annotations

import json

import jsonschema
import pytest

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.packing import write_files
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.mcp_server.runner import check, files
from cado_sentinelone_manifests.mcp_server.tools import parameters, tool


@pytest.fixture(scope="module")
def description():
    return describe(load_catalogue().actions())


@pytest.fixture
def bundle(tmp_path):
    write_files(files(load_catalogue().actions()), tmp_path / "bundle", field="--out")
    return tmp_path / "bundle"


def test_every_schema_is_one_and_fits_the_examples(description):
    for action in description.actions:
        one = tool(action)
        jsonschema.Draft202012Validator.check_schema(one.input_schema)
        jsonschema.Draft202012Validator.check_schema(one.output_schema)
        confirmed = action.example_parameters | ({} if one.read_only else {"confirm": True})
        jsonschema.validate(confirmed, one.input_schema)
        outcome = {"status": "success", "message": "", "data": [action.example_record]}
        jsonschema.validate(outcome | {"error": None}, one.output_schema)


def test_hints_say_what_is_true(description):
    tools = {action.identifier: tool(action) for action in description.actions}
    destructive = {name for name, one in tools.items() if one.destructive}
    assert destructive == {
        "cancel_collection",
        "cancel_fleet_collection",
        "delete_account",
        "remove_exclusions",
    }
    assert all(
        one.read_only == action.read_only
        for action in description.actions
        if (one := tools[action.identifier])
    )
    assert "confirm" not in tools["list_endpoints"].input_schema["properties"]
    assert "confirm" in tools["run_collection"].input_schema["required"]
    assert "ask the person first" in tools["run_collection"].description


def test_what_changes_something_wants_to_be_confirmed(description):
    action = description.action("run_collection")
    given = {"endpoint": "lap", "investigation": "INC-1"}
    for confirmed in ({}, {"confirm": False}, {"confirm": "yes"}, {"confirm": 1}):
        with pytest.raises(ValueError, match="was not confirmed"):
            parameters(action, given | confirmed)
    assert parameters(action, given | {"confirm": True}) == given
    assert parameters(description.action("get_endpoint"), {"endpoint": "x"}) == {"endpoint": "x"}


@pytest.mark.parametrize("wait", [301, 86_400, "long"])
def test_nobody_waits_for_long_inside_a_call(description, wait):
    action = description.action("get_task_status")
    with pytest.raises(ValueError, match="at most 300"):
        parameters(action, {"wait_seconds": wait, "confirm": True})
    assert parameters(action, {"wait_seconds": 300, "confirm": True}) == {"wait_seconds": 300}
    assert tool(action).input_schema["properties"]["wait_seconds"]["maximum"] == 300


def test_the_client_s_configuration_holds_no_secret(bundle):
    assert list(check(bundle)) == []
    document = json.loads((bundle / "client.json").read_text())
    document["mcpServers"]["cado-sentinelone"]["env"] = {"CADO_SENTINELONE_CADO_API_KEY": "x"}
    (bundle / "client.json").write_text(json.dumps(document))
    assert ["keep secrets in the asset file" in one.message for one in check(bundle)] == [True]


@pytest.mark.parametrize(
    ("text", "words"), [("{", "not JSON"), ("{}", "no server"), ('{"mcpServers": []}', "no server")]
)
def test_a_broken_configuration_is_found(bundle, text, words):
    (bundle / "client.json").write_text(text)
    (problem,) = check(bundle)
    assert words in problem.message


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (("--asset", "nowhere.json"), {}, "there is no file"),
        (("--http",), {}, "CADO_SENTINELONE_MCP_KEY"),
        (("--http",), {"CADO_SENTINELONE_MCP_KEY": "short"}, "at least 16"),
        (
            ("--http", "--host", "0.0.0.0"),  # noqa: S104 - refused
            {"CADO_SENTINELONE_MCP_KEY": "k" * 32},
            "in the clear",
        ),
        (("--nonsense",), {}, "unrecognized arguments"),
    ],
)
def test_what_is_unsafe_or_wrong_does_not_start(command_line, arguments, environment, words):
    done = command_line.run("mcp", *arguments, status=2, **environment)
    assert words in done.stderr
    assert "k" * 32 not in done.stderr


def test_without_its_extra_it_says_what_to_install(command_line, tmp_path):
    """The package is hidden, not gone."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "anyio.py").write_text("raise ModuleNotFoundError('gone', name='anyio')")
    (hidden / "mcp.py").write_text("raise ModuleNotFoundError('gone', name='mcp')")
    path = f"{hidden}:{command_line.environment['PYTHONPATH']}"
    done = command_line.run("mcp", status=2, PYTHONPATH=path)
    assert 'pip install "cado-sentinelone[mcp]"' in done.stderr


def test_it_is_in_the_help_and_has_help_of_its_own(command_line):
    assert "MCP tools" in command_line.run("--help", status=0).stdout
    assert "--http" in command_line.run("mcp", "--help", status=0).stdout
