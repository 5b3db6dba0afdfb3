"""Concurrency limits and maintenance windows: set, inherited, and kept (contract 7.5)."""

from datetime import UTC, datetime, timedelta

import pytest

from cado_sentinelone.sandbox.asset import SENTINELONE_TOKEN
from cado_sentinelone.sandbox.sentinelone.people import ADMIN_TOKEN, SITE_TOKEN

from .conftest import refusal
from .remote_console import (
    DEAD,
    DENIED,
    RUN_SECONDS,
    SENT_AFTER_SECONDS,
    SETTINGS,
    execute,
    iso,
    online,
    settings,
    statuses,
    tasks,
    upload,
)

SCRIPTS = {"taskType": "script_execution"}


def read(console, token=ADMIN_TOKEN, **scope):
    response = console.get(SETTINGS, token, **SCRIPTS, **scope)
    assert response.status_code == 200, response.text
    return response.json()["data"]


def hours_from(console, later, length=2):
    """A window of whole hours that opens after so many; where it lies, and when it opens."""
    now = datetime.fromtimestamp(console.world.clock.now(), UTC)
    opens = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=later)
    closes = opens + timedelta(hours=length)
    if closes.date() != opens.date():
        closes = opens.replace(minute=59)

    def clock(moment):
        return f"{moment.hour % 12 or 12}:{moment.minute:02} {'am' if moment.hour < 12 else 'pm'}"

    window = {"fromTime": clock(opens), "toTime": clock(closes)}
    day = {"isMaintenanceAllDay": False, "maintenanceHours": [window]}
    return {f"{opens:%A}": day}, opens.timestamp()


def test_by_default_nothing_is_set_and_nobody_is_held_up(console):
    data = read(console, siteIds=console.world.sites[0].site_id)
    assert data["inheritParentConcurrencyConfig"] and data["inheritParentMaintenanceConfig"]
    assert data["maintenanceWindowsByDay"] == {}
    assert data["concurrencyConfigUpdatedBy"] is None
    parent_id = execute(console, upload(console), online(console, 5))["parentTaskId"]
    console.world.clock.advance(SENT_AFTER_SECONDS + 1)
    assert statuses(console, parent_id) == ["in_progress"] * 5


def test_what_is_set_is_read(console):
    response = settings(console, maxConcurrent=7)
    data = response.json()["data"]
    assert data == read(console, siteIds=console.world.sites[0].site_id)
    assert data["maxConcurrent"] == 7 and not data["inheritParentConcurrencyConfig"]
    assert data["concurrencyConfigUpdatedBy"] == "Console administrator"
    assert data["concurrencyConfigUpdatedAt"] == iso(console.world.clock.now())


def test_a_scope_takes_from_above_what_it_does_not_set(console):
    site = console.world.sites[0]
    account = {"accountIds": [site.account_id]}
    days = {"Sunday": {"isMaintenanceAllDay": True}}
    settings(
        console,
        scope=account,
        maxConcurrent=9,
        inheritParentMaintenanceConfig=False,
        maintenanceWindowsByDay=days,
    )
    for scope in ({"siteIds": site.site_id}, {"groupIds": site.groups[0].group_id}):
        data = read(console, **scope)
        assert (data["maxConcurrent"], data["parentMaxConcurrent"]) == (9, 9)
        assert data["maintenanceWindowsByDay"] == days
        assert data["inheritParentConcurrencyConfig"]
    settings(console, maxConcurrent=4)
    data = read(console, groupIds=site.groups[0].group_id)
    assert (data["maxConcurrent"], data["parentMaxConcurrent"]) == (4, 4)
    data = read(console, siteIds=site.site_id)
    assert (data["maxConcurrent"], data["parentMaxConcurrent"]) == (4, 9)
    assert data["maintenanceWindowsByDay"] == days
    assert read(console, siteIds=console.world.sites[1].site_id)["maxConcurrent"] == 9


def test_another_type_of_task_has_settings_of_its_own(console):
    settings(console, maxConcurrent=1)
    other = console.get(
        SETTINGS, ADMIN_TOKEN, taskType="cis_scan", siteIds=console.world.sites[0].site_id
    )
    assert other.json()["data"]["maxConcurrent"] > 1


def test_tasks_over_the_limit_wait_and_go_on_when_one_ends(console):
    settings(console, maxConcurrent=2)
    parent_id = execute(console, upload(console), online(console, 5))["parentTaskId"]
    began = console.world.clock.now()
    console.world.clock.advance(60)
    assert statuses(console, parent_id) == ["in_progress"] * 2 + ["scheduled"] * 3
    console.world.clock.advance(RUN_SECONDS)
    assert statuses(console, parent_id) == (["completed"] * 2 + ["in_progress"] * 2 + ["scheduled"])
    console.world.clock.advance(2 * RUN_SECONDS)
    rows = sorted(tasks(console, parent_id), key=lambda row: row["id"])
    assert {row["status"] for row in rows} == {"completed"}
    first = began + SENT_AFTER_SECONDS + RUN_SECONDS
    ends = [first, first, first + RUN_SECONDS, first + RUN_SECONDS, first + 2 * RUN_SECONDS]
    assert [row["updatedAt"] for row in rows] == list(map(iso, ends))


def test_one_look_at_the_end_sees_what_many_would_have_seen(console):
    settings(console, maxConcurrent=2)
    parent_id = execute(console, upload(console), online(console, 6))["parentTaskId"]
    began = console.world.clock.now()
    console.world.clock.advance(3600)
    last = max(row["updatedAt"] for row in tasks(console, parent_id))
    assert last == iso(began + SENT_AFTER_SECONDS + 3 * RUN_SECONDS)


def test_the_limit_of_an_account_counts_all_its_sites_and_executions(console):
    settings(console, scope={"accountIds": [console.world.accounts[0].account_id]}, maxConcurrent=3)
    script_id = upload(console)
    first = execute(console, script_id, online(console, 2))["parentTaskId"]
    second = execute(console, script_id, online(console, 2, site=1))["parentTaskId"]
    console.world.clock.advance(60)
    assert statuses(console, first) == ["in_progress"] * 2
    assert statuses(console, second) == ["in_progress", "scheduled"]


def test_a_site_without_a_limit_is_not_held_up_by_anothers(console):
    settings(console, maxConcurrent=0)
    agents = online(console, 1) + online(console, 1, site=1)
    parent_id = execute(console, upload(console), agents)["parentTaskId"]
    console.world.clock.advance(60)
    assert sorted(statuses(console, parent_id)) == ["in_progress", "scheduled"]


def test_a_raised_limit_lets_those_go_that_wait_and_no_sooner(console):
    settings(console, maxConcurrent=0)
    parent_id = execute(console, upload(console), online(console, 3))["parentTaskId"]
    console.world.clock.advance(8 * 3600)
    assert statuses(console, parent_id) == ["scheduled"] * 3, "waiting its turn expires nothing"
    raised = console.world.clock.now()
    settings(console, maxConcurrent=2)
    console.world.clock.advance(RUN_SECONDS)
    rows = sorted(tasks(console, parent_id), key=lambda row: row["id"])
    assert [row["status"] for row in rows] == ["completed", "completed", "in_progress"]
    assert rows[0]["updatedAt"] == iso(raised + RUN_SECONDS)


def test_a_lowered_limit_lets_nobody_go_until_so_few_run(console):
    script_id, agents = upload(console), online(console, 4)
    began = console.world.clock.now()
    for agent in agents[:3]:
        execute(console, script_id, [agent])
        console.world.clock.advance(60)
    settings(console, maxConcurrent=1)
    parent_id = execute(console, script_id, agents[3:])["parentTaskId"]
    console.world.clock.advance(3600)
    last_of_three = began + 120 + SENT_AFTER_SECONDS + RUN_SECONDS
    (row,) = tasks(console, parent_id)
    assert row["updatedAt"] == iso(last_of_three + RUN_SECONDS)


def test_a_canceled_task_gives_its_turn_to_nobody_twice(console):
    settings(console, maxConcurrent=1)
    parent_id = execute(console, upload(console), online(console, 3))["parentTaskId"]
    console.world.clock.advance(60)
    waiting = [row["id"] for row in tasks(console, parent_id) if row["status"] == "scheduled"]
    body = {"filter": {"ids": waiting[:1]}}
    assert console.post("/private/tasks/cancel-task", body).json()["data"] == {"affected": 1}
    console.world.clock.advance(RUN_SECONDS)
    assert sorted(statuses(console, parent_id)) == ["canceled", "completed", "in_progress"]


def test_an_offline_endpoint_takes_no_turn(console):
    settings(console, maxConcurrent=1)
    agents = online(console, 2)
    agents[0].is_active = False
    try:
        parent_id = execute(console, upload(console), agents)["parentTaskId"]
        console.world.clock.advance(60)
        assert statuses(console, parent_id) == ["pending", "in_progress"]
        console.world.clock.advance(7 * 3600)
        assert statuses(console, parent_id) == ["expired", "completed"]
    finally:
        agents[0].is_active = True


def test_outside_its_window_a_task_waits_until_the_window_opens(console):
    days, opens = hours_from(console, 3)
    settings(console, inheritParentMaintenanceConfig=False, maintenanceWindowsByDay=days)
    parent_id = execute(console, upload(console), online(console, 2))["parentTaskId"]
    console.world.clock.advance(opens - console.world.clock.now() - 1)
    assert statuses(console, parent_id) == ["scheduled"] * 2
    console.world.clock.advance(2)
    assert statuses(console, parent_id) == ["in_progress"] * 2
    console.world.clock.advance(RUN_SECONDS)
    ended = {row["updatedAt"] for row in tasks(console, parent_id)}
    assert ended == {iso(opens + RUN_SECONDS)}


def test_a_window_is_in_its_own_time_zone(console):
    days, opens = hours_from(console, 3)
    zone = {"timezoneGmt": "GMT-05:00"}
    settings(console, inheritParentMaintenanceConfig=False, maintenanceWindowsByDay=days, **zone)
    parent_id = execute(console, upload(console), online(console, 1))["parentTaskId"]
    console.world.clock.advance(opens + 5 * 3600 - console.world.clock.now() - 1)
    assert statuses(console, parent_id) == ["scheduled"]
    console.world.clock.advance(2)
    assert statuses(console, parent_id) == ["in_progress"]


def test_what_began_in_its_window_goes_on_after_it_and_nothing_begins(console):
    days, opens = hours_from(console, 1, length=1)
    settings(console, inheritParentMaintenanceConfig=False, maintenanceWindowsByDay=days)
    console.world.clock.advance(opens + 57 * 60 - console.world.clock.now())
    script_id, (first, second) = upload(console), online(console, 2)
    early = execute(console, script_id, [first])["parentTaskId"]
    console.world.clock.advance(210)
    late = execute(console, script_id, [second])["parentTaskId"]
    assert statuses(console, early) == ["in_progress"]
    console.world.clock.advance(RUN_SECONDS)
    assert statuses(console, early) == ["completed"]
    assert statuses(console, late) == ["scheduled"]


def test_the_scopes_that_set_something_are_found(console):
    flag = f"{SETTINGS}/has-explicit-subscope"
    assert console.get(flag, ADMIN_TOKEN, **SCRIPTS).json()["data"] == {"flag": False}
    site = console.world.sites[0]
    settings(console, maxConcurrent=3)
    settings(console, scope={"groupIds": [site.groups[0].group_id]}, maxConcurrent=1)
    assert console.get(flag, ADMIN_TOKEN, **SCRIPTS).json()["data"] == {"flag": True}
    below = {"siteIds": site.site_id, **SCRIPTS}
    (row,) = console.get(f"{SETTINGS}/explicit-subscopes", ADMIN_TOKEN, **below).json()["data"]
    assert (row["siteId"], row["groupId"]) == (site.site_id, site.groups[0].group_id)
    rows = console.rows(f"{SETTINGS}/explicit-subscopes", ADMIN_TOKEN, **SCRIPTS)
    assert len(rows) == 2
    settings(console, inheritParentConcurrencyConfig=True)
    rows = console.rows(f"{SETTINGS}/explicit-subscopes", ADMIN_TOKEN, **SCRIPTS)
    assert [row.get("groupId") for row in rows] == [site.groups[0].group_id]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"nobody": 1}, "dict_values(['nobody']): Unknown field"),
        ({"maxConcurrent": "3"}, "maxConcurrent: Not a valid integer."),
        ({"maxConcurrent": -1}, "maxConcurrent: Must be at least 0."),
        ({"timezoneGmt": "Mars"}, "timezoneGmt: Not a valid timezone."),
        ({"maintenanceWindowsByDay": []}, "maintenanceWindowsByDay: Invalid input type."),
        ({"maintenanceWindowsByDay": {"Someday": {}}}, "Someday: Not a valid day."),
        ({"maintenanceWindowsByDay": {"Monday": {"maintenanceHours": [{"fromTime": "25:00"}]}}},
         "maintenanceHours: Not a valid time."),
        ({"maintenanceWindowsByDay": {"Monday": {"maintenanceHours": [
            {"fromTime": "9:00 pm", "toTime": "9:00 am"}]}}},
         "maintenanceHours: fromTime must be before toTime."),
    ],
)  # fmt: skip
def test_settings_that_are_none_are_refused_and_change_nothing(console, changed, words):
    status, code, _, detail = refusal(settings(console, **{"maxConcurrent": 5} | changed))
    assert (status, code) == (400, 4000010)
    assert words in detail
    assert (
        read(console, siteIds=console.world.sites[0].site_id)["concurrencyConfigUpdatedAt"] is None
    )


def test_the_type_of_task_must_be_said(console):
    detail = refusal(console.get(SETTINGS, ADMIN_TOKEN))[3]
    assert detail == "taskType: Missing data for required field."
    detail = refusal(console.get(SETTINGS, ADMIN_TOKEN, taskType="UPGRADE"))[3]
    assert detail == 'taskType: "UPGRADE" is not a valid choice.'


def test_reading_and_changing_need_their_permissions(console):
    """S12: the collector has neither; the site's viewer may read and not change."""
    assert refusal(console.get(SETTINGS, SENTINELONE_TOKEN, **SCRIPTS)) == DEAD
    assert refusal(settings(console, SENTINELONE_TOKEN)) == DEAD
    assert read(console, SITE_TOKEN)["maxConcurrent"] == 100_000
    console.world.faults.set("missing_permission_status=403")
    assert refusal(settings(console, SITE_TOKEN)) == DENIED


def test_another_scope_is_outside(console):
    elsewhere = console.world.sites[1].site_id
    response = console.get(SETTINGS, SITE_TOKEN, **SCRIPTS, siteIds=elsewhere)
    assert response.status_code == 403
    assert console.get(SETTINGS, SITE_TOKEN, **SCRIPTS, tenant="true").status_code == 403
