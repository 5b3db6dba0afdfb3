"""Who is told what happened: notifications, webhooks, the audit log (Cado contract 8 and 10)."""

import pytest

HOUR = 3600.0
PAGE = {"page": 1, "per_page": 1000}


def messages(platform, **query):
    return [one["message"] for one in platform.get("/notifications", **PAGE, **query)["data"]]


def hook(event_type, **more):
    return {
        "name": event_type,
        "payload_type": "custom",
        "url": "https://soar.example.com/in",
        "event_type": event_type,
    } | more


def test_every_end_of_a_pipeline_is_told_once(platform):
    project_id = platform.project()
    platform.collect(project_id, 0)
    platform.collect(project_id, 4)
    platform.send("PATCH", f"/pipelines/{platform.collect(project_id, 1)}", {"aborted": True})
    assert messages(platform, project_id=project_id) == ["Acquisition cancelled"]
    platform.advance(2 * HOUR)
    assert messages(platform, project_id=project_id) == [
        "Analysis finished",
        "Processing finished",
        "Acquisition finished",
        "Acquisition failed",
        "Acquisition cancelled",
    ]
    assert messages(platform, project_id=project_id, level="Error") == ["Acquisition failed"]
    found = messages(platform, project_id=project_id, notification_type="Processing")
    assert found == ["Analysis finished", "Processing finished"]
    evidence_id = platform.evidences(project_id)[0]["id"]
    assert len(messages(platform, evidence_id=evidence_id)) == 2
    assert "Healthcheck finished" in messages(platform, notification_type="System")


def test_a_notification_is_in_seconds_and_can_be_marked(platform):
    now = int(platform.world.clock.now())
    platform.collect(platform.project(), 4)
    platform.advance(HOUR)
    notification = platform.get("/notifications", **PAGE, from_date=now)["data"][0]
    assert now < notification["created"] < now + HOUR
    assert notification["project_name"] == "case"
    path = f"/notifications/{notification['id']}"
    assert messages(platform, from_date=now, is_viewed="false") == ["Acquisition failed"]
    assert platform.send("PATCH", path, {"is_viewed": True})["is_viewed"] is True
    assert messages(platform, from_date=now, is_viewed="false") == []
    assert platform.send("PATCH", path, {"is_viewed": False})["is_viewed"] is False
    assert platform.get(path)["data"]["message"] == "Acquisition failed"
    assert messages(platform, to_date=1) == []


@pytest.mark.parametrize(
    ("number", "spec", "fired"),
    [
        (0, "", ["processing_finished", "processing_with_alarms", "high_severity_alarm"]),
        (1, "", ["processing_finished", "processing_with_alarms"]),
        (0, "child_fails", ["processing_failed"]),
        (0, "import_fails", []),
    ],
)
def test_webhooks_count_what_would_have_been_sent(platform, number, spec, fired):
    """There is no event for the end of an acquisition (Cado contract 8)."""
    platform.world.faults.set(spec)
    kinds = (
        "processing_finished",
        "processing_with_alarms",
        "high_severity_alarm",
        "processing_failed",
        "admin_login",
    )
    for kind in kinds:
        platform.send("POST", "/webhooks", hook(kind), 201)
    platform.collect(platform.project(), number)
    platform.advance(2 * HOUR)
    listed = platform.get("/webhooks")["data"]
    assert [one["event_type"] for one in listed if one["times_sent"]] == fired
    assert all((one["last_sent"] is None) == (one["times_sent"] is None) for one in listed)


def test_a_webhook_can_be_tested_and_deleted(platform):
    template = {"title": "$Title", "message": "$Event"}
    made = platform.send("POST", "/webhooks", hook("processing_failed", payload=template), 201)
    assert made["webhook"]["payload"] == template
    assert made["webhook"]["enabled"] is True
    assert platform.send("POST", "/webhooks/test", {"id": made["id"]}) == {
        "id": made["id"],
        "message": "Webhook fired",
    }
    assert platform.get("/webhooks")["data"][0]["times_sent"] == 1
    platform.send("DELETE", f"/webhooks/{made['id']}")
    platform.refusal("DELETE", f"/webhooks/{made['id']}", 404)
    platform.refusal("POST", "/webhooks/test", 404, json={"id": made["id"]})
    platform.refusal("POST", "/webhooks", 400, json=hook("processing_failed", url="soar"))


def test_the_audit_log_keeps_what_changed_and_what_was_refused(platform):
    project_id = platform.project()
    platform.get("/projects")
    platform.collect(project_id)
    analyst = {"key": "sandbox-cado-analyst"}
    platform.refusal("POST", "/projects", 403, json={"case_name": "x"}, **analyst)
    entries = platform.get("/audit-log", **PAGE)["data"]
    assert [(one["verb"], one["route"], one["response"]) for one in entries] == [
        ("POST", "/api/v3/projects", "403"),
        ("POST", "/api/v3/import/xdr", "200"),
        ("POST", "/api/v3/projects", "201"),
    ]
    assert entries[0]["rbac_role"] == "Analyst"
    assert entries[1]["project_name"] == "case"
    assert entries[1]["event_type"] == "Import"
    assert entries[1]["request_body"]["investigation_id"] == project_id


@pytest.fixture(scope="module")
def audited(still_platform):
    """The module's platform with three entries in its log, one of them a refusal."""
    still_platform.project()
    still_platform.send("PATCH", "/projects/1", {"status": "Archived"})
    still_platform.refusal("POST", "/webhooks", 400, json={})
    return still_platform


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 3),
        ({"response_status_filter": "4XX"}, 1),
        ({"username_filter": "soar%"}, 3),
        ({"username_filter": "soar"}, 0),
        ({"route_filter": "%/webhooks"}, 1),
        ({"route_filter": "%/webhook_"}, 1),
        ({"event_filter": "create"}, 2),
        ({"resource_category_filter": "projects"}, 2),
        ({"platform_version_filter": "2.%"}, 3),
        ({"platform_version_filter": "3.%"}, 0),
        ({"rbac_role_filter": "Administrator"}, 3),
        ({"user_id": 1}, 0),
        ({"start_timestamp": "99999999999"}, 0),
        ({"end_timestamp": "1.5"}, 0),
        ({"investigation_id": 1}, 1),
        ({"investigation_name_filter": "IR-2041%"}, 1),
    ],
)
def test_the_audit_log_is_filtered(audited, query, count):
    assert len(audited.get("/audit-log", **PAGE, **query)["data"]) == count
