"""What is read without a model is read as the model would read it (plain.py)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from cado_sentinelone.asset_index import ASSET
from cado_sentinelone.discovery import index
from cado_sentinelone.host import load_catalogue
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.plain import PlainSecret, certain, plain_action, plain_asset

ACTIONS = {action.identifier: action for action in load_catalogue().actions()}
INDEXED = {name: known for name, known in index().items() if name in ACTIONS}

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(max_size=12)
    | st.sampled_from(["", "1", "true", "windows", "cado", "a,b", "9" * 19, "\ud800", "é", "a\x00"])
)
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.text(max_size=3), SCALARS)


def requests_for(names):
    """Parameters with these names, now and then one that does not exist."""
    return st.dictionaries(st.sampled_from([*names, "no_such"]), VALUES, max_size=4)


def as_plain(value):
    return value.get_secret_value() if isinstance(value, SecretStr | PlainSecret) else value


@pytest.mark.parametrize("name", sorted(INDEXED))
def test_what_is_certain_is_what_the_model_makes_of_it(name):
    """For every action: the index never knows better than the model."""
    schema, model = INDEXED[name]["params"], ACTIONS[name].params

    @given(requests_for(model.model_fields))
    def check(values):
        read = certain(schema, values)
        if read is None:
            return
        made = model.model_validate(values)
        assert {key: as_plain(value) for key, value in read.items()} == {
            key: as_plain(value) for key, value in dict(made).items()
        }
        assert {key: type(as_plain(value)) for key, value in read.items()} == {
            key: type(as_plain(value)) for key, value in dict(made).items()
        }

    check()


URLS = st.sampled_from(
    ["", "https://acme.sentinelone.net", "http://127.0.0.1:1", "https://a@b", "ftp://x", "nonsense"]
)


@given(
    requests_for(Asset.model_fields)
    | st.fixed_dictionaries(
        {}, optional={"sentinelone_url": URLS, "cado_url": URLS, "proxy_url": URLS}
    )
)
def test_an_asset_that_is_certain_is_what_the_model_makes_of_it(values):
    plain = plain_asset(values)
    if plain is None:
        return
    made = Asset.model_validate(values)
    assert {key: as_plain(value) for key, value in vars(plain).items()} == {
        key: as_plain(value) for key, value in dict(made).items()
    }


def test_a_usual_request_is_certain():
    """Were nothing ever certain, the tests above would say nothing."""
    settings = {"sentinelone_url": "https://acme.sentinelone.net", "sentinelone_token": "canary-1"}
    asset = plain_asset(settings)
    assert asset is not None and asset.timeout_seconds == 30.0 and asset.site_ids == ()
    assert "canary" not in repr(asset.sentinelone_token)
    found = plain_action("list_endpoints", {"os": "windows", "limit": 5, "online_only": True})
    assert found is not None
    assert (found[1].os, found[1].limit, found[1].page_size) == ("windows", 5, 1000)


@pytest.mark.parametrize(
    "settings",
    [
        {"sentinelone_url": "http://169.254.169.254"},
        {"cado_url": "https://user@cado.example.com"},
        {"proxy_url": "ftp://proxy.example.com"},
    ],
)
def test_a_url_that_must_not_be_used_is_never_certain_s3(settings):
    assert plain_asset(settings) is None
    with pytest.raises(ValidationError):
        Asset.model_validate(settings)


def test_what_a_validator_looks_at_is_left_to_the_model():
    schema = INDEXED["list_endpoints"]["params"]
    assert certain(schema, {"hostname_contains": "x"}) is None
    assert certain(schema, {"hostname_contains": "lap-"}) is None


def test_a_plain_asset_says_what_is_missing_in_the_same_words():
    from cado_sentinelone.errors import AssetError

    plain = plain_asset({})
    assert plain is not None
    with pytest.raises(AssetError) as ours:
        plain.require("cado_url", "cado_api_key")
    with pytest.raises(AssetError) as models:
        Asset().require("cado_url", "cado_api_key")
    assert (ours.value.message, ours.value.remedy) == (models.value.message, models.value.remedy)


def test_the_index_of_the_asset_knows_every_field():
    assert set(ASSET["properties"]) == set(Asset.model_fields)
