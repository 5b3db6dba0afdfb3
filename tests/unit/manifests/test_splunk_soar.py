"""Splunk SOAR's bundle: data paths, what an operator sees, wheels in the manifest, our check."""

from __future__ import annotations

import json

import pytest

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.packing import write_files
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.splunk_soar import presenter, words
from cado_sentinelone_manifests.splunk_soar.check import MANIFEST, check
from cado_sentinelone_manifests.splunk_soar.runner import files, with_wheels


@pytest.fixture(scope="module")
def actions():
    return load_catalogue().actions()


@pytest.fixture
def app(actions, tmp_path):
    write_files(files(actions), tmp_path / "app", field="--out")
    return tmp_path / "app"


class Result:
    """The platform's action result."""

    def __init__(self):
        self.data, self.summary, self.status = [], {}, None

    def add_data(self, item):
        self.data.append(item)

    def set_summary(self, summary):
        self.summary = summary

    def set_status(self, status, message):
        self.status = (status, message)
        return status


def asked(monkeypatch, **outcome):
    calls = []
    empty = {"error": None, "data": [], "message": "told", "summary": {"n": 1}, "warnings": []}

    def ask(action, settings, parameters, *, runner, progress):
        calls.append((action, settings, parameters, runner))
        return empty | outcome

    monkeypatch.setattr(presenter, "ask", ask)
    return calls


def test_settings_and_parameters_are_what_is_ours(monkeypatch):
    calls = asked(monkeypatch, data=[{"hostname": "lap"}], warnings=["look out"])
    result, said = Result(), []
    configuration = {"cado_url": "https://x.example", "directory": "app", "appname": "-"}
    parameter = {"endpoint": "lap", "context": {"guid": "1"}}
    assert presenter.run("get_endpoint", configuration, parameter, result, said.append)
    assert calls == [
        ("get_endpoint", {"cado_url": "https://x.example"}, {"endpoint": "lap"}, "splunk_soar")
    ]
    assert (result.data, result.summary, result.status) == (
        [{"hostname": "lap"}],
        {"n": 1},
        (True, "told"),
    )
    assert said == ["look out"]


def test_a_failure_keeps_what_came_before_it_and_says_why(monkeypatch):
    error = {"kind": "unavailable", "message": "it is down", "remedy": "Try again."}
    asked(monkeypatch, error=error, data=[{"hostname": "lap"}])
    result = Result()
    assert not presenter.run("list_endpoints", {}, {}, result, [].append)
    assert result.status == (False, "it is down [unavailable] Try again.") and result.data


@pytest.mark.parametrize(
    ("health", "words_of_the_platform"),
    [("amber", "Test Connectivity Passed"), ("red", "Test Connectivity Failed")],
)
def test_the_connectivity_test_says_what_is_missing(monkeypatch, health, words_of_the_platform):
    check = {"status": "failed", "name": "Cado: licence", "detail": "it ended", "remedy": "Renew."}
    asked(monkeypatch, data=[{"health": health, "checks": [check]}])
    result, said = Result(), []
    presenter.run("test_connectivity", {}, {}, result, said.append)
    assert said == ["failed: Cado: licence: it ended. Renew.", words_of_the_platform]
    assert result.status[0] is (health == "amber")


def test_data_paths_say_what_they_hold(actions):
    paths = {
        one["data_path"]: one for one in words.outputs(describe(actions).action("list_endpoints"))
    }
    assert paths["action_result.data.*.hostname"]["contains"] == ["host name"]
    assert paths["action_result.data.*.ip_addresses.*"]["contains"] == ["ip"]
    assert paths["action_result.data.*.agent_id"]["contains"] == ["sentinelone agent id"]
    assert paths["action_result.data.*.hostname"]["column_order"] >= 0
    assert len(paths) == len(words.outputs(describe(actions).action("list_endpoints")))


def test_the_wheels_are_named_in_the_manifest(actions):
    rendered = list(files(actions))
    path = "wheels/py313/pydantic_core-2.1-cp313-cp313-manylinux_2_17_x86_64.whl"
    found = {file.path: file for file in with_wheels(rendered, [path])}
    assert json.loads(found[MANIFEST].content)["pip313_dependencies"] == {
        "wheel": [{"module": "pydantic_core", "input_file": path}]
    }
    assert len(found) == len(rendered)


def test_what_is_rendered_has_no_problem(app):
    assert list(check(app)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda one: one["configuration"]["cado_url"].update(data_type="text"), "data_type 'text'"),
        (lambda one: one["configuration"]["cado_api_key"].update(data_type="string"), "password"),
        (lambda one: one.update(appid="not a uuid"), "no UUID"),
        (lambda one: one.update(main_module="gone.py"), "not there"),
        (lambda one: one.update(logo="gone.svg"), "not there"),
        (lambda one: one["actions"][1].update(type="nonsense"), "type 'nonsense'"),
        (lambda one: one["actions"][1].update(identifier="gone"), "does not know gone"),
        (lambda one: one["actions"][1]["output"][0].update(data_type="x"), "data_type 'x'"),
        (lambda one: one["actions"][1]["output"].append({"column_order": 9}), "numbered"),
        (lambda one: one.update(actions=[]), "no action test connectivity"),
    ],
)
def test_a_twin_that_would_not_work_is_found(app, change, said):
    manifest = json.loads((app / MANIFEST).read_text())
    change(manifest)
    (app / MANIFEST).write_text(json.dumps(manifest))
    assert any(said in problem.message for problem in check(app)), list(check(app))


def test_a_missing_file_is_named(app):
    (app / "readme.html").unlink()
    assert [problem.path for problem in check(app)] == ["readme.html"]
