"""IBM SOAR's bundle: fields that clash with nobody's, secrets by reference, what our check finds."""

from __future__ import annotations

import json

import pytest

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.packing import write_files
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.ibm_soar import export, presenter
from cado_sentinelone_manifests.ibm_soar.check import CODE, check
from cado_sentinelone_manifests.ibm_soar.runner import files


@pytest.fixture(scope="module")
def description():
    return describe(load_catalogue().actions())


@pytest.fixture
def app(tmp_path):
    write_files(files(load_catalogue().actions()), tmp_path / "app", field="--out")
    return tmp_path / "app"


def asked(monkeypatch, **outcome):
    calls = []
    empty = {"error": None, "data": [], "message": "told", "summary": {}, "warnings": []}

    def ask(action, settings, parameters, *, runner):
        calls.append((action, settings, parameters, runner))
        return empty | outcome

    monkeypatch.setattr(presenter, "ask", ask)
    return calls


def test_choices_and_text_areas_come_in_objects(monkeypatch):
    calls = asked(monkeypatch)
    inputs = {
        "cado_s1_via": {"id": 1, "name": "cado"},
        "cado_s1_reason": {"format": "text", "content": "why"},
        "cado_s1_endpoint": "lap",
    }
    names = {"via": "cado_s1_via", "reason": "cado_s1_reason", "endpoint": "cado_s1_endpoint"}
    section = {"cado_url": "https://x.example", "workers": 5, "site_ids": ""}
    assert presenter.result("run_collection", section, inputs, names)[1] == ""
    assert calls == [
        (
            "run_collection",
            {"cado_url": "https://x.example"},
            {"via": "cado", "reason": "why", "endpoint": "lap"},
            "ibm_soar",
        )
    ]


def test_the_selftest_says_what_is_missing(monkeypatch):
    check = {"status": "failed", "name": "Cado: licence", "detail": "it ended", "remedy": "Renew."}
    asked(monkeypatch, data=[{"health": "red", "checks": [check]}])
    assert presenter.selftest({}) == {
        "state": "failure",
        "reason": "Cado: licence: it ended. Renew.",
    }
    asked(monkeypatch, data=[{"health": "green", "checks": []}])
    assert presenter.selftest({}) == {"state": "success", "reason": "told"}


def test_a_selftest_that_cannot_run_is_a_failure():
    found = presenter.selftest({"sentinelone_url": "no url"})
    assert found["state"] == "failure" and "sentinelone_url" in found["reason"]


def test_an_input_that_two_actions_fill_in_differently_is_two_fields(description):
    names = export.input_names(description)
    assert names["get_endpoint"]["endpoint"] == names["run_collection"]["endpoint"]
    assert names["list_endpoints"]["os"] != names["add_exclusions"]["os"]
    fields = {one["name"]: one for one in export.export(description)["fields"]}
    os_values = [one["label"] for one in fields[names["list_endpoints"]["os"]]["values"]]
    assert os_values == ["windows", "windows_legacy", "linux", "macos"]


def test_a_field_is_required_only_if_every_function_requires_it(description):
    fields = {one["name"]: one for one in export.export(description)["fields"]}
    assert "required" not in fields["cado_s1_endpoint"]  # list_collections does without it
    assert fields["cado_s1_folder"]["required"] == "always"


def test_identifiers_are_for_ever():
    """The platform joins an upgrade to what is installed by them."""
    assert export.uuid_of("queue") == "33d4eebc-d22d-59b8-9d25-303b67950c35"


def test_what_is_rendered_has_no_problem(app):
    assert list(check(app)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("export.res", '"name": "cado_s1_endpoint"', '"name": "endpoint"', "not named as ours"),
        ("export.res", '"input_type": "select"', '"input_type": "list"', "type 'list'"),
        ("export.res", '"destination_handle": "fn_', '"destination_handle": "x_', "another queue"),
        ("export.res", '"name": "cado_s1_get_findings"', '"name": "cado_s1_gone"', "no function"),
        ("export.res", "{", "", "not JSON"),
        (f"{CODE}/util/config.py", "=$CADO_API_KEY", "=plain", "does not refer to a secret"),
        (f"{CODE}/util/selftest.py", "def ", "def", "not Python"),
        (f"{CODE}/components/funct_cado_s1_get_findings.py", "class ", "clas ", "not Python"),
    ],
)
def test_a_twin_that_would_not_work_is_found(app, name, old, new, said):
    path = app / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert any(said in problem.message for problem in check(app)), list(check(app))


def test_an_input_that_is_no_field_and_fields_that_clash_are_found(app):
    document = json.loads((app / "export.res").read_text())
    document["functions"][0]["view_items"][0]["content"] = "0"
    document["fields"][1]["name"] = document["fields"][0]["name"]
    next(one for one in document["fields"] if one["values"])["values"] = []
    (app / "export.res").write_text(json.dumps(document))
    said = " ".join(problem.message for problem in check(app))
    assert "no field" in said and "one name" in said and "nothing to select" in said


@pytest.mark.parametrize(
    "name", ["export.res", f"{CODE}/LICENSE", f"{CODE}/components/funct_cado_s1_get_findings.py"]
)
def test_a_missing_file_is_named(app, name):
    (app / name).unlink()
    assert [problem.path for problem in check(app)] == [name]
