"""A secret in the keyring of the user's system (extra: keyring), imported when one is asked for."""

from __future__ import annotations

from cado_sentinelone.errors import AssetError


def secret_in_keyring(service: str, user: str) -> tuple[str, str]:
    """Where the keyring has it, in words, and the secret. Raises AssetError."""
    where = f"the keyring's entry of user {user!r} for service {service!r}"
    try:
        import keyring
        from keyring.errors import KeyringLocked, NoKeyringError
    except ImportError:
        raise AssetError(
            "the keyring cannot be read: the package keyring is not installed",
            remedy='Run: pip install "cado-sentinelone[keyring]". Or keep the secret in a file.',
        ) from None
    try:
        secret = keyring.get_password(service, user)
    except NoKeyringError:
        raise AssetError(
            "the keyring cannot be read: this system offers none",
            remedy="Install what keyring's pages name for this system and start it for this user "
            "('keyring diagnose' shows what is found). Or keep the secret in a file.",
        ) from None
    except KeyringLocked:
        raise AssetError(
            "the keyring is locked", remedy="Unlock it for the user that runs this and run again."
        ) from None
    except Exception as error:  # noqa: BLE001 - whatever a backend raises; its words are not ours
        raise AssetError(
            f"{where} cannot be read: the keyring failed with {type(error).__name__}",
            remedy="Try 'keyring get' with the same service and user.",
        ) from None
    if secret is None:
        raise AssetError(
            f"{where} is not there", remedy=f"Add it: keyring set {service!r} {user!r}"
        )
    return where, secret
