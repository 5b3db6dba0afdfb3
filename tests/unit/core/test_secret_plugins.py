"""Sources that other people's plugins add: `cado_sentinelone_secret` (S5)."""

from __future__ import annotations

import json
import sys

import pytest

from cado_sentinelone.errors import AssetError, PluginError, UnavailableError
from cado_sentinelone.secret_sources import resolved

GROUP = "cado_sentinelone_secrets"
CANARY = "canary-5f0c7a3a9d1e4b62"
PLUGIN = """
from cado_sentinelone.errors import AssetError, UnavailableError
from cado_sentinelone.plugin import hookimpl

print("a plugin that prints")

@hookimpl
def cado_sentinelone_secret(source, reference):
    {body}
"""


@pytest.fixture
def install(command_line, monkeypatch):
    """Installs a plugin called NAME for a source; it is there in this process, too."""

    def install(name, body, *, source="vault", module=PLUGIN):
        root = command_line.install(
            name, module.replace("{body}", body), group=GROUP, entries=f"{source} = {name}\n"
        )
        monkeypatch.syspath_prepend(str(root))
        monkeypatch.delitem(sys.modules, name, raising=False)

    return install


def read(source="vault", **parts):
    return resolved("cado_api_key", {"from": source, **parts}, {})


def refusal(kind, **parts):
    with pytest.raises(kind) as raised:
        read(**parts)
    error = raised.value
    assert error.message.startswith("cado_api_key: ")
    assert "canary" not in f"{error}{error.message}{error.remedy}"
    return error.message


def test_a_plugin_adds_a_source(install, capsys):
    install("acme_vault_a", "return repr((source, reference))")
    assert read(path="acme", field="token") == "('vault', {'path': 'acme', 'field': 'token'})"
    printed = capsys.readouterr()
    assert printed.out == "" and "a plugin that prints" in printed.err


def test_a_source_that_nobody_adds_is_told_with_the_nearest(install):
    install("acme_vault_b", "return 'x'")
    assert "there is no source 'vualt'; did you mean 'vault'?" in refusal(
        AssetError, source="vualt"
    )


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ("return None", AssetError, "the source 'vault' has no such secret"),
        ("return ''", AssetError, "what 'vault' gave is empty"),
        (f"return '{CANARY}' + chr(10)", AssetError, "what 'vault' gave has more than one line"),
        (f"return b'{CANARY}'", PluginError, "returned a bytes, not text"),
        (f"raise ValueError('{CANARY}')", PluginError, "failed with ValueError"),
        (f"raise SystemExit('{CANARY}')", PluginError, "failed with SystemExit"),
        ("raise UnavailableError('Vault is sealed')", UnavailableError, "Vault is sealed"),
        ("raise AssetError('it takes a path')", AssetError, "it takes a path"),
    ],
)
def test_what_a_plugin_does_wrong_names_the_setting_and_no_value(install, body, kind, words):
    install("acme_vault_c", body)
    assert words in refusal(kind)


def test_a_plugin_that_lacks_the_hook_or_cannot_be_imported_is_named(install):
    install("acme_vault_d", "", module="x = 1")
    assert "the plugin acme-vault-d (acme_vault_d)" in refusal(PluginError)
    install("acme_vault_e", "", source="other", module="import nothing_like_it")
    assert "failed with ModuleNotFoundError" in refusal(PluginError, source="other")


def test_two_plugins_for_one_source_are_an_error_naming_both(install):
    install("acme_vault_f", "return 'x'")
    install("acme_vault_g", "return 'y'")
    message = refusal(PluginError)
    assert "the source 'vault' is offered by acme-vault-g" in message and "acme-vault-f" in message


def test_no_plugin_takes_a_source_of_ours(install):
    install("acme_vault_h", f"return '{CANARY}'", source="environment")
    assert "ACME is not set" in refusal(AssetError, source="environment", name="ACME")


def test_plugins_shows_the_sources(install, command_line):
    install("acme_vault_i", "return 'x'")
    (row,) = (r for r in command_line.document("plugins", "--json", status=0) if r["sources"])
    assert (row["distribution"], row["status"]) == ("acme-vault-i", "loaded")
    assert row["sources"] == ["vault"]
    install("acme_vault_j", "", source="other", module="x = 1")
    install("acme_vault_k", "return 'x'", source="file")
    shown = command_line.run("plugins", status=1).stdout
    assert "(acme_vault_j) does not implement cado_sentinelone_secret" in shown
    assert "the source 'file' is the connector's own" in shown


def test_a_request_reads_a_plugin_s_secret_and_masks_it_s5(install, command_line, tmp_path):
    install("acme_vault_l", f"return '{CANARY}'")
    file = tmp_path / "asset.json"
    settings = {"sentinelone_url": "https://127.0.0.1:9", "allow_private_addresses": True}
    file.write_text(json.dumps(settings | {"sentinelone_token": {"from": "vault"}}))
    done = command_line.run(
        "run", "list_endpoints", "--json", "--asset", file, "--log-level", "debug", status=1
    )
    assert json.loads(done.stdout)["error"]["kind"] == "unavailable"
    assert "canary" not in done.stdout + done.stderr
