"""Shuffle's bundle: what its app tells a workflow, and what our check finds that Shuffle would not."""

from __future__ import annotations

import json

import pytest

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.packing import write_files
from cado_sentinelone_manifests.shuffle.check import check, declared
from cado_sentinelone_manifests.shuffle.presenter import answer
from cado_sentinelone_manifests.shuffle.runner import files


@pytest.fixture
def app(tmp_path):
    write_files(files(load_catalogue().actions()), tmp_path / "shuffle", field="--out")
    return tmp_path / "shuffle"


@pytest.fixture
def asked(monkeypatch):
    """What the presenter asks for."""
    calls = []

    def ask(action, settings, parameters, *, runner):
        calls.append((action, settings, parameters, runner))
        return {"error": None, "data": []}

    monkeypatch.setattr("cado_sentinelone_manifests.shuffle.presenter.ask", ask)
    return calls


def test_settings_and_parameters_are_told_apart(asked):
    arguments = {
        "sentinelone_url": "https://acme.example.com",
        "asset_site_ids": "1",
        "site_ids": "2",
        "hostname_contains": "lap",
    }
    assert json.loads(answer("list_endpoints", arguments))["success"] is True
    assert asked == [
        (
            "list_endpoints",
            {"sentinelone_url": "https://acme.example.com", "site_ids": "1"},
            {"site_ids": "2", "hostname_contains": "lap"},
            "shuffle",
        )
    ]


def test_a_failure_has_a_reason_in_words():
    told = json.loads(answer("get_endpoint", {"endpoint": ""}))
    assert told["success"] is False
    assert "endpoint" in told["reason"] and told["error"]["kind"] == "params"


def test_what_is_rendered_has_no_problem(app):
    assert list(check(app)) == []
    assert declared(app / "api.yaml")["get_endpoint"][-1] == "endpoint"


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("api.yaml", '- name: "endpoint"', '- name: "host"', "other parameters"),
        ("api.yaml", '  - name: "get_findings"', '  - name: "get_finding"', "no function"),
        ("src/app.py", "def get_findings(", "def get_finding(", "no action"),
        ("src/app.py", "class CadoSentinelOne(AppBase):", "class CadoSentinelOne(:", "not Python"),
    ],
)
def test_a_twin_that_lies_is_found(app, name, old, new, words):
    path = app / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    problems = list(check(app))
    assert problems and any(words in problem.message for problem in problems)


@pytest.mark.parametrize("name", ["api.yaml", "src/app.py", "Dockerfile", "requirements.txt"])
def test_a_missing_file_is_named(app, name):
    (app / name).unlink()
    assert [problem.path for problem in check(app)] == [name]
