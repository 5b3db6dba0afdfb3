"""SecOps' bundle: forms, the state between runs, what our check finds."""

from __future__ import annotations

import json

import pytest

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.packing import write_files
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.google_secops import presenter, words
from cado_sentinelone_manifests.google_secops.check import check
from cado_sentinelone_manifests.google_secops.runner import VERSION, files, is_async

STATES = {"completed": 0, "failed": 2}
ASYNC = STATES | {"inprogress": 1}
RUNNING = {"collection_id": "col-1", "state": "running"}


@pytest.fixture(scope="module")
def description():
    return describe(load_catalogue().actions())


@pytest.fixture
def integration(tmp_path):
    write_files(files(load_catalogue().actions()), tmp_path / "integration", field="--out")
    return tmp_path / "integration"


class Siemplify:
    """The platform's action, as the presenter sees it."""

    def __init__(self, configuration=None, **parameters):
        self.configuration, self.parameters, self.result = configuration or {}, parameters, self

    def extract_configuration_param(self, provider_name, param_name):
        assert provider_name == words.INTEGRATION
        return self.configuration.get(param_name)

    def extract_action_param(self, param_name):
        return self.parameters.get(param_name)

    def add_result_json(self, json_data):
        self.json = json_data

    def end(self, message, result_value, execution_state):
        self.ended = (message, result_value, execution_state)


@pytest.fixture
def answers(monkeypatch):
    """What is asked for; each answer is the next of `answers`."""
    calls = []

    def prepare(*records):
        left = list(records)

        def ask(action, settings, parameters, *, runner):
            calls.append((action, settings, parameters))
            return {"error": None, "data": [left.pop(0)], "message": "told"}

        monkeypatch.setattr(presenter, "ask", ask)
        return calls

    return prepare


def test_forms_become_settings_and_parameters(answers):
    calls = answers({"hostname": "lap"})
    siemplify = Siemplify({"SentinelOne URL": "https://acme.example.com"}, Endpoint="lap")
    names = {"endpoint": "Endpoint"}
    settings = {"sentinelone_url": "SentinelOne URL"}
    presenter.run(siemplify, "get_endpoint", settings, names, STATES)
    assert calls == [
        ("get_endpoint", {"sentinelone_url": "https://acme.example.com"}, {"endpoint": "lap"})
    ]
    assert siemplify.ended == ("told", "true", 0)


def test_a_collection_is_in_progress_until_it_has_ended(answers):
    calls = answers(RUNNING, RUNNING, RUNNING | {"state": "completed"})
    siemplify = Siemplify(Endpoint="lap")
    for _ in range(2):
        presenter.run(siemplify, "run_collection", {}, {"endpoint": "Endpoint"}, ASYNC)
        _, kept, state = siemplify.ended
        assert (json.loads(kept), state) == ({"collection_id": "col-1"}, 1)
        siemplify.parameters["additional_data"] = kept
    presenter.run(siemplify, "run_collection", {}, {"endpoint": "Endpoint"}, ASYNC)
    assert siemplify.ended == ("told", "true", 0)
    assert [name for name, _, _ in calls] == ["run_collection"] + ["get_task_status"] * 2
    assert calls[1][2] == {"collection_id": "col-1"}


def test_a_collection_that_failed_is_a_failure_with_its_reason(answers):
    answers({"collection_id": "col-1", "state": "failed", "error": "disk full"})
    siemplify = Siemplify(additional_data='{"collection_id": "col-1"}')
    presenter.run(siemplify, "run_collection", {}, {}, ASYNC)
    assert siemplify.ended == ("told: disk full", "false", 2)


def test_an_outage_that_passes_does_not_end_the_looks(monkeypatch):
    error = {"kind": "unavailable", "message": "it is down", "remedy": "", "retryable": True}
    outcome = {"error": error, "data": [], "message": "it is down"}
    monkeypatch.setattr(presenter, "ask", lambda *args, **more: outcome)
    siemplify = Siemplify(additional_data='{"collection_id": "col-1"}')
    presenter.run(siemplify, "run_collection", {}, {}, ASYNC)
    words_of_it, kept, state = siemplify.ended
    assert "this look failed" in words_of_it and json.loads(kept) == {"collection_id": "col-1"}
    assert state == ASYNC["inprogress"]
    first = Siemplify()
    presenter.run(first, "run_collection", {}, {}, ASYNC)
    assert first.ended[2] == ASYNC["failed"]


def test_a_dry_run_is_not_come_back_for(answers):
    answers({"collection_id": "", "state": "planned"})
    siemplify = Siemplify()
    presenter.run(siemplify, "run_collection", {}, {}, ASYNC)
    assert siemplify.ended[2] == 0


@pytest.mark.parametrize("kept", ["", "not json", "[]", '{"other": 1}', None])
def test_a_state_that_is_none_is_a_first_run(answers, kept):
    calls = answers({"hostname": "lap"})
    presenter.run(Siemplify(additional_data=kept), "get_endpoint", {}, {}, STATES)
    assert calls[0][0] == "get_endpoint"


@pytest.mark.parametrize(
    ("health", "start", "state"),
    [("green", "Successfully connected to the ", 0), ("red", "Failed to connect to the ", 2)],
)
def test_ping_says_the_words_that_the_platform_looks_for(answers, health, start, state):
    check = {"status": "failed", "name": "Cado: licence", "detail": "it ended", "remedy": "Renew."}
    answers({"health": health, "checks": [check]})
    siemplify = Siemplify()
    presenter.ping(siemplify, {}, STATES)
    assert siemplify.ended[0].startswith(start) and siemplify.ended[2] == state
    assert ("Cado: licence: it ended. Renew." in siemplify.ended[0]) == bool(state)


def test_only_a_launch_is_asynchronous(description):
    assert [one.identifier for one in description.actions if is_async(one)] == ["run_collection"]


def test_what_is_rendered_has_no_problem(integration):
    assert list(check(integration)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("definition.yaml", '"Verify SSL"', '"Verify"', "Verify SSL"),
        ("definition.yaml", '"password"', '"secret"', "type 'secret'"),
        ("definition.yaml", '"CadoSentinelOne"', '"Other"', "identifier"),
        ("actions/GetEndpoint.yaml", '"Get endpoint"', '"Get (endpoint)"', "characters"),
        ("actions/GetEndpoint.yaml", '"is_success"', '"ok"', "script_result_name"),
        ("actions/GetEndpoint.yaml", '"CadoSentinelOne"', '"Other"', "another integration"),
        ("actions/GetEndpoint.yaml", '"string"', '"text"', "type 'text'"),
        (
            "actions/RunCollection.yaml",
            '"default_value": "cado"',
            '"default_value": "x"',
            "none of",
        ),
        ("actions/Ping.py", "presenter import ping", "presenter import run", "presenter's ping"),
        ("actions/GetEndpoint.py", "def main", "def", "not Python"),
        ("release_notes.yaml", f"version: {VERSION}", "version: 9.0", "another version"),
        ("resources/GetEndpoint_JsonResult_example.json", "{", "", "not JSON"),
    ],
)
def test_a_twin_that_would_not_work_is_found(integration, name, old, new, said):
    path = integration / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert any(said in problem.message for problem in check(integration)), list(check(integration))


@pytest.mark.parametrize(
    "name",
    ["actions/GetEndpoint.py", "resources/GetEndpoint_JsonResult_example.json", "definition.yaml"],
)
def test_a_missing_file_is_named(integration, name):
    (integration / name).unlink()
    assert name in [problem.path for problem in check(integration)]
