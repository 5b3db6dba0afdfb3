"""What the platform's objects become: every quirk of the contract that a record meets."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cado_sentinelone.clients.cado_evidence_records import Alarm, Evidence, TimelineEvent
from cado_sentinelone.clients.cado_records import (
    CadoAccount,
    Device,
    Investigation,
    Pipeline,
    Subtask,
    SystemStatus,
    WhoAmI,
    severity_word,
    utc,
)

NOON = datetime(2026, 6, 30, 12, 20, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[4] / "shared" / "contracts" / "cado-examples.json"


def pipeline(**fields):
    return Pipeline.model_validate({"pipeline": {"id": 65, "type": "acquisition"}, **fields})


def test_milliseconds_and_seconds_are_told_apart_by_size():
    assert utc(1782822000000.0) == utc(1782822000) == NOON


def test_zero_is_not_started():
    task = Subtask.model_validate({"name": "yara", "start_time": 0, "finish_time": 0.0})
    assert task.started_at is None
    assert task.finished_at is None


def test_a_time_before_1970_is_seconds_and_aware():
    assert utc(-11644473600) == datetime(1601, 1, 1, tzinfo=UTC)


@given(st.floats() | st.integers())
def test_no_number_breaks_a_time(number):
    moment = utc(number)
    assert moment is None or moment.tzinfo is UTC


def test_a_pipeline_has_no_evidence_until_there_is_one():
    assert pipeline(evidence=None).evidence_id is None
    assert pipeline().evidence_id is None
    assert pipeline(evidence={"id": 0, "name": ""}).evidence_id is None
    assert pipeline(evidence={"id": 31, "name": "host"}).evidence_id == 31


def test_a_pipeline_without_project_user_or_start_is_read():
    one = pipeline(start_time=None, project=None, user=None, triggering_pipeline_id=None)
    assert (one.started_at, one.project_id, one.user_name) == (None, None, "")


def test_status_is_compared_without_case():
    assert pipeline(status="Complete").ended
    assert SystemStatus(status="Running").running
    assert Subtask(state="failure").state == "FAILURE"


def test_status_decides_and_terminated_does_not():
    assert not pipeline(status="in_progress", terminated=True).ended
    assert pipeline(status="complete", terminated=True).flawless


def test_complete_with_a_failed_task_is_not_flawless():
    one = pipeline(status="complete", summary={"total": 5, "success": 4, "failure": 1})
    assert one.ended
    assert not one.flawless


def test_the_type_inventory_that_the_filter_lacks_is_read():
    assert pipeline(pipeline={"id": 1, "type": "inventory"}).type == "inventory"


def test_unknown_words_are_kept_as_text():
    one = pipeline(pipeline={"id": 1, "type": "quantum"}, status="pondering")
    assert (one.type, one.status, one.ended) == ("quantum", "pondering", False)
    assert Investigation.model_validate({"id": 1, "details": {"status": "New"}}).status == "New"


def test_a_missing_permission_is_not_given():
    me = WhoAmI.model_validate(
        {"username": "soar", "permissions": {"import_data_triage": True, "webhook_write": False}}
    )
    assert me.permissions == {"import_data_triage"}
    assert WhoAmI.model_validate({"username": "soar"}).permissions == frozenset()


def test_account_issues_are_nullable_and_readable():
    account = {"id": 5, "account_name": "s1-prod", "account_issues": None}
    assert CadoAccount.model_validate(account).issues == ()
    issue = {"service": "RemoteOps", "issue": "Missing upload", "issue_type": "missing_permission"}
    read = CadoAccount.model_validate({**account, "account_issues": [issue]})
    assert [str(one) for one in read.issues] == ["RemoteOps: Missing upload"]


def test_unknown_fields_are_ignored_and_null_is_absent():
    device = Device.model_validate(
        {"device_id": 1734891122334455667, "hostname": None, "is_online": None, "extra": {"a": 1}}
    )
    assert device == Device(device_id="1734891122334455667")


def test_alarm_counts_that_are_not_told_are_not_zero():
    assert Evidence.model_validate({"id": 31}).malicious is None
    assert Investigation.model_validate({"id": 12, "details": None}).suspicious is None


@pytest.mark.parametrize(
    ("severity", "word"),
    [(1, "malicious"), (3, "suspicious"), (10, "informational"), (2, "suspicious")],
)
def test_smaller_severities_are_worse(severity, word):
    assert severity_word(severity) == word
    assert Alarm(alarm_id=1, severity=severity).severity_word == word


def test_an_event_has_the_word_of_its_worst_alarm():
    alarms = [{"severity": 10}, {"severity": 1}, {"severity": 3}]
    event = TimelineEvent.model_validate({"id": "a", "alarm_information": alarms})
    assert event.severity_word == "malicious"
    assert TimelineEvent.model_validate({"id": "a"}).severity_word == ""


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the contract's examples are not here")
@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("whoami", WhoAmI),
        ("sys", SystemStatus),
        ("acct_get", CadoAccount),
        ("pipe_get", Pipeline),
        ("pipe_fail", Pipeline),
        ("ev_get", Evidence),
    ],
)
def test_the_contracts_examples_are_read_in_full(name, record):
    examples = {one["name"]: one["value"] for one in json.loads(EXAMPLES.read_text())}
    read = record.model_validate(examples[name]["data"])
    assert read.model_fields_set
    if name == "pipe_get":
        assert read.created_at == NOON
        assert [task.state for task in read.subtasks] == ["RUNNING", "PENDING"]
