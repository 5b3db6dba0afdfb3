"""Executions to come: created, listed, moved, removed, and really executed (contract 7.5)."""

import pytest

from cado_sentinelone.sandbox.asset import SENTINELONE_TOKEN
from cado_sentinelone.sandbox.sentinelone.people import ADMIN_TOKEN, SITE_TOKEN

from .conftest import refusal
from .remote_console import (
    DEAD,
    DENIED,
    RUN_SECONDS,
    SCHEDULE,
    SCHEDULED,
    SENT_AFTER_SECONDS,
    action,
    iso,
    online,
    settings,
    upload,
)

HOUR, DAY = 3600, 86_400


def when(console, later):
    return {"utc": iso(console.world.clock.now() + later), "tz": "Europe/Amsterdam"}


def schedule(console, later=HOUR, token=ADMIN_TOKEN, agents=None, wanted=None, more=None, **timing):
    """Schedule a script; the whole answer."""
    agents = agents or online(console, 2)
    body = {
        "filter": wanted or {"ids": [agent.agent_id for agent in agents]},
        "data": {
            "scheduling": {"scheduledTime": when(console, later), **timing},
            "action": action(upload(console), **(more or {})),
        },
    }
    return console.post(SCHEDULE, body, token)


def scheduled(console, **more):
    response = schedule(console, **more)
    assert response.status_code == 200, response.text
    return response.json()["data"]


def move(console, scheduled_id, token=ADMIN_TOKEN, **scheduling):
    timing = {"expireTime": None, "recurrence": None, **scheduling}
    return console.call(
        "PUT", f"{SCHEDULED}/{scheduled_id}", token, json={"data": {"scheduling": timing}}
    )


def remove(console, ids, token=ADMIN_TOKEN):
    return console.call("DELETE", SCHEDULED, token, json={"filter": {"ids": ids}})


def listed(console, **params):
    return console.rows(SCHEDULED, ADMIN_TOKEN, **params)


def executed(console):
    """When each execution began, by the clock of the console."""
    remote = console.world.sentinelone.remote
    remote.settle()
    return sorted({task.created_at for task in remote.tasks.values()})


def test_a_scheduled_task_becomes_an_execution_when_its_time_comes(console):
    began = console.world.clock.now()
    data = scheduled(console)
    assert data["affected"] == 2 and "pendingExecutionId" not in data
    (row,) = listed(console)
    assert (row["id"], row["status"]) == (data["scheduledTaskId"], "scheduled")
    assert row["scheduledTime"] == {"utc": iso(began + HOUR), "tz": "Europe/Amsterdam"}
    assert row["type"] == "artifactCollection" and row["endpointsCount"] == 2
    console.world.clock.advance(HOUR - 1)
    assert executed(console) == []
    console.world.clock.advance(1 + SENT_AFTER_SECONDS + RUN_SECONDS)
    assert executed(console) == [pytest.approx(began + HOUR, abs=1e-3)]
    tasks = console.world.sentinelone.remote.tasks.values()
    assert [task.ending for task in tasks] == ["completed"] * 2
    assert listed(console) == []
    parent_id = next(iter(tasks)).parent_id
    assert len(console.rows("/remote-scripts/status", parentTaskId=parent_id)) == 2


def test_its_endpoints_are_looked_for_when_its_time_has_come(console):
    site = console.world.sites[0]
    data = scheduled(console, wanted={"siteIds": [site.site_id]})
    gone = online(console, 1)[0]
    gone.is_decommissioned = True
    try:
        console.world.clock.advance(HOUR)
        executed(console)
    finally:
        gone.is_decommissioned = False
    assert len(console.world.sentinelone.remote.tasks) == data["affected"] - 1


def test_what_recurs_happens_each_time_until_it_expires(console):
    began = console.world.clock.now()
    scheduled(
        console,
        recurrence={"unit": "day", "interval": 2, "dayOfMonth": None},
        expireTime=when(console, 5 * DAY),
    )
    console.world.clock.advance(30 * DAY)
    moments = [began + HOUR + days * DAY for days in (0, 2, 4)]
    assert executed(console) == [pytest.approx(moment, abs=1e-3) for moment in moments]
    assert listed(console) == []


def test_a_month_that_is_too_short_has_its_last_day(console):
    scheduled_id = scheduled(console)["scheduledTaskId"]
    console.world.clock.advance(1)
    response = move(
        console,
        scheduled_id,
        scheduledTime={"utc": "2099-01-31T08:00:00Z", "tz": "UTC"},
        recurrence={"unit": "month", "interval": 1, "dayOfMonth": 31},
    )
    assert response.json() == {"data": {"scheduledTaskId": scheduled_id}}
    one = console.world.sentinelone.remote.schedules.by_id[scheduled_id]
    times = []
    for _ in range(3):
        times.append(iso(one.time.at)[:16])
        assert one.happened()
    assert times == ["2099-01-31T08:00", "2099-02-28T08:00", "2099-03-31T08:00"]


def test_what_was_moved_happens_at_its_new_time_only(console):
    scheduled_id = scheduled(console)["scheduledTaskId"]
    moved = console.world.clock.now() + 3 * HOUR
    assert move(console, scheduled_id, scheduledTime=when(console, 3 * HOUR)).status_code == 200
    (row,) = listed(console)
    assert row["scheduledTime"]["utc"] == iso(moved)
    console.world.clock.advance(2 * HOUR)
    assert executed(console) == []
    console.world.clock.advance(HOUR)
    assert executed(console) == [pytest.approx(moved, abs=1e-3)]


def test_what_was_removed_never_happens_and_unknown_ids_are_skipped(console):
    scheduled_id = scheduled(console)["scheduledTaskId"]
    unknown = "1" + "0" * 18
    response = remove(console, [unknown, scheduled_id])
    assert response.json() == {"data": {"affected": [scheduled_id]}}
    console.world.clock.advance(DAY)
    assert executed(console) == []
    assert move(console, scheduled_id, scheduledTime=when(console, HOUR)).status_code == 404


def test_nothing_runs_of_a_script_that_was_deleted(console):
    scheduled(console)
    (script_id,) = console.world.sentinelone.remote.scripts
    console.call("DELETE", "/remote-scripts", ADMIN_TOKEN, json={"filter": {"ids": [script_id]}})
    console.world.clock.advance(DAY)
    assert executed(console) == [] and listed(console) == []


def test_an_approval_is_asked_for_before_and_not_when_the_time_has_come(console):
    data = scheduled(console, more={"requiresApproval": True})
    (row,) = listed(console)
    assert row["status"] == "waiting_approval"
    (waiting,) = console.rows("/remote-scripts/pending-executions")
    assert waiting["scheduledTaskId"] == data["scheduledTaskId"]
    console.world.clock.advance(2 * HOUR)
    assert executed(console) == []
    path = f"/remote-scripts/pending-executions/{data['pendingExecutionId']}"
    console.call("PUT", path, ADMIN_TOKEN, json={"data": {"action": "approve"}})
    console.world.clock.advance(60)
    assert len(executed(console)) == 1


def test_what_was_declined_stays_in_the_list_and_never_happens(console):
    console.world.faults.set("rso_approval")
    data = scheduled(console)
    path = f"/remote-scripts/pending-executions/{data['pendingExecutionId']}"
    console.call("PUT", path, ADMIN_TOKEN, json={"data": {"action": "decline"}})
    console.world.clock.advance(DAY)
    assert executed(console) == []
    assert [row["status"] for row in listed(console, status="declined")] == ["declined"]
    assert listed(console, status="scheduled") == []


def test_a_scheduled_execution_takes_its_turn_like_any_other(console):
    settings(console, maxConcurrent=1)
    began = console.world.clock.now()
    scheduled(console)
    console.world.clock.advance(DAY)
    executed(console)
    ends = sorted(task.ended_at for task in console.world.sentinelone.remote.tasks.values())
    first = began + HOUR + SENT_AFTER_SECONDS + RUN_SECONDS
    assert ends == [pytest.approx(first, abs=1e-3), pytest.approx(first + RUN_SECONDS, abs=1e-3)]


def test_filters_and_sorting(console, monkeypatch):
    late = scheduled(console, later=3 * HOUR, more={"taskDescription": "late"})["scheduledTaskId"]
    early = scheduled(console, agents=online(console, 1, site=1))["scheduledTaskId"]
    assert [row["id"] for row in listed(console, sortBy="scheduledTime")] == [early, late]
    assert [row["id"] for row in listed(console, description__contains="late")] == [late]
    now = int(console.world.clock.now() * 1000)
    between = f"{now}-{now + 2 * HOUR * 1000}"
    assert [row["id"] for row in listed(console, scheduledTime__between=between)] == [early]
    assert [row["id"] for row in listed(console, siteIds=console.world.sites[1].site_id)] == [early]
    admin = console.world.sentinelone.users[1].user_id
    assert len(listed(console, creatorId=admin)) == 2
    viewer = console.world.sentinelone.user_of(SITE_TOKEN)
    sees = viewer.role.permissions | {"Remote Script Orchestration.viewScheduledTasks"}
    monkeypatch.setattr(viewer.role, "permissions", sees)
    assert [row["id"] for row in console.rows(SCHEDULED, SITE_TOKEN)] == [late]


def test_every_step_needs_its_permission(console):
    """S12: the collector may schedule nothing; who may schedule needs the right to run, too."""
    scheduled_id = scheduled(console)["scheduledTaskId"]
    refused = [
        schedule(console, token=SENTINELONE_TOKEN),
        console.get(SCHEDULED, SENTINELONE_TOKEN),
        move(console, scheduled_id, SENTINELONE_TOKEN, scheduledTime=when(console, 9)),
        remove(console, [scheduled_id], SENTINELONE_TOKEN),
    ]
    assert [refusal(response) for response in refused] == [DEAD] * 4
    console.world.faults.set("missing_permission_status=403")
    assert refusal(console.get(SCHEDULED, SENTINELONE_TOKEN)) == DENIED
    assert [row["id"] for row in listed(console)] == [scheduled_id]


def test_to_schedule_takes_the_right_to_run_the_script_as_well(console, monkeypatch):
    collector = console.world.sentinelone.collector
    create = "Remote Script Orchestration.createScheduledTasks"
    monkeypatch.setattr(collector.role, "permissions", collector.role.permissions | {create})
    assert schedule(console, token=SENTINELONE_TOKEN).status_code == 200
    console.world.faults.set(
        "missing_permission=Remote Script Orchestration.runArtifactCollectionScript"
    )
    assert refusal(schedule(console, token=SENTINELONE_TOKEN)) == DEAD


def test_another_scope_is_outside(console, monkeypatch):
    collector = console.world.sentinelone.collector
    create = "Remote Script Orchestration.createScheduledTasks"
    monkeypatch.setattr(collector.role, "permissions", collector.role.permissions | {create})
    elsewhere = console.world.accounts[1].sites[0].site_id
    response = schedule(console, token=SENTINELONE_TOKEN, wanted={"siteIds": [elsewhere]})
    assert response.status_code == 403
    data = schedule(
        console, token=SENTINELONE_TOKEN, agents=console.world.accounts[1].agents[:1]
    ).json()["data"]
    assert data["affected"] == 0


@pytest.mark.parametrize(
    ("timing", "more", "words"),
    [
        ({"nobody": 1}, {}, "dict_values(['nobody']): Unknown field"),
        ({}, {"nobody": 1}, "dict_values(['nobody']): Unknown field"),
        ({"scheduledTime": {"utc": "tomorrow", "tz": "UTC"}}, {}, "utc: Not a valid datetime."),
        ({"scheduledTime": {"utc": "2099-01-01T00:00:00Z"}}, {}, "tz: Missing data"),
        ({"recurrence": {"unit": "hour"}}, {}, '"hour" is not a valid choice.'),
        ({"recurrence": {"unit": "day", "interval": 0}}, {}, "interval: Must be at least 1."),
        ({}, {"outputDestination": "DataSet"}, '"DataSet" is not a valid choice.'),
    ],
)
def test_a_schedule_that_is_none_is_refused(console, timing, more, words):
    status, code, _, detail = refusal(schedule(console, more=more, **timing))
    assert (status, code) == (400, 4000010)
    assert words in detail
    assert listed(console) == []


def test_a_move_must_say_everything_and_a_removal_names_ids_only(console):
    scheduled_id = scheduled(console)["scheduledTaskId"]
    body = {"data": {"scheduling": {"scheduledTime": when(console, HOUR)}}}
    response = console.call("PUT", f"{SCHEDULED}/{scheduled_id}", ADMIN_TOKEN, json=body)
    assert "expireTime: Missing data for required field." in refusal(response)[3]
    response = console.call("DELETE", SCHEDULED, ADMIN_TOKEN, json={"filter": {"siteIds": []}})
    assert "Unknown field" in refusal(response)[3]
