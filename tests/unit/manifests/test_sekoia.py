"""SEKOIA.io's bundle: its schemas, what a node shows, what our check finds."""

from __future__ import annotations

import json

import jsonschema
import pytest

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.packing import write_files
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.sekoia import presenter, schemas
from cado_sentinelone_manifests.sekoia.check import check
from cado_sentinelone_manifests.sekoia.runner import files


@pytest.fixture(scope="module")
def description():
    return describe(load_catalogue().actions())


@pytest.fixture
def module(tmp_path):
    write_files(files(load_catalogue().actions()), tmp_path / "module", field="--out")
    return tmp_path / "module"


class Node:
    """What the SDK's action would keep."""

    def __init__(self):
        self.errors, self.logs = [], []

    def error(self, message):
        self.errors.append(message)

    def log(self, message, level):
        self.logs.append((level, message))


def test_every_schema_is_one(description):
    jsonschema.Draft7Validator.check_schema(schemas.configuration(description))
    for action in description.actions:
        jsonschema.Draft7Validator.check_schema(schemas.arguments(action))
        schema = schemas.results(action)
        jsonschema.Draft7Validator.check_schema(schema)
        outcome = {"status": "success", "message": "", "data": [action.example_record]}
        jsonschema.validate(outcome, schema, jsonschema.Draft7Validator)


def test_secrets_are_named_as_such(description):
    secrets = schemas.configuration(description)["secrets"]
    assert secrets == ["sentinelone_token", "cado_api_key", "proxy_url", "ledger_url"]


def test_identifiers_are_for_ever():
    """Playbooks store them: a change here breaks every playbook."""
    assert schemas.uuid_of("module") == "33fcf114-9c5b-5834-8844-d5e79f4d0b83"
    assert schemas.uuid_of("run_collection") == "d7950c4a-f9a7-555c-9241-8de34fe776a5"


def test_a_failure_is_the_node_s_error():
    node = Node()
    outcome = presenter.results(node, "get_endpoint", {}, {"endpoint": "lap-1"})
    assert outcome["status"] == "failure"
    assert len(node.errors) == 1 and "sentinelone_url" in node.errors[0]


def test_warnings_are_in_the_node_s_log(monkeypatch):
    calls = []

    def ask(action, settings, parameters, *, runner):
        calls.append((action, settings, parameters, runner))
        return {"error": None, "data": [], "warnings": ["look out"]}

    monkeypatch.setattr(presenter, "ask", ask)
    node = Node()
    arguments = {"hostname_contains": "lap", "site_ids": ["1"], "cado_url": "https://x.example"}
    presenter.results(node, "list_endpoints", {"cado_url": "https://y.example"}, arguments)
    assert node.logs == [("warning", "look out")] and not node.errors
    assert calls == [
        (
            "list_endpoints",
            {"cado_url": "https://y.example"},
            {"hostname_contains": "lap", "site_ids": ["1"]},
            "sekoia",
        )
    ]


def test_what_is_rendered_has_no_problem(module):
    assert list(check(module)) == []


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("manifest.json", {"uuid": "x"}, "no UUID"),
        ("manifest.json", {"slug": "Two Words"}, "slug"),
        ("manifest.json", {"version": "1.0"}, "three numbers"),
        ("manifest.json", {"configuration": {"properties": {}}}, "secrets"),
        ("action_get_endpoint.json", {"uuid": ""}, "no UUID"),
        ("action_get_endpoint.json", {"arguments": None}, "no schema"),
        ("action_get_endpoint.json", {"docker_parameters": "other"}, "does not register"),
        ("action_get_endpoint.json", {"uuid": schemas.uuid_of("get_findings")}, "has the uuid"),
    ],
)
def test_a_twin_that_would_not_work_is_found(module, name, change, words):
    path = module / name
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert any(words in problem.message for problem in check(module))


def test_files_that_are_missing_or_broken_are_named(module):
    (module / "cado_sentinelone_module/actions.py").write_text("class")
    assert [problem.path for problem in check(module)] == ["cado_sentinelone_module/actions.py"]
    (module / "logo.png").write_bytes(b"")
    (module / "Dockerfile").unlink()
    assert {problem.path for problem in check(module)} == {"logo.png", "Dockerfile"}


def test_a_registration_without_a_manifest_is_found(module):
    (module / "action_get_endpoint.json").unlink()
    (problem,) = check(module)
    assert (problem.path, "get_endpoint" in problem.message) == ("main.py", True)
