"""Investigations, and lists of pipelines (Cado contract 5 and 6)."""

import pytest

from cado_sentinelone.sandbox.world import World

HOUR = 3600.0


def listed(platform, **query):
    return [one["details"]["name"] for one in platform.get("/projects", **query)["data"]]


def test_the_platform_has_a_past(still_platform):
    """Closed investigations with finished collections, one of them failed; nothing runs."""
    projects = still_platform.get("/projects", status="Closed", get_alarm_summary="true")["data"]
    assert len(projects) == 3
    assert all(project["evidences"] and project["last_acquisition"] for project in projects)
    statuses = still_platform.get("/pipelines/status")["data"]
    assert statuses["failed"] == 1
    assert statuses["complete"] > 5
    assert statuses["in_progress"] == statuses["queued"] == 0
    assert not still_platform.world.effects
    failed = still_platform.get("/pipelines", pipeline_status="failed")["data"]
    assert [one["pipeline"]["type"] for one in failed] == ["processing"]


def test_the_past_does_not_touch_the_landmarks(still_platform):
    for agent in still_platform.world.agents[:15]:
        assert not still_platform.get("/evidences", hostname=agent.hostname)["data"]


@pytest.mark.parametrize("endpoints", [1, 16])
def test_a_tiny_world_has_a_past_too(endpoints):
    assert len(World(endpoints=endpoints).cado.projects()) == 3


def test_a_project_is_made_with_its_people_and_shown_with_them(platform):
    now = platform.world.clock.now()
    body = {
        "case_name": "IR-1",
        "description": "why",
        "users": [{"username": "alice"}, {"username": "bob"}],
        "groups": [{"name": "IR"}],
    }
    answer = platform.send("POST", "/projects", body, 201)
    project = platform.get(f"/projects/{answer['id']}")["data"]
    assert project["created"] == pytest.approx(now * 1000)
    assert project["details"]["description"] == "why"
    assert [user["username"] for user in project["details"]["users"]] == ["alice", "bob"]
    assert [group["name"] for group in project["details"]["groups"]] == ["IR"]
    assert "last_acquisition" not in project
    row = platform.get("/projects", name="IR-1")["data"][0]
    assert "users" not in row["details"]
    assert "alarms" not in row


def test_a_name_is_taken_once(platform):
    first, second = platform.project("one"), platform.project("two")
    message = platform.refusal("POST", "/projects", 409, json={"case_name": "one"})
    assert message == "Project name already exists"
    platform.refusal("PATCH", f"/projects/{second}", 409, json={"case_name": "one"})
    platform.send("PATCH", f"/projects/{first}", {"case_name": "one"})
    platform.send("PATCH", f"/projects/{first}", {"case_name": "three"})
    platform.project("one")


def test_only_what_is_given_changes(platform):
    project_id = platform.project("one", description="why", users=[{"username": "alice"}])
    change = {"status": "Containment", "ioc": "evil.example;A domain", "groups": [{"name": "SOC"}]}
    assert platform.send("PATCH", f"/projects/{project_id}", change) == {"project_id": project_id}
    platform.send("PATCH", f"/projects/{project_id}", {"items_identified": 2, "users": []})
    details = platform.get(f"/projects/{project_id}")["data"]["details"]
    assert details == {
        "name": "one",
        "description": "why",
        "items_identified": 2,
        "status": "Containment",
        "users": [],
        "groups": [{"id": 2, "name": "SOC"}],
        "ioc": {"custom_data": {"user_input": "evil.example;A domain"}},
    }


def test_projects_are_filtered_and_sorted(platform):
    platform.advance(10)
    after = platform.world.clock.now()
    ids = [platform.project(name) for name in ("b case", "a case", "c")]
    platform.send("PATCH", f"/projects/{ids[2]}", {"status": "Recovery"})
    assert listed(platform, name="CASE") == ["a case", "b case"]  # the newest first
    assert listed(platform, name="case", order_by="-name") == ["b case", "a case"]
    assert listed(platform, order_by="id", project_id=ids[::-1]) == ["b case", "a case", "c"]
    assert listed(platform, status=["Recovery", "Archived"]) == ["c"]
    assert len(listed(platform, created_start_timestamp=after)) == 3
    assert len(listed(platform, created_end_timestamp=f"{after - 1:.3f}")) == 3
    for order in ("malicious", "suspicious", "evidences", "last_acquisition", "ai_summary"):
        forth, back = (listed(platform, order_by=sign + order) for sign in ("", "-"))
        assert sorted(forth) == sorted(back)
    busiest = platform.get("/projects", order_by="-evidences")["data"]
    assert [one["evidences"] for one in busiest] == [2, 1, 1, 0, 0, 0]


def test_deleting_is_a_body_call_and_takes_everything_along(platform):
    project_id, other = platform.project("one"), platform.project("two")
    platform.collect(project_id, 0)
    platform.advance(2 * HOUR)
    running = platform.collect(project_id, 1)
    alarm_id = platform.get("/alarms", investigation_id=project_id)["data"][0]["id"]
    body = {"investigation_ids": [project_id, 999]}
    platform.refusal("DELETE", "/projects", 404, json=body)
    assert platform.send("DELETE", "/projects", {"investigation_ids": [project_id]}) is None
    for path in (f"/projects/{project_id}", f"/pipelines/{running}", f"/alarms/{alarm_id}"):
        platform.refusal("GET", path, 404)
    assert platform.evidences(project_id) == []
    assert platform.get("/pipelines", project_id=project_id)["data"] == []
    assert platform.world.effects[platform.world.agents[1].agent_id] == 0
    page = {"page": 1, "per_page": 1000, "project_id": project_id}
    assert platform.get("/notifications", **page)["data"] == []
    assert platform.get("/notifications", **page, include_deleted="true")["data"]
    platform.project("one")
    assert platform.get(f"/projects/{other}")


@pytest.mark.parametrize(
    ("query", "types"),
    [
        ({"project_id": "{project}"}, {"acquisition", "processing", "analysis"}),
        ({"type": "analysis", "project_id": "{project}"}, {"analysis"}),
        ({"evidence_name": "SHARED"}, {"processing", "analysis"}),
        ({"investigation_name": "COLLECTED"}, {"acquisition", "processing", "analysis"}),
        ({"investigation_name": "no such"}, set()),
        ({"user_id": "{user}"}, {"acquisition", "processing", "analysis"}),
        ({"user_id": 1, "project_id": "{project}"}, set()),
        ({"pipeline_status": "failed", "project_id": "{project}"}, set()),
        ({"pipeline_status": "complete", "type": "healthcheck"}, {"healthcheck"}),
        ({"type": "deletion"}, set()),
        ({"triggering_pipeline_id": 999}, set()),
        ({"evidence_id": 999}, set()),
    ],
)
def test_pipelines_are_filtered(collected, query, types):
    whoami = collected.get("/auth/whoami")["data"]
    ids = {"{project}": collected.project_id, "{user}": whoami["id"]}
    query = {name: ids.get(value, value) for name, value in query.items()}
    found = collected.get("/pipelines", per_page=100, **query)["data"]
    assert {one["pipeline"]["type"] for one in found} == types


def test_pipelines_come_newest_first_and_can_be_sorted(collected):
    def column(order, read):
        rows = collected.get("/pipelines", per_page=100, order_by=order)["data"]
        return [read(row) for row in rows]

    default = collected.get("/pipelines", per_page=100)["data"]
    created = [row["created"] for row in default]
    assert created == sorted(created, reverse=True)
    assert column("created", lambda row: row["created"]) == created[::-1]
    for order, read in {
        "project_name": lambda row: row.get("project", {}).get("name", "").lower(),
        "evidence_name": lambda row: (row["evidence"] or {}).get("name", "").lower(),
        "user_name": lambda row: row["user"]["name"].lower(),
    }.items():
        assert column(order, read) == sorted(column(f"-{order}", read))


def test_status_counts_leave_out_the_cancelled(platform):
    project_id = platform.project()
    ids = [platform.collect(project_id, number) for number in (0, 1)]
    platform.send("PATCH", f"/pipelines/{ids[0]}", {"aborted": True})
    counts = platform.get("/pipelines/status", project_id=project_id)["data"]
    assert counts == {"complete": 0, "failed": 0, "in_progress": 0, "queued": 1, "limit": 10}
