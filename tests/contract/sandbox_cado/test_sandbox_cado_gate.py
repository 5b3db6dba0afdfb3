"""The gate: key, scheme, role, strictness, error envelope (Cado contract 0.2, 0.3, 1)."""

import pytest

from cado_sentinelone.sandbox.cado.roles import ROLES, role_named

REQUIRED = {"page": 1, "per_page": 1}


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer nobody", "ApiToken {key}", "bearer {key}", "{key}"],
)
def test_only_a_known_key_behind_bearer_opens(still_platform, authorization):
    headers = {"Authorization": authorization.format(key=still_platform.key)}
    message = still_platform.refusal("GET", "/auth/whoami", 401, headers=headers)
    assert still_platform.key not in message


def test_a_revoked_key_opens_nothing(platform):
    made = platform.send("POST", "/auth/keys", {"key_role": "Analyst"})
    secret = made["secret_key"]
    assert platform.call("GET", "/auth/whoami", key=secret).json()["data"]["rbac_role"] == "Analyst"
    assert secret not in platform.call("GET", "/auth/keys").text
    platform.send("DELETE", "/auth/keys", {"id": made["id"]})
    platform.refusal("GET", "/auth/whoami", 401, key=secret)
    platform.refusal("DELETE", "/auth/keys", 404, json={"id": made["id"]})


def test_the_fault_key_revoked_revokes_every_key(platform):
    platform.world.faults.set("key_revoked")
    platform.refusal("GET", "/auth/whoami", 401)
    platform.world.faults.clear()
    assert platform.get("/auth/whoami")


def test_a_key_needs_a_role_that_exists(platform):
    platform.refusal("POST", "/auth/keys", 400, json={"key_role": "King"})


@pytest.mark.parametrize(
    ("role", "permitted"),
    [
        ("administrator", {"cloud_accounts_write", "import_data_triage", "projects_create"}),
        ("platform-administrator", {"cloud_accounts_write"}),
        ("lead-analyst", {"import_data_triage", "projects_create"}),
        ("analyst", {"import_data_triage"}),
        ("read-only-analyst", set()),
    ],
)
def test_each_role_may_what_the_contract_lets_it(still_platform, role, permitted):
    """The four rights that split a collector's job (Cado contract 0.1, fact 3)."""
    key = f"sandbox-cado-{role}"
    whoami = still_platform.call("GET", "/auth/whoami", key=key).json()["data"]
    assert whoami["rbac_role"] == role_named(role)
    for permission, method, path in (
        ("cloud_accounts_write", "POST", "/accounts/check"),
        ("import_data_triage", "POST", "/import/xdr"),
        ("projects_create", "POST", "/projects"),
    ):
        allowed = permission in permitted
        assert whoami["permissions"][permission] == allowed
        message = still_platform.refusal(method, path, 400 if allowed else 403, key=key, json={})
        assert allowed or message == f"Missing permission: {permission}"


@pytest.mark.parametrize("role", ["lead-analyst", "Lead Analyst", "LEAD_ANALYST"])
def test_the_fault_cado_role_changes_the_role_of_the_key(platform, role):
    platform.world.faults.set(f"cado_role={role}")
    assert platform.get("/auth/whoami")["data"]["rbac_role"] == "Lead Analyst"
    platform.refusal("GET", "/webhooks", 403)


def test_a_role_without_rights_has_none():
    assert role_named("darktrace") == ROLES["D"]
    assert role_named("gardener") == "gardener"


@pytest.mark.parametrize(
    ("path", "query", "named"),
    [
        ("/projects", {"no_such": "1"}, "no_such"),
        ("/projects", {"page": "0"}, "page"),
        ("/projects", {"page": "one"}, "page"),
        ("/projects", {"per_page": "0"}, "per_page"),
        ("/projects", {"per_page": "1.5"}, "per_page"),
        ("/projects", {"page": ["1", "2"]}, "page"),
        ("/projects", {"get_alarm_summary": "True"}, "get_alarm_summary"),
        ("/projects", {"get_alarm_summary": "1"}, "get_alarm_summary"),
        ("/projects", {"status": "open"}, "status"),
        ("/projects", {"order_by": "age"}, "order_by"),
        ("/projects", {"created_start_timestamp": "today"}, "created_start_timestamp"),
        ("/projects", {"project_id": ["1", "x"]}, "project_id"),
        ("/accounts", {"type": "sentinel"}, "type"),
        ("/pipelines", {"investigation_id": "1"}, "investigation_id"),
        ("/pipelines", {"type": "inventory"}, "type"),
        ("/evidences", {"investigation_id": "1"}, "investigation_id"),
        ("/alarms", {"project_id": "1"}, "project_id"),
        ("/alarms/summary", {}, "investigation_id"),
        ("/alarms/overview", {}, "investigation_ids"),
        ("/indicators", {"investigation_id": "1", "filter": "all"}, "filter"),
        ("/timeline", {}, "project_id"),
        ("/timeline", {"investigation_id": "1"}, "project_id"),
        ("/notifications", {"page": "1"}, "per_page"),
        ("/notifications", {"per_page": "1"}, "page"),
        ("/notifications", REQUIRED | {"level": "info"}, "level"),
        ("/audit-log", {}, "page"),
        ("/audit-log", REQUIRED | {"response_status_filter": "400"}, "response_status_filter"),
        ("/import/xdr/sentinelone", {"account_name": "a"}, "per_page"),
        ("/import/xdr/sentinelone", {"per_page": "1"}, "account_name"),
        ("/auth/whoami", {"verbose": "true"}, "verbose"),
    ],
)
def test_a_query_string_is_taken_at_its_word(still_platform, path, query, named):
    assert named in still_platform.refusal("GET", path, 400, params=query)


@pytest.mark.parametrize(
    ("method", "path", "body", "named"),
    [
        ("POST", "/projects", {}, "case_name"),
        ("POST", "/projects", {"caseName": "x"}, "case_name"),
        ("POST", "/projects", {"case_name": "x", "colour": "red"}, "colour"),
        ("POST", "/projects", {"case_name": 7}, "case_name"),
        ("POST", "/projects", {"case_name": ""}, "case_name"),
        ("POST", "/projects", {"case_name": "x" * 81}, "case_name"),
        ("POST", "/projects", {"case_name": "x", "description": None}, "description"),
        ("POST", "/projects", {"case_name": "x", "users": ["alice"]}, "users"),
        ("POST", "/projects", {"case_name": "x", "users": [{"username": "nobody"}]}, "nobody"),
        ("POST", "/projects", {"case_name": "x", "groups": [{"name": "Nobodies"}]}, "Nobodies"),
        ("PATCH", "/projects/1", {"status": "open"}, "status"),
        ("PATCH", "/projects/1", {"items_identified": True}, "items_identified"),
        ("PATCH", "/projects/1", {"summary": "all is well"}, "summary"),
        ("PATCH", "/pipelines/1", {"aborted": False}, "aborted"),
        ("PATCH", "/pipelines/1", {"aborted": 1}, "aborted"),
        ("PATCH", "/pipelines/1", {}, "aborted"),
        ("POST", "/pipelines/rerun", {}, "pipeline_id"),
        ("POST", "/pipelines/rerun", {"pipeline_id": 1, "project_id": 1}, "pipeline_id"),
        ("POST", "/pipelines/rerun", {"pipeline_id": "1"}, "pipeline_id"),
        ("POST", "/evidences/process", {"evidence_id": 1.0}, "evidence_id"),
        ("PATCH", "/evidences/1", {"name": "x"}, "name"),
        ("DELETE", "/projects", {"investigation_ids": 1}, "investigation_ids"),
        ("POST", "/system/healthcheck", {"deep": True}, "deep"),
        ("POST", "/webhooks", {"name": "x"}, "payload_type"),
        ("PATCH", "/notifications/1", {"is_viewed": "yes"}, "is_viewed"),
    ],
)
def test_a_body_is_taken_at_its_word(still_platform, method, path, body, named):
    assert named in still_platform.refusal(method, path, 400, json=body)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"case_name": "\xff"}'])
def test_a_body_that_is_no_json_object_is_refused(still_platform, body):
    headers = {"Content-Type": "application/json"}
    still_platform.refusal("POST", "/projects", 400, data=body, headers=headers)


def test_a_body_must_say_that_it_is_json(still_platform):
    message = still_platform.refusal(
        "POST", "/projects", 400, data='{"case_name": "x"}', headers={"Content-Type": "text/plain"}
    )
    assert "text/plain" in message


def test_a_body_takes_no_query_string(still_platform):
    still_platform.refusal("POST", "/projects", 400, params={"page": "1"}, json={"case_name": "x"})


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/nobody",
        "/projects/999",
        "/projects/first",
        "/pipelines/999",
        "/pipelines/-1",
        "/pipelines/999/logs",
        "/evidences/999",
        "/evidences/1/generate-url/encase",
        "/alarms/999",
        "/alarms/1999",
        "/notifications/999",
        "/alarms/overview?investigation_ids=999",
        "/alarms/summary?investigation_id=999",
        "/indicators?investigation_id=999",
        "/timeline?project_id=999",
        "/pipelines/status?project_id=999",
    ],
)
def test_what_is_not_there_is_not_found(still_platform, path):
    path, _, query = path.partition("?")
    still_platform.refusal("GET", path, 404, params=query)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/no/such/route", 404),
        ("GET", "/", 404),
        ("GET", "/projects/", 404),
        ("PUT", "/projects", 405),
        ("DELETE", "/pipelines/1", 405),
        ("DELETE", "/projects/1", 405),
        ("GET", "/pipelines/rerun", 405),
    ],
)
def test_what_is_not_served_is_refused_in_the_same_words(still_platform, method, path, status):
    """Among them the `DELETE /projects/{id}` of the vendor's own, stale example (contract 5)."""
    still_platform.refusal(method, path, status, check=False)


def test_per_page_defaults_to_ten_and_has_no_maximum(still_platform):
    """Page pagination counts from one (Cado contract 0.2)."""
    everything = still_platform.get("/pipelines", per_page=100_000)
    first, last = still_platform.get("/pipelines"), still_platform.get("/pipelines", page=2)
    total = everything["pagination"]["total_records"]
    assert first["pagination"] == {
        "type": "page",
        "total_records": total,
        "current_page": 1,
        "total_pages": 2,
        "per_page": 10,
    }
    assert len(everything["data"]) == total
    assert first["data"] + last["data"] == everything["data"]
    assert still_platform.get("/pipelines", page=3)["data"] == []
