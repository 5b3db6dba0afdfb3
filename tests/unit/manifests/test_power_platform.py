"""Power Platform's connector: Swagger 2.0 with labels, and what our check finds in twins."""

from __future__ import annotations

import json

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.packing import write_files
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.power_platform.check import DEFINITION, PROPERTIES, check
from cado_sentinelone_manifests.power_platform.runner import files
from cado_sentinelone_manifests.power_platform.schemas import LONGEST_WAIT_SECONDS


@pytest.fixture
def bundle(tmp_path):
    write_files(files(load_catalogue().actions()), tmp_path / "connector", field="--out")
    return tmp_path / "connector"


@pytest.fixture
def document(bundle):
    return json.loads((bundle / DEFINITION).read_text())


def test_what_is_rendered_has_no_problem(bundle, document):
    assert list(check(bundle)) == []
    OpenAPIV2SpecValidator(document).validate()


def test_every_action_is_an_operation_with_labels(document):
    for action in describe(load_catalogue().actions()).actions:
        operation = document["paths"][f"/v1/actions/{action.identifier}"]["post"]
        assert operation["description"] == action.summary
        taken = document["definitions"][f"{action.class_name}Parameters"]
        assert [*taken.get("properties", {})] == [one.name for one in action.parameters]
        for name, one in taken.get("properties", {}).items():
            assert one["x-ms-summary"] and one["description"], f"{action.identifier}.{name}"
            if required := taken.get("required"):
                wanted = "important" if name in required else "advanced"
                assert one["x-ms-visibility"] == wanted
        jsonschema.validate(action.example_parameters, taken)


def test_nothing_waits_longer_than_the_platform(document):
    waits = [
        part["properties"]["wait_seconds"]
        for name, part in document["definitions"].items()
        if name.endswith("Parameters") and "wait_seconds" in part.get("properties", {})
    ]
    assert waits and all(
        wait["maximum"] == LONGEST_WAIT_SECONDS and wait.get("default", 0) <= LONGEST_WAIT_SECONDS
        for wait in waits
    )


def test_null_is_said_in_the_words_of_swagger_2(document):
    places = document["definitions"]["GetFindingsRecord"]["properties"]
    assert places["investigation_id"]["x-nullable"] is True
    assert places["investigation_id"]["type"] == "integer"
    assert "x-nullable" not in places["verdict"]


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        (DEFINITION, '"swagger": "2.0"', '"swagger": "3.0"', "not Swagger 2.0"),
        (DEFINITION, "connector.example.com", "https://connector.example.com", "host"),
        (DEFINITION, '["https"]', '["http"]', "in the clear"),
        (DEFINITION, '"security": [{"api_key": []}]', '"security": []', "without the key"),
        (DEFINITION, '"in": "header"', '"in": "query"', "header Authorization"),
        (DEFINITION, '"operationId": "', '"operationId": "a-', "letters and digits"),
        (DEFINITION, '"summary": "Run collection"', '"summary": ""', "no summary"),
        (DEFINITION, "definitions/GetFindingsRecord", "definitions/Lost", "no definition"),
        (DEFINITION, '"x-nullable"', '"nullable"', "does not know"),
        (DEFINITION, '"200": {', '"201": {', "what it answers"),
        (DEFINITION, '"host"', '"hosts"', "not a custom connector"),
        (PROPERTIES, "securestring", "string", "as a secret"),
        (PROPERTIES, "{", "", "not JSON"),
    ],
)
def test_a_twin_is_found(bundle, name, old, new, words):
    path = bundle / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    problems = list(check(bundle))
    assert problems and any(words in problem.message for problem in problems)


@pytest.mark.parametrize("name", [DEFINITION, PROPERTIES])
def test_a_missing_file_is_named(bundle, name):
    (bundle / name).unlink()
    assert [problem.path for problem in check(bundle)] == [name]
