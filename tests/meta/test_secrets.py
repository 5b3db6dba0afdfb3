"""Secrets are SecretStr wherever a model can hold one (S5)."""

import re

import pytest
from pydantic import BaseModel, SecretStr

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.models.asset import Asset

SECRET = re.compile(
    r"(^|_)(token|key|password|passphrase|secret|credential)s?$|^(proxy|ledger)_url$"
)
# The key of a collection, which opens nothing: it is printed on purpose.
NO_SECRETS = {"dedupe_key"}


def names_of_secrets(model):
    return {name for name in model.model_fields if SECRET.search(name)} - NO_SECRETS


def plain_secrets(model):
    return [
        f"{model.__name__}.{name}"
        for name in sorted(names_of_secrets(model))
        if model.model_fields[name].annotation is not SecretStr
    ]


@pytest.fixture(scope="module")
def actions():
    return load_catalogue().actions()


def test_every_secret_that_goes_in_is_a_secretstr_s5(actions):
    found = [
        name for model in (Asset, *(a.params for a in actions)) for name in plain_secrets(model)
    ]
    assert not found, found


def test_the_asset_has_the_secrets_that_it_has():
    """Were the pattern to miss them all, the test above would say nothing."""
    assert names_of_secrets(Asset) == {
        "sentinelone_token",
        "cado_api_key",
        "proxy_url",
        "ledger_url",
    }


def test_no_secret_comes_out_s5(actions):
    for action in actions:
        assert not names_of_secrets(action.output), action.identifier
        assert SecretStr not in {f.annotation for f in action.output.model_fields.values()}


def test_a_plain_secret_is_found():
    class Bad(BaseModel):
        api_token: str
        archive_password: str | None = None
        token_expires_at: str = ""

    assert plain_secrets(Bad) == ["Bad.api_token", "Bad.archive_password"]
