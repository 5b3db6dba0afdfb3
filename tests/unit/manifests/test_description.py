"""Actions and asset in the neutral words that every bundle is made from."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Literal

import jsonschema
import pytest
from pydantic import Field, SecretStr

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.models.action import Output, Params
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.fields import parameters, results, title


@pytest.fixture(scope="module")
def description():
    return describe(load_catalogue().actions())


class Inner(Output):
    name: str = Field(json_schema_extra={"soar": "hostname"})
    sizes: tuple[int, ...] = ()


class Outer(Output):
    when: datetime | None = None
    inner: Inner
    many: tuple[Inner, ...] = ()
    words: tuple[str, ...] = Field((), description="Some words")
    anything: dict[str, object] = {}  # noqa: RUF012 - a model's default


class EveryKind(Params):
    text: str = Field(description="Some  text\nof two lines", examples=["hello"])
    secret: SecretStr = Field(SecretStr("canary"), description="Hidden.")
    choice: Literal["", "a", "b"] = "a"
    count: int = Field(3, ge=1, le=9)
    limit: int | None = Field(None, ge=1)
    seconds: float = 1.5
    flag: bool = False
    texts: tuple[str, ...] = ()
    states: tuple[Literal["x", "y"], ...] = ()
    since: datetime | None = None


def test_every_kind_of_parameter():
    found = {one.name: one for one in parameters(EveryKind.model_json_schema())}
    assert {name: one.kind for name, one in found.items()} == {
        "text": "text", "secret": "secret", "choice": "choice", "count": "integer",
        "limit": "integer", "seconds": "number", "flag": "boolean", "texts": "texts",
        "states": "texts", "since": "moment",
    }  # fmt: skip
    assert [name for name, one in found.items() if one.required] == ["text"]
    assert found["text"].description == "Some text of two lines."
    assert found["text"].example == "hello"
    assert found["choice"].choices == ("", "a", "b") and found["choice"].example == "a"
    assert (found["count"].minimum, found["count"].maximum, found["count"].default) == (1, 9, 3)
    assert (found["limit"].minimum, found["limit"].default) == (1, None)
    assert found["states"].choices == ("x", "y")


def test_a_secret_has_no_default_and_no_example():
    (secret,) = (one for one in parameters(EveryKind.model_json_schema()) if one.kind == "secret")
    assert secret.default is None and secret.example is None


def test_every_place_of_a_record():
    found = {one.dotted: one for one in results(Outer.model_json_schema(mode="serialization"))}
    assert {name: (one.path, one.kind) for name, one in found.items()} == {
        "when": (("when",), "moment"),
        "inner.name": (("inner", "name"), "text"),
        "inner.sizes": (("inner", "sizes[]"), "integers"),
        "many.name": (("many[]", "name"), "text"),
        "many.sizes": (("many[]", "sizes[]"), "integers"),
        "words": (("words[]",), "texts"),
        "anything": (("anything",), "object"),
    }
    assert found["many.name"].soar == "hostname" and found["words"].description == "Some words."


def test_our_own_example_records_are_what_the_models_say(description):
    for action in description.actions:
        record = json.loads(json.dumps(action.example_record))
        jsonschema.validate(record, action.output_schema)


def test_our_own_example_parameters_are_accepted(description):
    for action in description.actions:
        jsonschema.validate(action.example_parameters, action.params_schema)


def test_every_column_is_a_place_or_above_one(description):
    for action in description.actions:
        tops = {result.path[0].removesuffix("[]") for result in action.results}
        inner = {part.removesuffix("[]") for result in action.results for part in result.path}
        assert set(action.columns) <= tops | inner, action.identifier


def test_the_asset_has_its_secrets_and_no_required_half(description):
    secrets = {one.name for one in description.asset if one.kind == "secret"}
    assert secrets == {"sentinelone_token", "cado_api_key", "proxy_url", "ledger_url"}
    assert not any(one.required for one in description.asset)


def test_an_action_is_found_by_name(description):
    action = description.action("run_collection")
    assert (action.title, action.class_name) == ("Run collection", "RunCollection")
    with pytest.raises(KeyError):
        description.action("no_such_action")


def test_a_name_with_dots_and_dashes_becomes_a_function_s(description):
    action = replace(description.action("get_endpoint"), identifier="acme.get-endpoint")
    assert (action.function_name, action.class_name) == ("acme_get_endpoint", "AcmeGetEndpoint")


@pytest.mark.parametrize(
    ("name", "label"),
    [("sentinelone_url", "SentinelOne URL"), ("site_ids", "Site IDs"), ("os", "OS"), ("x", "X")],
)
def test_labels(name, label):
    assert title(name) == label
