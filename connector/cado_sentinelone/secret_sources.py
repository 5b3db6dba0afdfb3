"""Secrets by reference: an object that says where a secret lies, and the secret that lies there.

Only the asset file and the environment may hold such an object (assets.py): one that came with a
request never gets here. What a message says of a reference is its source, never what was found.
"""

from __future__ import annotations

import re

from cado_sentinelone.errors import AssetError, ConnectorError
from cado_sentinelone.gate import nearest
from cado_sentinelone.one_json import read_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES = 64 * 1024
# What each source of ours needs to be told; a plugin's says itself what it lacks.
PARTS = {"environment": ("name",), "file": ("path",), "keyring": ("service", "user")}
# Narrow on purpose: a token that was put here by mistake is not one, and is not repeated.
_SOURCE = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")


def reference_in(text: str, variable: str) -> dict[str, object]:
    """The reference that the environment's `variable` holds. Raises AssetError."""
    try:
        reference = read_json(text)
    except ValueError as error:
        raise AssetError(f"{variable} is not JSON ({error})") from None
    if not isinstance(reference, dict):
        raise AssetError(f"{variable} holds no JSON object")
    return reference


def resolved(setting: str, reference: Mapping[str, object], environment: Mapping[str, str]) -> str:
    """The secret that `reference` leads to, for `setting`.

    Raises AssetError, or what a plugin raises of our errors; the message names `setting`.
    """
    try:
        source, parts = _read(reference)
        where, secret = _looked_up(source, parts, environment)
        if problem := _problem(secret):
            raise AssetError(f"{where} {problem}")
    except ConnectorError as error:
        error.message = f"{setting}: {error.message}"
        error.args = (error.message,)
        raise
    return secret


def _read(reference: Mapping[str, object]) -> tuple[str, dict[str, str]]:
    """The source that is named and what it is told, both as they should be."""
    if "from" not in reference:
        raise AssetError("the reference has no 'from', which says where the secret is")
    source = reference["from"]
    if not isinstance(source, str) or not _SOURCE.fullmatch(source):
        raise AssetError("'from' is not the name of a source")
    parts: dict[str, str] = {}
    for name, value in reference.items():
        if name != "from":
            if not isinstance(value, str) or not value or not value.isprintable():
                raise AssetError(f"{name!r} of the reference from {source!r} is not a line of text")
            parts[name] = value
    if source in PARTS:
        for name in parts:
            if name not in PARTS[source]:
                raise AssetError(
                    f"a reference from {source!r} has no {name!r}{nearest(name, PARTS[source])}"
                )
        if lacking := [name for name in PARTS[source] if name not in parts]:
            raise AssetError(f"the reference from {source!r} lacks {' and '.join(lacking)}")
    return source, parts


def _looked_up(
    source: str, parts: dict[str, str], environment: Mapping[str, str]
) -> tuple[str, str]:
    """Where it was looked for, in words, and what is there."""
    if source == "environment":
        return _from_environment(parts["name"], environment)
    if source == "file":
        from cado_sentinelone.secret_file import secret_in_file

        return f"the file {parts['path']}", secret_in_file(parts["path"])
    if source == "keyring":
        from cado_sentinelone.secret_keyring import secret_in_keyring

        return secret_in_keyring(parts["service"], parts["user"])
    from cado_sentinelone.secret_plugins import secret_from_plugin

    return f"what {source!r} gave", secret_from_plugin(source, parts)


def _from_environment(name: str, environment: Mapping[str, str]) -> tuple[str, str]:
    if not _VARIABLE.fullmatch(name):
        raise AssetError("'name' is not the name of an environment variable")
    if name not in environment:
        raise AssetError(f"the environment variable {name} is not set")
    return f"the environment variable {name}", environment[name]


def _problem(secret: str) -> str:
    """Why `secret` cannot be one, or ""."""
    if not secret.strip():
        return "is empty"
    if "\n" in secret or "\r" in secret:
        return "has more than one line"
    if len(secret) > MOST_BYTES:
        return f"is longer than {MOST_BYTES} characters"
    return ""
