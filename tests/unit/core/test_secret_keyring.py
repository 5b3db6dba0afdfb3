"""A secret in the keyring, with a backend of our own (S5)."""

from __future__ import annotations

import sys

import pytest

from cado_sentinelone.errors import AssetError
from cado_sentinelone.secret_sources import resolved

CANARY = "canary-5f0c7a3a9d1e4b62"
REFERENCE = {"from": "keyring", "service": "cado-sentinelone", "user": "acme"}


def read():
    return resolved("sentinelone_token", REFERENCE, {})


def refusal():
    with pytest.raises(AssetError) as raised:
        read()
    error = raised.value
    assert error.message.startswith("sentinelone_token: ")
    assert "canary" not in error.message + error.remedy
    return error


@pytest.fixture
def entries():
    """What the keyring holds: by service and user a secret, or an error to raise."""
    keyring = pytest.importorskip("keyring", reason="the extra keyring is not installed")
    from keyring.backend import KeyringBackend

    held = {}

    class Backend(KeyringBackend):
        priority = 1

        def get_password(self, service, username):
            found = held.get((service, username))
            if isinstance(found, Exception):
                raise found
            return found

        def set_password(self, service, username, password):
            held[service, username] = password

    before = keyring.get_keyring()
    keyring.set_keyring(Backend())
    yield held
    keyring.set_keyring(before)


def test_the_keyring_is_a_source(entries):
    entries["cado-sentinelone", "acme"] = CANARY
    assert read() == CANARY


def test_an_entry_that_is_not_there_is_named_with_how_to_add_it(entries):
    error = refusal()
    assert "user 'acme' for service 'cado-sentinelone' is not there" in error.message
    assert "keyring set 'cado-sentinelone' 'acme'" in error.remedy


def test_an_empty_entry_is_no_secret(entries):
    entries["cado-sentinelone", "acme"] = ""
    assert "for service 'cado-sentinelone' is empty" in refusal().message


def test_what_a_backend_raises_is_told_by_its_type_alone(entries):
    entries["cado-sentinelone", "acme"] = ValueError(CANARY)
    assert "failed with ValueError" in refusal().message


def test_a_locked_keyring_is_told(entries):
    from keyring.errors import KeyringLocked

    entries["cado-sentinelone", "acme"] = KeyringLocked(CANARY)
    assert "the keyring is locked" in refusal().message


def test_a_system_without_a_keyring_is_told_what_to_install(entries):
    import keyring
    from keyring.backends import fail

    keyring.set_keyring(fail.Keyring())
    error = refusal()
    assert "this system offers none" in error.message and "keyring diagnose" in error.remedy


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    error = refusal()
    assert "the package keyring is not installed" in error.message
    assert "cado-sentinelone[keyring]" in error.remedy
