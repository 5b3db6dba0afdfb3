"""InsightConnect's bundle: its words and types, errors in two parts, what our check finds."""

from __future__ import annotations

import pytest

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.packing import write_files
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.insightconnect import presenter, spec
from cado_sentinelone_manifests.insightconnect.check import CODE, check
from cado_sentinelone_manifests.insightconnect.runner import files


@pytest.fixture(scope="module")
def description():
    return describe(load_catalogue().actions())


@pytest.fixture
def plugin(tmp_path):
    write_files(files(load_catalogue().actions()), tmp_path / "plugin", field="--out")
    return tmp_path / "plugin"


def answer(monkeypatch, **outcome):
    empty = {"error": None, "data": [], "message": "", "summary": {}, "warnings": [], "run_id": "1"}
    monkeypatch.setattr(presenter, "ask", lambda *args, **more: empty | outcome)


def test_secrets_come_in_objects():
    connection = {"cado_url": "https://x.example", "cado_api_key": {"secretKey": "canary"}}
    assert presenter.settings(connection) == {
        "cado_url": "https://x.example",
        "cado_api_key": "canary",
    }


def test_what_a_record_does_not_have_is_left_out(monkeypatch):
    answer(monkeypatch, data=[{"a": None, "b": [{"c": None, "d": 1}], "e": ""}])
    found = presenter.outputs("list_endpoints", {}, {})
    assert found["records"] == [{"b": [{"d": 1}], "e": ""}]


def test_a_failure_is_a_cause_and_what_to_do():
    with pytest.raises(presenter.Failed) as raised:
        presenter.outputs("get_endpoint", {}, {"endpoint": "lap"})
    assert "sentinelone_url" in raised.value.cause and "[asset]" in raised.value.cause
    assert raised.value.assistance


def test_a_red_diagnosis_is_a_failed_connection(monkeypatch):
    checks = [
        {"status": "ok", "name": "a", "detail": "fine", "remedy": ""},
        {"status": "failed", "name": "Cado: licence", "detail": "it ended", "remedy": "Renew it."},
    ]
    answer(monkeypatch, data=[{"health": "red", "checks": checks}])
    with pytest.raises(presenter.Failed) as raised:
        presenter.test({})
    assert raised.value.cause == "Cado: licence: it ended [asset]"
    assert raised.value.assistance == "Renew it."
    answer(monkeypatch, data=[{"health": "amber", "checks": checks[:1]}], message="amber: 1 ok")
    assert presenter.test({}) == {"success": True, "message": "amber: 1 ok"}


def test_every_type_that_is_named_is_there(description):
    types = spec.types(description)
    simple = {"string", "integer", "float", "boolean", "object"}
    for places in types.values():
        assert {one["type"].removeprefix("[]") for one in places.values()} <= simple | types.keys()
    for action in description.actions:
        kind = spec.outputs(action)["records"]["type"]
        assert kind.removeprefix("[]") in types


@pytest.mark.parametrize(
    ("text", "shown"),
    [("List of the IDs", "List of the IDs"), ("run_collection", "Run Collection"), ("os", "Os")],
)
def test_titles(text, shown):
    assert spec.title_case(text) == shown
    assert spec.plain("a sentence.") == "A sentence"


def test_what_is_rendered_has_no_problem(plugin):
    assert list(check(plugin)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("plugin.spec.yaml", "version: 1.0.0", "version: 0.9", "three numbers"),
        ("plugin.spec.yaml", "version: 1.0.0", "version: 1.1.0", "version_history"),
        ("plugin.spec.yaml", '"credential_secret_key"', '"string"', "not a credential"),
        ("plugin.spec.yaml", "  get_findings:\n", "  get_finding:\n", "no action get_findings"),
        (f"{CODE}/actions/get_findings/action.py", "def run", "def", "not Python"),
        (f"{CODE}/connection/connection.py", "def test", "def", "not Python"),
    ],
)
def test_a_twin_that_would_not_work_is_found(plugin, name, old, new, said):
    path = plugin / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert any(said in problem.message for problem in check(plugin)), list(check(plugin))


@pytest.mark.parametrize(
    "name", ["plugin.spec.yaml", "overlay/icon.png", f"{CODE}/actions/get_findings/action.py"]
)
def test_a_missing_file_is_named(plugin, name):
    (plugin / name).unlink()
    assert [problem.path for problem in check(plugin)] == [name]
