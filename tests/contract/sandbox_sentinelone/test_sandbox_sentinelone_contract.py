"""Every route of the sandbox against the vendor's specification."""

import pytest

from cado_sentinelone.sandbox.sentinelone.people import ADMIN_TOKEN, EXPIRED_TOKEN
from cado_sentinelone.sandbox.sentinelone.routes import OPERATIONS

# Real routes (contract 2 and 4) that the specification's slice does not hold.
NOT_IN_SLICE = {
    "GET /system/configuration",
    "GET /service-users",
    "GET /users/tenant-admin-auth-check",
    "GET /users/rs-auth-check",
    "POST /users/login/by-api-token",
    # Routes that no specification has (contract 8).
    "GET /private/tasks",
    "POST /private/tasks/cancel-task",
}
PATTERN = {"type": "path", "value": "/tmp/cado-host-*/cado-host", "osType": "linux"}  # noqa: S108
BODIES = {
    "POST /users/login/by-api-token": {"data": {"apiToken": ADMIN_TOKEN}},
    "POST /users/api-token-details": {"data": {"apiToken": EXPIRED_TOKEN}},
    "POST /exclusions": {"data": PATTERN, "filter": {"tenant": True}},
    "PUT /exclusions": {"data": {**PATTERN, "id": "{exclusion_id}", "description": "changed"}},
    "POST /exclusions/validate": {
        "data": {"exclusionType": "path", "osType": "linux", "value": PATTERN["value"]}
    },
    "DELETE /exclusions": {"data": {"ids": ["{exclusion_id}"]}},
}
KINDS = {"text": "string", "identifier": "string", "moment": "string", "period": "string"}


def name_of(operation):
    return f"{operation.method} {operation.path}"


documented = pytest.mark.parametrize(
    "operation", [op for op in OPERATIONS if name_of(op) not in NOT_IN_SLICE], ids=name_of
)


def ask(console, operation, token):
    """Call the operation with a valid path and body."""
    state = console.world.sentinelone
    ids = {
        "{user_id}": state.users[0].user_id,
        "{role_id}": state.roles[2].role_id,
        "{site_id}": console.world.sites[0].site_id,
    }
    path = operation.path
    for hole, value in ids.items():
        path = path.replace(hole, value)
    if operation.path.startswith("/tasks-configuration"):
        return ask_about_settings(console, operation, token)
    if operation.path.startswith(("/remote-", "/private")):
        return ask_about_scripts(console, operation, path, token)
    body = BODIES.get(name_of(operation))
    if body and body["data"].keys() & {"id", "ids"}:
        created = console.post("/exclusions", BODIES["POST /exclusions"], ADMIN_TOKEN)
        exclusion_id = created.json()["data"][0]["id"]
        changed = {"id": exclusion_id} if "id" in body["data"] else {"ids": [exclusion_id]}
        body = {"data": {**body["data"], **changed}}
    return console.call(operation.method, path, token, json=body)


def ask_about_settings(console, operation, token):
    """As `ask`, with a site that has settings of its own."""
    site_id = console.world.sites[0].site_id
    body = {
        "filter": {"siteIds": [site_id], "taskType": "script_execution"},
        "data": {
            "inheritParentConcurrencyConfig": False,
            "inheritParentMaintenanceConfig": False,
            "maintenanceWindowsByDay": {"Monday": {"isMaintenanceAllDay": True}},
            "maxConcurrent": 3,
            "timezoneGmt": "GMT+02:00",
        },
    }
    if operation.method == "PUT":
        return console.call("PUT", operation.path, token, json=body)
    console.call("PUT", "/tasks-configuration", ADMIN_TOKEN, json=body)
    return console.get(operation.path, token, taskType="script_execution")


def ask_about_scripts(console, operation, path, token):
    """As `ask`, with a script in the library, one that ran, and one that waits for approval."""
    agent = console.world.agents[0]
    scope = {"scopeLevel": (None, "site"), "scopeId": (None, agent.site_id)}
    form = {
        "scriptName": (None, "cado"),
        "scriptType": (None, "artifactCollection"),
        "osTypes": (None, "windows"),
        "inputRequired": (None, "false"),
        "file": ("cado.ps1", b"exit 0", "application/terminal"),
    } | scope
    if name_of(operation) == "POST /remote-scripts":
        return console.call("POST", path, token, files=form)
    script_id = console.call("POST", "/remote-scripts", ADMIN_TOKEN, files=form).json()["data"][
        "id"
    ]
    work = {"scriptId": script_id, "taskDescription": "cado", "outputDestination": "SentinelCloud"}
    execute = {"filter": {"ids": [agent.agent_id]}, "data": work}
    waiting = {"filter": execute["filter"], "data": work | {"requiresApproval": True}}
    answer = console.post("/remote-scripts/execute", execute, ADMIN_TOKEN).json()["data"]
    pending = console.post("/remote-scripts/execute", waiting, ADMIN_TOKEN).json()["data"]
    console.world.clock.advance(600)
    parent_id = answer["parentTaskId"]
    task_id = next(iter(console.world.sentinelone.remote.tasks))
    scheduling = {"scheduledTime": {"utc": "2099-01-01T00:00:00Z", "tz": "UTC"}}
    schedule = {"filter": execute["filter"], "data": {"scheduling": scheduling, "action": work}}
    moved = {"scheduling": {**scheduling, "expireTime": None, "recurrence": None}}
    scheduled = console.post("/remote-ops/schedule/remote-script", schedule, ADMIN_TOKEN)
    scheduled_id = scheduled.json()["data"]["scheduledTaskId"]
    guarded = {"scopeLevel": "site", "scopeId": agent.site_id}
    guardrail = {"enabled": True, "endpointsQuantity": 25, "scriptTypes": ["action"]}
    facts = {
        "scriptName": "cado again",
        "scriptType": "artifactCollection",
        "osTypes": ["windows"],
        "inputRequired": False,
        "inputExample": "none",
        "inputInstructions": "none",
        "scriptRuntimeTimeoutSeconds": 600,
    }
    check = {"data": {"scriptId": script_id, "agentIds": [agent.agent_id]}}
    bodies = {
        "DELETE /remote-scripts": {"filter": {"ids": [script_id]}},
        "POST /remote-scripts/execute": execute,
        "POST /remote-scripts/fetch-files": {"data": {"taskIds": [task_id]}},
        "POST /remote-scripts/guardrails/check": check,
        "PUT /remote-scripts/pending-executions/{pending_execution_id}": {
            "data": {"action": "decline"}
        },
        "POST /private/tasks/cancel-task": {"filter": {"ids": [task_id]}},
        "PUT /remote-scripts/{script_id}": {"data": facts},
        "POST /remote-scripts/guardrails/configuration": {"data": guarded | guardrail},
        "DELETE /remote-scripts/guardrails/configuration": {"data": guarded},
        "POST /remote-ops/schedule/remote-script": schedule,
        "DELETE /remote-ops/scheduled-tasks": {"filter": {"ids": [scheduled_id]}},
        "PUT /remote-ops/scheduled-tasks/{scheduled_task_id}": {"data": moved},
    }
    ids = {
        "{pending_execution_id}": pending["pendingExecutionId"],
        "{script_id}": script_id,
        "{scheduled_task_id}": scheduled_id,
    }
    for hole, value in ids.items():
        path = path.replace(hole, value)
    if operation.path == "/remote-scripts/edit/{script_id}":
        parts = facts | {"osTypes": "windows", "inputRequired": "false"}
        files = {name: (None, str(value)) for name, value in parts.items()}
        return console.call("PUT", path, token, files=files)
    queries = {"/remote-scripts/script-content": {"scriptId": script_id}}
    if operation.method == "GET":
        queries["/remote-scripts/guardrails/configuration"] = guarded
    queries["/remote-scripts/status"] = {"parentTaskId": parent_id}
    return console.call(
        operation.method,
        path,
        token,
        json=bodies.get(name_of(operation)),
        params=queries.get(operation.path),
    )


@documented
def test_the_answer_is_the_specifications(console, contract, operation):
    if operation.path == "/exclusions" and operation.method == "GET":
        console.post("/exclusions", BODIES["POST /exclusions"], ADMIN_TOKEN)
    response = ask(console, operation, ADMIN_TOKEN)
    assert response.status_code == 200, response.text
    if name_of(operation) == "POST /remote-scripts/fetch-files":
        # Its published answer is not the one that every real client reads (contract 7.4).
        assert response.json()["data"].keys() == {"download_links", "errors"}
        return
    contract.check(operation.method, operation.path, response)
    assert response.json()["data"], "an empty answer proves nothing"


@documented
def test_so_is_the_refusal_of_a_dead_token(console, contract, operation):
    response = ask(console, operation, EXPIRED_TOKEN)
    if operation.public:
        assert response.status_code == 200
    else:
        assert response.status_code == 401
        contract.check(operation.method, operation.path, response)


@documented
def test_so_is_the_refusal_of_an_unknown_parameter(console, contract, operation):
    responses = contract.paths[operation.path][operation.method.lower()]["responses"]
    response = console.call(operation.method, f"{operation.path}?nobody=knows", ADMIN_TOKEN)
    assert response.status_code == 400
    assert "Unknown field" in response.text
    if "400" in responses:
        contract.check(operation.method, operation.path, response)


@pytest.mark.parametrize("name", ["user_id", "site_id"])
def test_so_is_the_refusal_of_an_unknown_thing(console, contract, name):
    template = {"user_id": "/users/{user_id}", "site_id": "/sites/{site_id}/policy"}[name]
    response = console.get(template.replace(f"{{{name}}}", "1" + "0" * 18), ADMIN_TOKEN)
    assert response.status_code == 404
    contract.check("GET", template, response)


@documented
def test_the_permission_is_the_specifications(contract, operation):
    """S12: the sandbox asks for what the vendor asks for, no more and no less."""
    published = contract.paths[operation.path][operation.method.lower()]
    required = published.get("x-s1-required-permissions")
    if required is None and operation.needs:
        required = published["x-s1-optional-permissions"]
    assert set(operation.needs) == set(required or ())


@documented
def test_the_query_is_the_specifications(contract, operation):
    """Every parameter with its type, bounds and choices, and not one more."""
    published = {
        parameter["name"]: parameter
        for parameter in contract.paths[operation.path][operation.method.lower()]["parameters"]
        if parameter["in"] == "query"
    }
    assert operation.query.keys() == published.keys()
    for name, rule in operation.query.items():
        theirs = published[name]
        items = theirs.get("items", {})
        assert rule.is_list == (theirs["type"] == "array"), name
        kind = items.get("type", theirs["type"])
        assert KINDS.get(rule.kind, rule.kind) == ("string" if kind == "object" else kind), name
        numeric = bool((items or theirs).get("x-minimum"))
        # These ids have their lower bound in the place for numbers.
        odd = name in ("scriptId", "scopeId")
        assert (rule.kind == "identifier") == (numeric or odd), name
        assert rule.choices == frozenset(theirs.get("enum", items.get("enum", ()))), name
        assert rule.shortest == items.get("minLength", 0), name
        bounds = ("minItems", "maxItems") if rule.is_list else ("minimum", "maximum")
        if not odd:
            assert (rule.least, rule.most) == tuple(map(theirs.get, bounds)), name
        assert rule.default == theirs.get("default"), name
        if name not in ("scriptId", "parentTaskId"):
            assert rule.required == bool(theirs.get("required")), name


def test_the_routes_outside_the_slice_are_known(contract):
    served = {name_of(operation) for operation in OPERATIONS}
    published = {
        f"{method.upper()} {path}" for path, methods in contract.paths.items() for method in methods
    }
    assert served - published == NOT_IN_SLICE


@pytest.mark.parametrize(
    "operation", [op for op in OPERATIONS if name_of(op) in NOT_IN_SLICE], ids=name_of
)
def test_what_the_slice_does_not_hold_answers_an_administrator(console, operation):
    response = ask(console, operation, ADMIN_TOKEN)
    assert response.status_code == 200
    assert response.json()["data"]
