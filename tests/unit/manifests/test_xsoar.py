"""XSOAR's bundle: credentials, the context, the next look, what our check finds."""

from __future__ import annotations

import pytest

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.packing import write_files
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.xsoar import presenter, words
from cado_sentinelone_manifests.xsoar.check import ID, VERSION, check
from cado_sentinelone_manifests.xsoar.presenter import Command
from cado_sentinelone_manifests.xsoar.runner import files

YAML = f"Integrations/{ID}/{ID}.yml"
COMMAND = Command(
    "run_collection", "CadoS1.Collection", "collection_id", ("collection_id", "state")
)
RUNNING = {"collection_id": "col-1", "state": "running", "steps": [{"a": 1}], "note": "a|b<c>"}


@pytest.fixture(scope="module")
def description():
    return describe(load_catalogue().actions())


@pytest.fixture
def pack(tmp_path):
    write_files(files(load_catalogue().actions()), tmp_path / "pack", field="--out")
    return tmp_path / "pack"


@pytest.fixture
def asked(monkeypatch):
    calls = []

    def prepare(*records, warnings=()):
        def ask(action, settings, parameters, *, runner):
            calls.append((action, settings, parameters, runner))
            return {
                "error": None, "data": list(records), "message": "told", "warnings": list(warnings),
            }  # fmt: skip

        monkeypatch.setattr(presenter, "ask", ask)
        return calls

    return prepare


def test_credentials_come_in_objects_and_the_switch_for_tls_is_the_other_way_round():
    params = {"cado_api_key": {"identifier": "", "password": "canary"}, "proxy": True}
    assert presenter.settings(params) == {"cado_api_key": "canary", "verify_tls": True}
    assert presenter.settings({"insecure": True}) == {"verify_tls": False}


def test_a_collection_that_runs_is_looked_at_again_if_that_is_wanted(asked):
    calls = asked(RUNNING)
    args = {"endpoint": "lap", "wait": "true", "interval_in_seconds": "5", "timeout_in_seconds": ""}
    shown = presenter.show(COMMAND, {}, args)
    assert calls[0][2] == {"endpoint": "lap"}
    name, following, seconds, timeout = shown.next_look
    assert (name, seconds, timeout) == ("cado-s1-get-task-status", 10, 604_800)
    assert following["collection_id"] == "col-1" and following["wait"] == "true"
    assert presenter.show(COMMAND, {}, {"endpoint": "lap"}).next_look is None


@pytest.mark.parametrize(
    "record", [RUNNING | {"state": "completed"}, RUNNING | {"collection_id": ""}]
)
def test_what_has_ended_or_never_began_is_not_looked_at_again(asked, record):
    asked(record)
    assert presenter.show(COMMAND, {}, {"wait": "true"}).next_look is None


def test_an_outage_that_passes_does_not_end_the_looks(monkeypatch):
    error = {"kind": "unavailable", "message": "it is down", "remedy": "", "retryable": True}
    outcome = {"error": error, "data": [], "message": "it is down", "warnings": []}
    monkeypatch.setattr(presenter, "ask", lambda *args, **more: dict(outcome))
    looking = {"collection_id": "col-1", "wait": "true"}
    shown = presenter.show(COMMAND, {}, looking)
    assert not shown.error and shown.next_look[1]["collection_id"] == "col-1"
    assert "this look failed: it is down" in shown.readable
    # A launch has no id yet, and nobody comes back for a look that was made by hand.
    assert presenter.show(COMMAND, {}, {"endpoint": "lap", "wait": "true"}).error
    assert presenter.show(COMMAND, {}, {"collection_id": "col-1"}).error
    outcome["error"] = error | {"retryable": False}
    assert presenter.show(COMMAND, {}, looking).error


def test_a_table_shows_the_columns_and_nothing_breaks_out_of_it(asked):
    asked(RUNNING, warnings=["look | out"])
    assert presenter.show(COMMAND, {}, {}).readable.splitlines() == [
        "### told",
        "|collection_id|state|",
        "|---|---|",
        "|col-1|running|",
        "- look \\| out",
    ]
    bare = Command("run_collection", "CadoS1.Collection", "", ())
    assert "a\\|b&lt;c&gt;" in presenter.show(bare, {}, {}).readable


def test_a_long_listing_is_cut_in_the_table_only(asked):
    asked(*[RUNNING] * 130)
    shown = presenter.show(COMMAND, {}, {})
    assert len(shown.outputs) == 130 and "30 more are in the context" in shown.readable


def test_the_test_button_says_what_is_missing(asked):
    check = {"status": "failed", "name": "Cado: licence", "detail": "it ended", "remedy": "Renew."}
    asked({"health": "red", "checks": [check]})
    assert presenter.check_connection({}) == "Cado: licence: it ended. Renew."
    asked({"health": "amber", "checks": [check]})
    assert presenter.check_connection({}) == "ok"


def test_commands_and_their_places(description):
    by_name = {one.identifier: one for one in description.actions}
    assert words.command_name(by_name["run_collection"]) == "cado-s1-run-collection"
    assert {name for name, one in by_name.items() if words.polls(one)} == {
        "run_collection",
        "get_task_status",
    }
    assert words.output_prefix(by_name["list_endpoints"]) == "CadoS1.Endpoint"
    assert words.key_field(by_name["list_endpoints"]) == "agent_id"


def test_what_is_rendered_has_no_problem(pack):
    assert list(check(pack)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (YAML, '"type": 9', '"type": 99', "type 99"),
        (YAML, '"type": 9', '"type": 0', "no credential"),
        (YAML, '"type": "String"', '"type": "Strang"', "type 'Strang'"),
        (YAML, "name: cado-s1-get-findings", "name: findings", "prefix-verb-noun"),
        (YAML, "name: cado-s1-get-findings", "name: cado-s1-get-them", "does not tell of"),
        (f"Integrations/{ID}/README.md", "### cado-s1-get-findings", "### other", "tell of"),
        (f"Integrations/{ID}/{ID}.py", "'cado-s1-get-findings'", "'other'", "does not run"),
        (f"Integrations/{ID}/{ID}.py", "def main", "def", "not Python"),
        ("pack_metadata.json", f'"{VERSION}"', '"9.0.0"', "missing for version 9.0.0"),
    ],
)
def test_a_twin_that_would_not_work_is_found(pack, name, old, new, said):
    path = pack / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert any(said in problem.message for problem in check(pack)), list(check(pack))


def test_a_missing_file_is_named(pack):
    (pack / YAML).unlink()
    assert [problem.path for problem in check(pack)] == [YAML]
