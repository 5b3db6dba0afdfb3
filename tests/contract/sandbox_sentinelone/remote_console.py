"""What the tests of RemoteOps do at a console: upload, execute, set, turn the clock."""

from datetime import UTC, datetime

from cado_sentinelone.sandbox.sentinelone.people import ADMIN_TOKEN

DENIED = (403, 4030010, "Insufficient permissions", "User does not have required permissions.")
DEAD = (401, 4010010, "Authentication Failed", None)
SETTINGS = "/tasks-configuration"
GUARDRAIL = "/remote-scripts/guardrails/configuration"
SCHEDULE = "/remote-ops/schedule/remote-script"
SCHEDULED = "/remote-ops/scheduled-tasks"
RUN_SECONDS = 240
SENT_AFTER_SECONDS = 10


def iso(moment):
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def online(console, count, site=0):
    """Agents of a site of the collector on which a script can run now."""
    agents = [
        agent
        for agent in console.world.sites[site].agents
        if agent.is_active
        and agent.rso_level != "none"
        and not (agent.is_decommissioned or agent.is_uninstalled)
    ]
    assert len(agents) >= count
    return agents[:count]


def upload(console, script_type="artifactCollection", text=b"exit 0", token=ADMIN_TOKEN):
    form = {
        "scriptName": (None, "cado"),
        "scriptType": (None, script_type),
        "osTypes": (None, "linux"),
        "inputRequired": (None, "false"),
        "scopeLevel": (None, "account"),
        "scopeId": (None, console.world.accounts[0].account_id),
        "file": ("cado.sh", text, "application/terminal"),
    }
    response = console.call("POST", "/remote-scripts", token, files=form)
    assert response.status_code == 200, response.text
    return response.json()["data"]["id"]


def action(script_id, **more):
    return {
        "scriptId": script_id,
        "taskDescription": "cado",
        "outputDestination": "SentinelCloud",
        **more,
    }


def execute(console, script_id, agents, **more):
    body = {
        "filter": {"ids": [agent.agent_id for agent in agents]},
        "data": action(script_id, **more),
    }
    response = console.post("/remote-scripts/execute", body)
    assert response.status_code == 200, response.text
    return response.json()["data"]


def tasks(console, parent_id):
    return console.rows("/remote-scripts/status", parentTaskId=parent_id)


def statuses(console, parent_id):
    """The status of every task, in the order of the execution."""
    return [row["status"] for row in sorted(tasks(console, parent_id), key=lambda row: row["id"])]


def settings(console, token=ADMIN_TOKEN, scope=None, **changed):
    """Set when scripts may run, at the first site by default."""
    data = {
        "inheritParentConcurrencyConfig": False,
        "inheritParentMaintenanceConfig": True,
        "maintenanceWindowsByDay": {},
        "maxConcurrent": 100,
        "timezoneGmt": "GMT+00:00",
    }
    scope = scope or {"siteIds": [console.world.sites[0].site_id]}
    body = {"filter": {**scope, "taskType": "script_execution"}, "data": data | changed}
    return console.call("PUT", SETTINGS, token, json=body)
