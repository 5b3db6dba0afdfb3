"""Secrets by reference: each source, and what is said when it has none (S5)."""

from __future__ import annotations

import json

import pytest

from cado_sentinelone.asset_index import ASSET
from cado_sentinelone.assets import asset_settings, load_asset
from cado_sentinelone.errors import AssetError
from cado_sentinelone.models.asset import Asset

CANARY = "canary-5f0c7a3a9d1e4b62"
SECRETS = ("sentinelone_token", "cado_api_key", "proxy_url", "ledger_url")
IN_ENVIRONMENT = {"from": "environment", "name": "ACME_TOKEN"}


@pytest.fixture
def asset_file(tmp_path):
    """Writes an asset file of one tenant."""

    def write(**settings):
        file = tmp_path / "asset.json"
        file.write_text(json.dumps(settings), encoding="utf-8")
        return file

    return write


@pytest.fixture
def token(asset_file):
    """The token that an asset file with this reference comes to."""

    def read(reference, **environment):
        settings = asset_settings(
            None, asset_file(sentinelone_token=reference), environment=environment
        )
        return settings["sentinelone_token"]

    return read


def refused(read, *arguments, **environment):
    with pytest.raises(AssetError) as raised:
        read(*arguments, **environment)
    error = raised.value
    assert "canary" not in f"{error}{error!r}{error.message}{error.remedy}"
    return error.message


def test_the_secrets_of_the_index_are_those_of_the_model():
    known = {name for name, one in ASSET["properties"].items() if one.get("format") == "password"}
    model = Asset.model_json_schema()["properties"]
    assert known == set(SECRETS) == {n for n, p in model.items() if p.get("format") == "password"}


def test_the_environment_is_a_source(token):
    assert token(IN_ENVIRONMENT, ACME_TOKEN=CANARY) == CANARY


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_be_a_reference_and_is_kept_as_one_s5(asset_file, name):
    value = f"http://user:{CANARY}@proxy.example.com:3128" if name == "proxy_url" else CANARY
    asset = load_asset(None, asset_file(**{name: IN_ENVIRONMENT}), {"ACME_TOKEN": value})
    assert getattr(asset, name).get_secret_value() == value
    assert "canary" not in repr(asset) + str(asset)
    assert CANARY in Asset.secrets_in(dict(asset))


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "sentinelone_token: the environment variable ACME_TOKEN is not set"),
        ({"ACME_TOKEN": " "}, "the environment variable ACME_TOKEN is empty"),
        ({"ACME_TOKEN": f"{CANARY}\n{CANARY}"}, "ACME_TOKEN has more than one line"),
        ({"ACME_TOKEN": CANARY * 3000}, "ACME_TOKEN is longer than 65536 characters"),
    ],
)
def test_a_variable_without_a_secret_is_named(token, environment, words):
    assert words in refused(token, IN_ENVIRONMENT, **environment)


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ({}, "sentinelone_token: the reference has no 'from'"),
        ({"path": "x"}, "sentinelone_token: the reference has no 'from'"),
        ({"from": 1}, "'from' is not the name of a source"),
        ({"from": "canary.token/of+one"}, "'from' is not the name of a source"),
        ({"from": "fil", "path": "x"}, "there is no source 'fil'; did you mean 'file'?"),
        ({"from": "file"}, "the reference from 'file' lacks path"),
        ({"from": "file", "pth": "x"}, "has no 'pth'; did you mean 'path'?"),
        ({"from": "file", "path": ""}, "'path' of the reference from 'file' is not a line of text"),
        ({"from": "file", "path": ["canary"]}, "is not a line of text"),
        ({"from": "file", "path": "canary\0"}, "is not a line of text"),
        ({"from": "keyring"}, "the reference from 'keyring' lacks service and user"),
        ({"from": "environment", "name": "canary.to-ken"}, "'name' is not the name of an environ"),
    ],
)
def test_what_is_wrong_with_a_reference_is_said_without_its_values(token, reference, words):
    assert words in refused(token, reference)


def test_text_is_never_a_reference(token):
    text = json.dumps(IN_ENVIRONMENT)
    assert token(text, ACME_TOKEN=CANARY) == text
    assert asset_settings({"cado_api_key": text}, environment={}) == {"cado_api_key": text}
    plain = {"CADO_SENTINELONE_CADO_API_KEY": text}
    assert asset_settings(environment=plain) == {"cado_api_key": text}


def test_only_a_secret_may_be_a_reference(asset_file):
    with pytest.raises(AssetError, match="cado_url is an object; only a secret may"):
        asset_settings(None, asset_file(cado_url=IN_ENVIRONMENT), {"ACME_TOKEN": CANARY})


@pytest.mark.parametrize("name", SECRETS)
def test_a_request_may_not_bring_a_reference_s5(tmp_path, name):
    secret = tmp_path / "secret"
    secret.write_text(CANARY)
    reference = {"from": "file", "path": str(secret)}
    message = refused(lambda: asset_settings({name: reference}, environment={}))
    assert f"the request's asset has an object as {name}" in message
    assert "any file of this machine" in message


def test_what_the_request_says_itself_is_not_looked_up(asset_file):
    file = asset_file(sentinelone_token={"from": "file", "path": "/nowhere"})
    assert asset_settings({"sentinelone_token": "own"}, file, {}) == {"sentinelone_token": "own"}


def test_a_variable_with_from_holds_a_reference():
    environment = {
        "CADO_SENTINELONE_SENTINELONE_TOKEN_FROM": json.dumps(IN_ENVIRONMENT),
        "CADO_SENTINELONE_CADO_API_KEY_FROM": "",
        "ACME_TOKEN": CANARY,
    }
    assert asset_settings(environment=environment) == {"sentinelone_token": CANARY}


def test_the_file_wins_over_a_reference_of_the_environment(asset_file):
    environment = {"CADO_SENTINELONE_PROXY_URL_FROM": json.dumps(IN_ENVIRONMENT)}
    settings = {"proxy_url": "http://proxy.example.com:3128"}
    assert asset_settings(None, asset_file(**settings), environment) == settings


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        (
            {"CADO_API_KEY": CANARY, "CADO_API_KEY_FROM": json.dumps(IN_ENVIRONMENT)},
            "CADO_SENTINELONE_CADO_API_KEY and CADO_SENTINELONE_CADO_API_KEY_FROM are both set",
        ),
        ({"CADO_API_KEY_FROM": CANARY}, "CADO_SENTINELONE_CADO_API_KEY_FROM is not JSON (line 1)"),
        ({"CADO_API_KEY_FROM": f'"{CANARY}"'}, "CADO_API_KEY_FROM holds no JSON object"),
        ({"CADO_URL_FROM": json.dumps(IN_ENVIRONMENT)}, "cado_url is an object; only a secret"),
        ({"CADO_KEY_FROM": CANARY}, "'cado_key_from' that does not exist"),
    ],
)
def test_a_wrong_variable_with_from_is_named(variables, words):
    environment = {f"CADO_SENTINELONE_{name}": value for name, value in variables.items()}
    assert words in refused(lambda: asset_settings(environment=environment))
