"""Cortex's bundle: which parameter the observable is, what is masked, what our check finds."""

from __future__ import annotations

import json

import pytest

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.packing import write_files
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.thehive_cortex import presenter
from cado_sentinelone_manifests.thehive_cortex.check import check
from cado_sentinelone_manifests.thehive_cortex.flavors import flavors
from cado_sentinelone_manifests.thehive_cortex.runner import files

FLAVOR = "analyzers/CadoSentinelOne/CadoSentinelOne_GetEndpoint.json"


@pytest.fixture
def bundle(tmp_path):
    write_files(files(load_catalogue().actions()), tmp_path / "bundle", field="--out")
    return tmp_path / "bundle"


@pytest.fixture
def asked(monkeypatch):
    calls = []

    def ask(action, settings, parameters, *, runner):
        calls.append((action, settings, parameters))
        return {"error": None, "data": []}

    monkeypatch.setattr(presenter, "ask", ask)
    return calls


@pytest.fixture(scope="module")
def by_action():
    return {one.action.identifier: one for one in flavors(describe(load_catalogue().actions()))}


def test_what_changes_something_is_a_responder(by_action):
    for flavor in by_action.values():
        assert flavor.action.read_only or not flavor.is_analyzer
        assert flavor.is_analyzer == (not flavor.data_types[0].startswith("thehive:"))
    assert by_action["enrich_endpoint"].data_types == ("hostname", "fqdn", "ip", "other")
    assert by_action["run_collection"].data_types == ("thehive:case_artifact",)


def test_a_case_s_title_never_names_an_account(by_action):
    for action in ("delete_account", "check_account", "list_accounts"):
        assert by_action[action].subject == ""
    assert by_action["create_investigation"].subject == "name"


def test_settings_parameters_and_the_observable_are_told_apart(asked):
    config = {
        "service": "list_endpoints",
        "sentinelone_url": "https://acme.example.com",
        "sentinelone_token_key": "canary",
        "site_ids": [],
        "parameter_limit": 5,
        "parameter_os": "",
    }
    presenter.outcome_of(config, "hostname_contains", "lap")
    assert asked == [
        (
            "list_endpoints",
            {"sentinelone_url": "https://acme.example.com", "sentinelone_token": "canary"},
            {"limit": 5, "hostname_contains": "lap"},
        )
    ]


@pytest.mark.parametrize(
    ("config", "investigation"),
    [({}, "INC-9"), ({"parameter_investigation": "INC-1"}, "INC-1")],
)
def test_a_collection_goes_into_the_case_s_investigation(asked, config, investigation):
    data = {"data": "lap-1", "case": {"title": "INC-9"}}
    presenter.outcome_of({"service": "run_collection"} | config, "endpoint", data)
    assert asked[0][2] == {"endpoint": "lap-1", "investigation": investigation}


def test_an_action_s_own_secret_comes_back_under_its_name(asked):
    config = {"service": "add_account", "parameter_token_key": "canary"}
    presenter.outcome_of(config, "", {"title": "INC-9"})
    assert asked[0][2] == {"token": "canary"}


def test_labels_and_tags():
    record = {"verdict": "malicious", "collection_id": "col-1", "state": "completed"}
    outcome = {"data": [record]}
    assert presenter.labels(outcome) == [
        ("malicious", "verdict", "malicious"),
        ("info", "state", "completed"),
    ]
    assert presenter.tags(outcome) == [
        "cado-sentinelone:collection_id=col-1",
        "cado-sentinelone:verdict=malicious",
    ]
    assert presenter.labels({"data": []}) == [("info", "records", "0")]


def test_what_is_rendered_has_no_problem(bundle):
    assert list(check(bundle)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "Two words"}, "file's name"),
        ({"command": "hello.py"}, "command"),
        ({"config": {"service": ""}}, "service"),
        ({"dataTypeList": []}, "dataTypeList"),
        ({"license": None}, "license"),
        ({"configurationItems": [{"name": "a", "type": "text"}]}, "type 'text'"),
        ({"configurationItems": [{"name": "a", "type": "string"}]}, "lacks one of"),
        (
            {
                "configurationItems": [
                    {"name": "x_token", "type": "string", "description": "", "multi": False}
                    | {"required": False}
                ]
            },
            "not mask",
        ),
    ],
)
def test_a_flavor_that_would_not_work_is_found(bundle, change, words):
    path = bundle / FLAVOR
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    problems = list(check(bundle))
    assert {problem.path for problem in problems} == {FLAVOR}
    assert any(words in problem.message for problem in problems)


def test_a_broken_file_and_a_script_that_is_no_program_are_found(bundle):
    (bundle / FLAVOR).write_text("{")
    (bundle / "responders/CadoSentinelOne/responders.py").chmod(0o644)
    (bundle / "analyzers/CadoSentinelOne/analyzers.py").write_text("def")
    problems = {problem.path: problem.message for problem in check(bundle)}
    assert "not JSON" in problems[FLAVOR]
    assert "not executable" in problems["responders/CadoSentinelOne/responders.py"]
    assert "not Python" in problems["analyzers/CadoSentinelOne/analyzers.py"]
