"""Which words each route uses for what: one id with two names, arrays, filters, orders."""

from __future__ import annotations

import pytest

from cado_sentinelone.errors import NotFoundError


def test_pipelines_evidence_and_timeline_call_it_project_id(api, cado):
    api.listing("/pipelines", [])
    api.listing("/evidences", [])
    api.cursor_page("/timeline", [])
    list(cado.pipelines(project_id=12))
    list(cado.evidences(project_id=12))
    list(cado.timeline(12))
    for index in range(3):
        assert ("project_id", "12") in api.query(index)


def test_alarms_and_indicators_call_it_investigation_id(api, cado):
    api.listing("/alarms", [])
    api.answer("GET", "/alarms/summary", {"total": 0, "breakdown": []})
    api.answer("GET", "/indicators", {"detected_iocs": [], "indicators": []})
    list(cado.alarms(investigation_id=12))
    cado.alarm_summary(12)
    cado.indicators(12)
    for index in range(3):
        assert ("investigation_id", "12") in api.query(index)
        assert "project_id" not in dict(api.query(index))


def test_arrays_are_repeated_keys(api, cado):
    api.listing("/alarms", [])
    list(cado.alarms(severities=[1, 3]))
    assert [pair for pair in api.query() if pair[0] == "alarm_severity"] == [
        ("alarm_severity", "1"),
        ("alarm_severity", "3"),
    ]
    api.listing("/projects", [])
    list(cado.investigations(status=["Closed", "Collection & Analysis"], ids=[1, 2]))
    assert ("status", "Collection & Analysis") in api.query()
    assert [value for key, value in api.query() if key == "project_id"] == ["1", "2"]


def test_pipelines_are_filtered_by_their_own_words(api, cado):
    api.listing("/pipelines", [])
    list(
        cado.pipelines(
            triggering_pipeline_id=65, evidence_id=31, type="processing", status="failed"
        )
    )
    assert dict(api.query()) == {
        "triggering_pipeline_id": "65",
        "evidence_id": "31",
        "type": "processing",
        "pipeline_status": "failed",
        "order_by": "created",
        "page": "1",
        "per_page": "1000",
    }


def test_new_rows_come_last_where_the_route_can_order_them(api, cado):
    for route, records in (
        ("/evidences", cado.evidences()),
        ("/alarms", cado.alarms()),
    ):
        api.listing(route, [])
        list(records)
        assert ("order_by", "id") in api.query()


def test_alarm_counts_of_investigations_come_only_when_asked_for(api, cado):
    api.listing("/projects", [])
    list(cado.investigations())
    assert "get_alarm_summary" not in dict(api.query())
    list(cado.investigations(with_alarms=True))
    assert ("get_alarm_summary", "true") in api.query()


def test_users_and_groups_are_lists_of_objects(api, cado):
    api.answer("POST", "/projects", {"id": 12, "message": ""}, status=201)
    cado.create_investigation("case", "why", ["alice"], ["IR"])
    assert api.body() == {
        "case_name": "case",
        "description": "why",
        "users": [{"username": "alice"}],
        "groups": [{"name": "IR"}],
    }


def test_a_pipeline_is_cancelled_by_aborted_true(api, cado):
    api.answer("PATCH", "/pipelines/65", {"pipeline_id": 65})
    cado.cancel_pipeline(65)
    assert api.body() == {"aborted": True}


def test_a_pipeline_that_is_not_there_is_not_found(api, cado):
    api.refuse("GET", "/pipelines/65", 404, {"msg": "The requested URL was not found"})
    with pytest.raises(NotFoundError, match="The requested URL was not found"):
        cado.pipeline(65)


def test_health_is_a_filter_of_the_listing(api, cado):
    api.listing("/accounts", [{"id": 5, "account_name": "s1-prod", "account_check_id": None}])
    accounts = list(cado.accounts(name="s1", check_result="failure"))
    assert [(one.name, one.check_id) for one in accounts] == [("s1-prod", None)]
    assert dict(api.query()) | {"page": "", "per_page": ""} == {
        "type": "sentinelone",
        "account_name": "s1",
        "account_check_result": "failure",
        "page": "",
        "per_page": "",
    }


def test_devices_are_of_an_account_and_narrowed_by_hostname(api, cado):
    api.cursor_page("/import/xdr/sentinelone", [{"device_id": "9", "is_online": True}])
    (device,) = cado.devices("s1-prod", hostname="lap-1", os="linux")
    assert (device.device_id, device.online) == ("9", True)
    assert dict(api.query()) == {
        "account_name": "s1-prod",
        "hostname": "lap-1",
        "os": "linux",
        "per_page": "100",
    }


def test_indicators_and_alarm_kinds_are_read(api, cado):
    api.answer(
        "GET",
        "/indicators",
        {
            "detected_iocs": [{"indicator": "domain.com", "type": "matched", "evidence_id": 31}],
            "indicators": ["domain.com"],
        },
    )
    api.answer(
        "GET",
        "/alarms/summary",
        {"total": 3, "breakdown": [{"description": "x", "severity": 1, "attack": None}]},
    )
    assert cado.indicators(12, 31).detected[0].indicator == "domain.com"
    assert ("evidence_id", "31") in api.query()
    (kind,) = cado.alarm_summary(12).breakdown
    assert (kind.severity_word, kind.attack) == ("malicious", ())
