"""The operations are those of the contract: roles, parameters, bodies, answers, examples."""

from typing import get_args

import pytest

from cado_sentinelone.sandbox.cado.asked import Body
from cado_sentinelone.sandbox.cado.imports import HostOptions
from cado_sentinelone.sandbox.cado.roles import PERMISSIONS, ROLES
from cado_sentinelone.sandbox.cado.routes import OPERATIONS

BASE = "/api/v3"
BY_NAME = {f"{operation.method} {operation.path}": operation for operation in OPERATIONS}


def vendors(contract, operation):
    return contract.paths[BASE + operation.path][operation.method.lower()]


@pytest.fixture(params=BY_NAME.values(), ids=BY_NAME)
def operation(request):
    return request.param


def test_the_roles_are_the_contracts(contract, operation):
    roles = {ROLES[letter] for letter in PERMISSIONS[operation.permission]}
    assert roles == set(vendors(contract, operation)["x-Required Roles"])


def test_the_query_string_is_the_contracts(contract, operation):
    fields = {} if issubclass(operation.asks, Body) else operation.asks.model_fields
    there = {
        parameter["name"]: parameter
        for parameter in vendors(contract, operation).get("parameters", ())
        if parameter["in"] == "query"
    }
    assert set(fields) == set(there)
    for name, field in fields.items():
        assert field.is_required() == there[name].get("required", False), name
        array = there[name]["schema"]["type"] == "array"
        assert array == str(field.annotation).startswith("tuple["), name
        default = there[name]["schema"].get("default")
        assert default is None or field.is_required() or field.default == default, name


def test_the_body_is_the_contracts(contract, operation):
    there = vendors(contract, operation).get("requestBody")
    assert (there is not None) == issubclass(operation.asks, Body)
    if there is not None:
        schema = there["content"]["application/json"]["schema"]
        assert_same_fields(operation.asks.model_fields, schema)


def test_the_host_options_are_the_contracts(contract):
    schema = contract.schemas["host_options"]
    assert_same_fields(HostOptions.model_fields, schema)
    for name, field in HostOptions.model_fields.items():
        assert schema["properties"][name].get("default", ()) == field.default, name


def assert_same_fields(fields, schema):
    assert set(fields) == set(schema["properties"])
    required = {name for name, field in fields.items() if field.is_required()}
    assert required == set(schema.get("required", ()))
    for name, field in fields.items():
        if choices := schema["properties"][name].get("enum"):
            assert set(get_args(field.annotation)) == set(choices), name


def test_the_status_is_the_contracts(contract, operation):
    assert str(operation.status) in vendors(contract, operation)["responses"]


def test_every_answer_is_the_contracts(platform):
    """Each operation once, in an order in which all succeed; the fixture checks each answer."""
    project_id = platform.project()
    first, second = platform.collect(project_id), platform.collect(project_id, 1)
    platform.advance(30 * 60)
    platform.send("PATCH", f"/pipelines/{platform.collect(project_id, 8)}", {"aborted": True})
    platform.advance(90 * 60)
    evidence_id = platform.evidences(project_id)[0]["id"]
    alarm_id = platform.get("/alarms")["data"][0]["id"]
    for path, query in {
        "/auth/whoami": {},
        "/auth/keys": {},
        "/platform": {},
        "/license": {},
        "/system/status": {},
        "/accounts": {"type": ["sentinelone", "aws"], "account_check_result": "success"},
        f"/accounts/{platform.account}": {},
        "/import/xdr/sentinelone": {"account_name": platform.account, "per_page": 5},
        "/projects": {"get_alarm_summary": "true", "status": ["Closed", "Collection & Analysis"]},
        f"/projects/{project_id}": {},
        "/pipelines": {"project_id": project_id, "per_page": 100},
        f"/pipelines/{first}": {},
        f"/pipelines/{second}/logs": {},
        "/pipelines/status": {"project_id": project_id},
        "/evidences": {"project_id": project_id, "is_compromised": "true"},
        f"/evidences/{evidence_id}": {},
        f"/evidences/{evidence_id}/generate-url/preservation": {},
        "/alarms": {"investigation_id": project_id, "alarm_severity": [1, 3]},
        f"/alarms/{alarm_id}": {},
        "/alarms/summary": {"investigation_id": project_id},
        "/alarms/overview": {"investigation_ids": [project_id, 1]},
        "/indicators": {"investigation_id": project_id},
        "/timeline": {"project_id": project_id, "search_text": "alarm_severity:[1 TO 10]"},
        "/timeline/facets/counts": {"project_id": project_id},
        "/notifications": {"page": 1, "per_page": 50},
        f"/notifications/{first}": {},
    }.items():
        response = platform.call("GET", path, params=query)
        assert response.status_code == 200, response.text
        if "json" in response.headers["content-type"]:
            assert response.json()["data"], path
    key_id = platform.send("POST", "/auth/keys", {"key_role": "Analyst"})["id"]
    platform.send("DELETE", "/auth/keys", {"id": key_id})
    platform.send("POST", "/system/healthcheck")
    platform.send("POST", "/accounts/check", {"account_name": platform.account})
    platform.send("POST", "/pipelines/rerun", {"pipeline_id": first}, 201)
    platform.send("PATCH", "/pipelines/cancel-all")
    platform.send("PATCH", f"/evidences/{evidence_id}", {"description": "the first"})
    platform.send("POST", "/evidences/process", {"evidence_id": evidence_id}, 201)
    platform.send("DELETE", f"/evidences/{evidence_id}")
    platform.send("PATCH", f"/notifications/{first}", {"is_viewed": True})
    hook = {"name": "n", "payload_type": "custom", "url": "https://soar.example.com/in"}
    hook_id = platform.send("POST", "/webhooks", hook | {"event_type": "processing_failed"}, 201)[
        "id"
    ]
    platform.send("POST", "/webhooks/test", {"id": hook_id})
    assert platform.get("/webhooks")["data"]
    platform.send("DELETE", f"/webhooks/{hook_id}")
    account = {
        "account_name": "another",
        "account_type": "sentinelone",
        "credential_data": {"endpoint": "https://console.example.com", "token": "sandbox"},
    }
    platform.send("POST", "/accounts", account, 201)
    platform.send("DELETE", "/accounts/another")
    platform.send("PATCH", f"/projects/{project_id}", {"status": "Closed"})
    platform.send("DELETE", "/projects", {"investigation_ids": [project_id]})
    assert platform.get("/audit-log", page=1, per_page=100)["data"]


def test_every_refusal_is_the_contracts(still_platform, operation):
    """A bad key, a role without rights, an unknown parameter: one error body for all."""
    path = operation.path.replace("{", "").replace("}", "")
    for status, options in (
        (401, {"key": "nobody"}),
        (403, {"key": "sandbox-cado-darktrace"}),
        (400, {"params": {"no_such_parameter": "1"}}),
    ):
        still_platform.refusal(operation.method, path, status, **options)


def test_the_contracts_request_bodies_are_taken(contract, platform):
    """Every example of a request that is served here, with its ids put in the place of ours."""
    project_id = platform.project("S1-THREAT-0")
    pipeline_id = platform.collect(project_id)
    platform.send("PATCH", f"/pipelines/{pipeline_id}", {"aborted": True})
    ours = {
        "investigation_id": project_id,
        "investigation_ids": [project_id],
        "project_id": project_id,
        "device_id": platform.world.agents[0].agent_id,
        "pipeline_id": pipeline_id,
    }
    replayed = []
    for example in contract.examples:
        name = f"{example['method'].upper()} {example['path'].removeprefix(BASE)}"
        if example["part"] != "request" or name not in BY_NAME:
            continue
        body = {field: ours.get(field, value) for field, value in example["value"].items()}
        path = BY_NAME[name].path.replace("{id}", str(platform.collect(project_id)))
        platform.send(BY_NAME[name].method, path, body, BY_NAME[name].status)
        replayed.append(example["name"])
        if example["name"] == "proj_del_req":
            project_id = ours["investigation_id"] = ours["project_id"] = platform.project(
                "after the deletion"
            )
            ours["pipeline_id"] = platform.collect(project_id)
            platform.send("PATCH", f"/pipelines/{ours['pipeline_id']}", {"aborted": True})
    assert len(replayed) == 10


def test_nothing_of_the_contracts_example_answers_is_left_out(contract, collected):
    """Whatever field an example of an answer shows, ours shows too."""
    evidence = collected.evidences(collected.project_id)[0]
    pipeline_id = collected.get("/pipelines", evidence_id=evidence["id"])["data"][0]["pipeline"][
        "id"
    ]
    in_case = {"investigation_id": collected.project_id, "evidence_id": evidence["id"]}
    search = {"project_id": collected.project_id, "search_text": "sha256:* alarm_severity:1"}
    asked = {
        "whoami": ("/auth/whoami", {}),
        "platform": ("/platform", {}),
        "sys": ("/system/status", {}),
        "lic": ("/license", {}),
        "acct_list": ("/accounts", {}),
        "xdr_list": (
            "/import/xdr/sentinelone",
            {"account_name": collected.account, "per_page": 2},
        ),
        "proj_get": (f"/projects/{collected.project_id}", {}),
        "proj_list": ("/projects", {}),
        "pipe_fail": (f"/pipelines/{pipeline_id}", {}),
        "pipe_list": ("/pipelines", {"evidence_id": evidence["id"]}),
        "pipe_status": ("/pipelines/status", {}),
        "ev_list": ("/evidences", {}),
        "ev_get": (f"/evidences/{evidence['id']}", {}),
        "tl": ("/timeline", search),
        "facet": ("/timeline/facets/counts", {"project_id": collected.project_id}),
        "alarms": ("/alarms", in_case),
        "alarm_sum": ("/alarms/summary", in_case),
        "alarm_ov": ("/alarms/overview", {"investigation_ids": collected.project_id}),
        "ind": ("/indicators", in_case),
        "notif": ("/notifications", {"page": 1, "per_page": 1, "evidence_id": evidence["id"]}),
    }
    examples = {example["name"]: example["value"] for example in contract.examples}
    for name, (path, query) in asked.items():
        missing = set(shape(examples[name])) - set(shape(collected.get(path, **query)))
        if name == "xdr_list":  # optional, and nothing here pages backwards through a fleet
            missing.remove("pagination/previous_token")
        assert not missing, name


def shape(value, path=""):
    """The paths to everything in a body, the first item standing for all of a list."""
    children = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        children = [("0", item) for item in value[:1]]
    yield path.strip("/")
    for name, child in children:
        yield from shape(child, f"{path}/{name}")
