"""Where the settings come from, and what is said when they are wrong (design 3)."""

from __future__ import annotations

import json

import pytest

from cado_sentinelone.assets import asset_settings, load_asset
from cado_sentinelone.errors import AssetError


def written(tmp_path, settings):
    file = tmp_path / "asset.json"
    file.write_text(settings if isinstance(settings, str) else json.dumps(settings))
    return file


def test_the_request_wins_over_the_file_and_the_file_over_the_environment(tmp_path):
    environment = {
        "CADO_SENTINELONE_CADO_ACCOUNT_NAME": "environment",
        "CADO_SENTINELONE_CA_BUNDLE": "environment",
        "CADO_SENTINELONE_SITE_IDS": "1, 2",
        "CADO_SENTINELONE_VERIFY_TLS": "false",
        "UNRELATED": "x",
    }
    file = written(tmp_path, {"cado_account_name": "file", "ca_bundle": "file"})
    asset = load_asset({"ca_bundle": "request"}, file, environment)
    assert (asset.cado_account_name, asset.ca_bundle) == ("file", "request")
    assert asset.site_ids == ("1", "2") and asset.verify_tls is False


def test_empty_values_do_not_hide_what_an_earlier_source_says(tmp_path):
    environment = {"CADO_SENTINELONE_CADO_ACCOUNT_NAME": "environment"}
    file = written(tmp_path, {"cado_account_name": "", "ca_bundle": None})
    asset = load_asset({"cado_account_name": ""}, file, environment)
    assert asset.cado_account_name == "environment"


def test_the_environment_may_name_the_file(tmp_path):
    file = written(tmp_path, {"cado_account_name": "file"})
    asset = load_asset(environment={"CADO_SENTINELONE_ASSET": str(file)})
    assert asset.cado_account_name == "file"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("{", "is not JSON (line 1)"),
        ("[]", "holds no JSON object"),
        ({"cado_ur": "x"}, "did you mean 'cado_url'"),
        ({"timeout_seconds": "canary"}, "timeout_seconds"),
        ({"timeout_seconds": 0}, "timeout_seconds"),
        ({"site_ids": 5}, "site_ids"),
        ({"sentinelone_url": "http://canary@acme.example.com"}, "sentinelone_url"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(tmp_path, settings, words):
    with pytest.raises(AssetError) as raised:
        load_asset(file=written(tmp_path, settings), environment={})
    assert words in raised.value.message and "canary" not in raised.value.message


def test_a_wrong_name_in_the_environment_is_an_error_too():
    with pytest.raises(AssetError, match=r"the environment .* 'token' that does not exist"):
        load_asset(environment={"CADO_SENTINELONE_TOKEN": "canary"})


def test_the_key_of_a_server_beside_it_is_no_setting():
    keys = {"CADO_SENTINELONE_MCP_KEY": "0", "CADO_SENTINELONE_SERVE_KEY": "0"}

    assert asset_settings(environment=keys) == {}


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(AssetError, match=r"nowhere\.json cannot be read: No such file"):
        load_asset(file=tmp_path / "nowhere.json", environment={})
    (tmp_path / "asset.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(AssetError, match="is not JSON"):
        load_asset(file=tmp_path / "asset.json", environment={})


def test_secrets_are_not_in_the_repr_s5():
    asset = load_asset(
        {"sentinelone_token": "canary-1", "proxy_url": "http://u:canary-2@p:1"}, None, {}
    )
    assert "canary" not in repr(asset) + str(asset)
