"""A Cado platform that stands still until its clock is turned, and its contract to check it by."""

import copy
import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from cado_sentinelone.sandbox.running import RunningSandbox

CONTRACTS = Path(__file__).parents[4] / "shared" / "contracts"
HOUR = 3600.0


def contract_file(name):
    """The vendor's file beside the checkout, parsed; its absence skips the test by name."""
    path = CONTRACTS / name
    if not path.is_file():
        pytest.skip(f"{name} is not beside this checkout")
    return json.loads(path.read_text())


class Contract:
    """The vendor's document, which also refuses every field that it does not name."""

    def __init__(self, document):
        self.paths = document["paths"]
        self.schemas = document["components"]["schemas"]
        self.examples = contract_file("cado-examples.json")
        closed = copy.deepcopy(document)
        _close(closed)
        resource = Resource.from_contents(closed, default_specification=DRAFT202012)
        self._registry = Registry().with_resource("urn:cado", resource)

    def check(self, method, path, response):
        """Fail unless the answer is one that the contract has for this operation."""
        template = self._template(path)
        answers = self.paths[template][method.lower()]["responses"]
        status = str(response.status_code)
        if status not in answers:
            assert status[0] in "45", f"{method} {template} answers an unknown {status}"
            where = ["components", "responses", "default"]
        else:
            where = ["paths", template, method.lower(), "responses", status]
            content = answers[status]["content"]
            assert response.headers["content-type"].partition(";")[0] in content
        if response.headers["content-type"].startswith("application/json"):
            self.check_schema([*where, "content", "application/json", "schema"], response.json())

    def check_schema(self, where, body):
        """Fail unless the body is what the schema at this place of the document describes."""
        pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in where)
        schema = {"$ref": f"urn:cado#/{pointer}"}
        errors = list(Draft202012Validator(schema, registry=self._registry).iter_errors(body))
        assert not errors, "\n".join(f"{error.json_path}: {error.message}" for error in errors)

    def _template(self, path):
        if path in self.paths:
            return path
        for template in self.paths:
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                return template
        raise AssertionError(f"{path} is not in the contract")


def _close(node):
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict) and "additionalProperties" not in node:
            node["additionalProperties"] = False
        for child in node.values():
            _close(child)
    elif isinstance(node, list):
        for child in node:
            _close(child)


class Platform:
    """One running sandbox as a client of the Cado API sees it; every answer is checked."""

    def __init__(self, sandbox, contract):
        self.sandbox = sandbox
        self.world = sandbox.world
        self.account = sandbox.asset["cado_account_name"]
        self.key = sandbox.asset["cado_api_key"]
        self._contract = contract
        self._session = requests.Session()

    def close(self):
        self._session.close()

    def call(self, method, path, *, key=None, headers=None, check=True, **options):
        """The answer, whatever it is."""
        headers = {"Authorization": f"Bearer {key or self.key}"} | (headers or {})
        url = f"{self.sandbox.url}/api/v3{path}"
        response = self._session.request(method, url, headers=headers, **options)
        if self._contract and check:
            self._contract.check(method, f"/api/v3{path}", response)
        return response

    def get(self, path, **query):
        """The body of a successful answer."""
        response = self.call("GET", path, params=query)
        assert response.status_code == 200, response.text
        assert response.json()["status"] == "success"
        return response.json()

    def send(self, method, path, body=None, status=200):
        """What the answer with this status holds as `data`, None if it holds none."""
        response = self.call(method, path, json=body)
        assert response.status_code == status, response.text
        return response.json().get("data")

    def refusal(self, method, path, status, **options):
        """The message of a refusal with this status."""
        response = self.call(method, path, **options)
        assert response.status_code == status, response.text
        assert response.json()["status"] == "error"
        assert response.json()["code"]
        return response.json()["message"]

    def advance(self, seconds):
        """Turn the clock."""
        self.world.clock.advance(seconds)

    def project(self, name="case", **more):
        """The id of a new investigation."""
        return self.send("POST", "/projects", {"case_name": name} | more, 201)["id"]

    def collect(self, project_id, number=0, **host_options):
        """The id of the pipeline that collects the endpoint with this place in the world."""
        body = {
            "account_name": self.account,
            "investigation_id": project_id,
            "device_id": self.world.agents[number].agent_id,
            "host_options": host_options,
        }
        return self.send("POST", "/import/xdr", body)["pipeline_id"]

    def pipeline(self, pipeline_id):
        return self.get(f"/pipelines/{pipeline_id}")["data"]

    def children(self, pipeline_id):
        return self.get("/pipelines", triggering_pipeline_id=pipeline_id)["data"]

    def evidences(self, project_id):
        return self.get("/evidences", project_id=project_id, order_by="id")["data"]


@pytest.fixture(scope="session")
def contract():
    """The machine-readable contract."""
    return Contract(contract_file("cado-openapi.json"))


@pytest.fixture(scope="session")
def contract_if_there(request):
    """The contract, or None where there is none: the behaviour is tested all the same."""
    if not (CONTRACTS / "cado-openapi.json").is_file():
        return None
    return request.getfixturevalue("contract")


@pytest.fixture(scope="session")
def start(contract_if_there):
    """A context in which a platform runs. It stops behind the tests' back: that takes a while."""
    with ThreadPoolExecutor() as stopping:
        stops = []

        @contextmanager
        def started():
            sandbox = RunningSandbox(speed=0, endpoints=60).__enter__()
            platform = Platform(sandbox, contract_if_there)
            yield platform
            platform.close()
            stops.append(stopping.submit(sandbox.__exit__, None, None, None))

        yield started
    for stop in stops:
        stop.result()


@pytest.fixture
def platform(start):
    """A platform of one test's own."""
    with start() as platform:
        yield platform


@pytest.fixture(scope="module")
def still_platform(start):
    """A platform for the tests of one module that change nothing."""
    with start() as platform:
        yield platform


@pytest.fixture(scope="module")
def collected(start):
    """A platform with the first, second and ninth endpoint collected into one investigation.

    They show one verdict each but for the ninth, which shows whichever the seed says.
    """
    with start() as platform:
        platform.project_id = platform.project(
            "collected", users=[{"username": "alice"}], groups=[{"name": "IR"}]
        )
        for number in (0, 1, 8):
            platform.collect(platform.project_id, number)
        platform.advance(2 * HOUR)
        yield platform
