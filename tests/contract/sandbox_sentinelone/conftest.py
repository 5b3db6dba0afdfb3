"""A SentinelOne console that stands still until its clock is turned, and its contract."""

import copy
import json
import re
from pathlib import Path

import pytest
import requests
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from cado_sentinelone.sandbox.asset import SENTINELONE_TOKEN
from cado_sentinelone.sandbox.running import RunningSandbox
from cado_sentinelone.sandbox.sentinelone.records import found_activities
from cado_sentinelone.sandbox.sentinelone.remote import Remote

CONTRACT = Path(__file__).parents[4] / "shared" / "contracts" / "sentinelone-swagger.json"
BASE = "/web/api/v2.1"

# Where the published specification is behind the console (contract 9.1 shows these fields).
UNPUBLISHED_FIELDS = {
    "POST /exclusions": (
        [
            "scopePath",
            "imported",
            "applicationName",
            "inAppInventory",
            "includeParents",
            "includeChildren",
        ]
    ),
    "PUT /exclusions": (
        [
            "scopePath",
            "imported",
            "applicationName",
            "inAppInventory",
            "includeParents",
            "includeChildren",
        ]
    ),
    # A site's filters name fields of it that its schema lacks; accounts have them the same way.
    "GET /accounts": ["activeLicenses"],
}


class Contract:
    """The vendor's specification, which here also refuses every field that it does not name."""

    def __init__(self, document):
        self.paths = {
            path.removeprefix(BASE): operations for path, operations in document["paths"].items()
        }
        closed = copy.deepcopy(document)
        _close(closed["definitions"])
        self._registry = Registry().with_resource(
            "urn:sentinelone", Resource.from_contents(closed, default_specification=DRAFT202012)
        )

    def check(self, method, template, response):
        """Fail unless the answer is one that the specification has for this operation."""
        schema = self.paths[template][method.lower()]["responses"][str(response.status_code)]
        body = response.json()
        for name in UNPUBLISHED_FIELDS.get(f"{method} {template}", ()):
            for row in body.get("data", ()):
                row.pop(name, None)
        if "schema" in schema:
            reference = schema["schema"]["$ref"]
            validator = Draft202012Validator(
                {"$ref": f"urn:sentinelone{reference}"}, registry=self._registry
            )
            problems = [
                f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)
            ]
            assert not problems, problems


def _close(schema):
    """No unknown fields, and null for what is not required: the console sends it (contract 5)."""
    if isinstance(schema, list):
        for item in schema:
            _close(item)
    if not isinstance(schema, dict):
        return
    properties = schema.get("properties")
    if isinstance(properties, dict) and schema.get("type") == "object":
        schema["additionalProperties"] = False
        for name, child in properties.items():
            if name not in schema.get("required", ()) or child.get("x-nullable"):
                properties[name] = {"anyOf": [{"type": "null"}, child]}
    # A keyword of swagger 2 that JSON Schema reads otherwise, and patterns of another dialect.
    schema.pop("pattern", None)
    schema.pop("example", None)
    for child in schema.values():
        _close(child)


@pytest.fixture(scope="session")
def contract():
    if not CONTRACT.is_file():
        pytest.skip(f"{CONTRACT.name} is not beside this checkout")
    return Contract(json.loads(CONTRACT.read_text()))


class Console:
    """A person with a token in front of the sandbox."""

    def __init__(self, sandbox):
        self.sandbox, self.world, self.url = sandbox, sandbox.world, sandbox.url + BASE
        self.session = requests.Session()
        self.session.trust_env = False

    def call(self, method, path, token=SENTINELONE_TOKEN, headers=None, **more):
        given = {} if token is None else {"Authorization": f"ApiToken {token}"}
        return self.session.request(
            method, self.url + path, headers=given | (headers or {}), timeout=10, **more
        )

    def get(self, path, token=SENTINELONE_TOKEN, **params):
        return self.call("GET", path, token, params=params)

    def post(self, path, body, token=SENTINELONE_TOKEN):
        return self.call("POST", path, token, json=body)

    def rows(self, path, token=SENTINELONE_TOKEN, **params):
        """Every row of a listing that fits one page."""
        response = self.get(path, token, limit=1000, **params)
        assert response.status_code == 200, response.text
        rows = response.json()["data"]
        return rows["sites"] if path == "/sites" else rows


@pytest.fixture(scope="session")
def _sandbox():
    with RunningSandbox(endpoints=60, speed=0) as sandbox:
        yield sandbox


@pytest.fixture
def console(_sandbox):
    """The console as it was founded, with no fault, at a whole second: sums of times are exact."""
    state = _sandbox.world.sentinelone
    _sandbox.world.faults.clear()
    _sandbox.world.clock.advance(-_sandbox.world.clock.now() % 1)
    state.exclusions.clear()
    state.remote = Remote(_sandbox.world)
    state.activities[:] = found_activities(_sandbox.world, state.users)
    console = Console(_sandbox)
    yield console
    console.session.close()
    _sandbox.world.faults.clear()


def refusal(response):
    """Status, code, title and detail of a refusal."""
    assert response.json().keys() == {"errors"}
    (error,) = response.json()["errors"]
    return response.status_code, error["code"], error["title"], error["detail"]


ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
