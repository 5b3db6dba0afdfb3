"""StackStorm's bundle: what an action hands over, what our check finds."""

from __future__ import annotations

import pytest

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.packing import write_files
from cado_sentinelone_manifests.stackstorm import presenter
from cado_sentinelone_manifests.stackstorm.check import check
from cado_sentinelone_manifests.stackstorm.runner import files


@pytest.fixture
def pack(tmp_path):
    write_files(files(load_catalogue().actions()), tmp_path / "pack", field="--out")
    return tmp_path / "pack"


def test_an_action_hands_over_what_was_filled_in(monkeypatch):
    calls = []

    def ask(action, settings, parameters, *, runner):
        calls.append((action, settings, parameters, runner))
        return {"error": None, "data": []}

    monkeypatch.setattr(presenter, "ask", ask)
    succeeded, outcome = presenter.result(None, {presenter.ACTION: "get_endpoint", "endpoint": "x"})
    assert succeeded and outcome["reason"] == ""
    assert calls == [("get_endpoint", {}, {"endpoint": "x"}, "stackstorm")]


def test_a_failure_has_its_reason():
    succeeded, outcome = presenter.result({}, {presenter.ACTION: "get_endpoint", "endpoint": "x"})
    assert not succeeded and "sentinelone_url" in outcome["reason"]


def test_what_is_rendered_has_no_problem(pack):
    assert list(check(pack)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("pack.yaml", 'ref: "cado_sentinelone"', 'ref: "Cado-S1"', "ref is not"),
        ("pack.yaml", "@users", " at users", "no address"),
        ("pack.yaml", "version: ", "version: 1", "three numbers"),
        ("config.schema.yaml", ', "secret": true', "", "not marked as secret"),
        ("config.schema.yaml", '"type": "string"', '"type": "text"', "type 'text'"),
        ("actions/get_endpoint.yaml", 'name: "get', 'name: "fetch', "file's name"),
        ("actions/get_endpoint.yaml", "python-script", "python", "runner_type"),
        ("actions/get_endpoint.yaml", '"run.py"', '"gone.py"', "not there"),
        ("actions/get_endpoint.yaml", '"required"', '"mandatory"', "nobody knows"),
        ("actions/run.py", "class Run(Action):", "class Run(:", "not Python"),
        ("rules/collect_on_threat.yaml", '.collect"', '.gone"', "not in"),
    ],
)
def test_a_twin_that_would_not_work_is_found(pack, name, old, new, words):
    path = pack / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert any(words in problem.message for problem in check(pack)), list(check(pack))


def test_a_missing_file_is_named(pack):
    (pack / "icon.png").unlink()
    assert [problem.path for problem in check(pack)] == ["icon.png"]
