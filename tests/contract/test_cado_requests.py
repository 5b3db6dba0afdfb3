"""Every request that the Cado client makes is one that the vendor's document describes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from jsonschema import Draft202012Validator
from pydantic import SecretStr

from cado_sentinelone.clients.cado import Cado
from cado_sentinelone.clients.cado_imports import HOST_OPTIONS
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.models.action import Run
from cado_sentinelone.models.asset import Asset

DOCUMENT = Path(__file__).parents[3] / "shared" / "contracts" / "cado-openapi.json"
URL = "https://cado.example.com"
OPTIONS = {
    "collection_type": "custom",
    "light_mode": True,
    "skip_scan": False,
    "skip_ssl_verification": False,
    "additional_files_only": False,
    "groups": ["processes"],
    "additional_files": ["/tmp/x"],  # noqa: S108 - a path on the endpoint
}

CALLS = {
    "whoami": lambda cado: cado.whoami(),
    "system_status": lambda cado: cado.system_status(),
    "platform": lambda cado: cado.platform(),
    "licence": lambda cado: cado.licence(),
    "accounts": lambda cado: list(cado.accounts(name="a", check_result="no_checks")),
    "account": lambda cado: cado.account("a"),
    "add_account": lambda cado: cado.add_account("a", "https://x.example.com", SecretStr("t")),
    "check_account": lambda cado: cado.check_account("a"),
    "delete_account": lambda cado: cado.delete_account("a"),
    "devices": lambda cado: list(cado.devices("a", hostname="h", os="linux", cursor="c")),
    "import_xdr": lambda cado: cado.import_xdr(
        account_name="a", investigation_id=1, device_id="9", host_options=OPTIONS
    ),
    "investigations": lambda cado: list(
        cado.investigations(name="n", status=["Closed"], ids=[1, 2], with_alarms=True)
    ),
    "investigation": lambda cado: cado.investigation(1),
    "create_investigation": lambda cado: cado.create_investigation("n", "d", ["u"], ["g"]),
    "pipelines": lambda cado: list(
        cado.pipelines(
            project_id=1,
            triggering_pipeline_id=2,
            evidence_id=3,
            type="processing",
            status="failed",
        )
    ),
    "newest pipelines": lambda cado: list(cado.pipelines(order_by="-created")),
    "pipeline": lambda cado: cado.pipeline(1),
    "cancel_pipeline": lambda cado: cado.cancel_pipeline(1),
    "evidences": lambda cado: list(cado.evidences(project_id=1, hostname="h")),
    "evidence": lambda cado: cado.evidence(1),
    "alarms": lambda cado: list(cado.alarms(investigation_id=1, evidence_id=2, severities=[1, 3])),
    "alarm_summary": lambda cado: cado.alarm_summary(1, 2),
    "indicators": lambda cado: cado.indicators(1, 2),
    "cado_host_script": lambda cado: cado.cado_host_script(
        project_id=1, os="linux", options={"light_mode": True, "filename": "a"}
    ),
    "cado_host_link": lambda cado: cado.cado_host_link("linux"),
    "timeline": lambda cado: list(cado.timeline(1, search_text="x", cursor="c")),
}


@pytest.fixture(scope="module")
def document():
    if not DOCUMENT.exists():
        pytest.skip("the vendor's machine-readable contract is not here")
    return json.loads(DOCUMENT.read_text(encoding="utf-8"))


def request_of(call):
    """What the call sends first; the answer is of no use on purpose."""
    asset = Asset(cado_url=URL, cado_api_key=SecretStr("key"))
    with responses.RequestsMock() as mock:
        for method in ("GET", "POST", "PATCH", "DELETE"):
            mock.add(method, re.compile(f"{URL}/.*"), json={"message": "no"}, status=404)
        mock.assert_all_requests_are_fired = False
        with pytest.raises(ConnectorError):
            call(Cado(asset, Run()))
        return mock.calls[0].request


def operation_of(document, method, path):
    for template, methods in document["paths"].items():
        pattern = re.sub(r"\{[^/]+\}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method.lower() in methods:
            return methods[method.lower()]
    raise AssertionError(f"{method} {path} is not in the document")


def values_of(schema, texts):
    """The query's texts as the values that the schema speaks of."""
    if schema["type"] == "array":
        return [values_of(schema["items"], [text]) for text in texts]
    (text,) = texts
    match schema["type"]:
        case "integer":
            return int(text)
        case "number":
            return float(text)
        case "boolean":
            return {"true": True, "false": False}[text]
        case _:
            return text


@pytest.mark.parametrize("name", CALLS)
def test_the_request_is_in_the_vendors_document(document, name):
    request = request_of(CALLS[name])
    url = urlsplit(request.url)
    operation = operation_of(document, request.method, url.path)
    known = {one["name"]: one for one in operation.get("parameters", []) if one["in"] == "query"}
    given: dict[str, list[str]] = {}
    for key, text in parse_qsl(url.query, strict_parsing=bool(url.query)):
        given.setdefault(key, []).append(text)
    assert given.keys() <= known.keys()
    assert {key for key, one in known.items() if one.get("required")} <= given.keys()
    for key, texts in given.items():
        schema = known[key]["schema"]
        Draft202012Validator(schema).validate(values_of(schema, texts))
    if request.body is None:
        assert not operation.get("requestBody", {}).get("required")
    else:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        body = json.loads(request.body)
        # Beside the components that its references point to.
        whole = schema | {"components": document["components"]}
        Draft202012Validator(whole).validate(body)
        assert body.keys() <= schema["properties"].keys()


def test_every_public_call_is_looked_at():
    public = {
        name
        for part in Cado.__mro__[1:-2]
        for name, member in vars(part).items()
        if callable(member) and not name.startswith("_")
    }
    assert public == {name for name in CALLS if " " not in name}


def test_the_host_options_are_the_vendors(document):
    assert document["components"]["schemas"]["host_options"]["properties"].keys() == HOST_OPTIONS
