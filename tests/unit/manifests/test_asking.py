"""How bundles run an action, and what they tell an operator."""

from __future__ import annotations

from cado_sentinelone_manifests.asking import ask, failure, given, is_running
from cado_sentinelone_manifests.pictures import picture


def test_an_empty_form_field_is_not_given():
    form = {"a": "", "b": None, "c": 0, "d": False, "e": "x"}
    assert given(form) == {"c": 0, "d": False, "e": "x"}


def test_a_failure_says_why_and_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    outcome = ask("get_endpoint", {"sentinelone_url": ""}, {"endpoint": "lap-1"}, runner="acme")
    words = failure(outcome)
    assert "sentinelone_url" in words and "[asset]" in words
    assert words.endswith(outcome["error"]["remedy"])
    outcome = ask("get_endpont", {}, {}, runner="acme")
    assert "did you mean 'get_endpoint'" in failure(outcome)


def test_a_success_is_no_failure():
    assert failure({"error": None}) == ""


def test_a_collection_runs_until_its_state_is_an_end():
    assert is_running({"data": [{"state": "processing"}]})
    assert not is_running({"data": [{"state": "completed"}]})
    assert not is_running({"data": [{"state": "failed"}]})
    assert is_running({"data": [{"state": "unknown"}]})
    assert not is_running({"data": []})


def test_pictures_are_there():
    assert picture("logo.svg").startswith(b"<svg") and picture("logo-120x50.png")[1:4] == b"PNG"
