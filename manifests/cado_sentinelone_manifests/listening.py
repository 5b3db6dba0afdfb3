"""What everything that listens on a port asks for: a key that callers show, TLS where others can reach it."""

from __future__ import annotations

import hmac
import os
import stat
from collections.abc import MutableMapping
from pathlib import Path

from cado_sentinelone.errors import ParamsError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORTEST_KEY = 16
_MAKE_ONE = "Make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"


def take_key(variable: str, environment: MutableMapping[str, str], file: str = "") -> str:
    """The key of `file`, else of the environment, from which it is taken out: it is no setting of
    the asset, and no action has to see it.

    Raises ParamsError for none, a weak one, and a file that is unreadable or others' to read.
    """
    key = environment.pop(variable, "").strip()
    if file:
        key = _key_in(Path(file))
    if len(key) < SHORTEST_KEY or not key.isascii() or not key.isprintable() or " " in key:
        raise ParamsError(
            f"{file or variable}: a key of at least {SHORTEST_KEY} printable characters without "
            "blanks has to be there",
            remedy=_MAKE_ONE,
        )
    return key


def check_reach(host: str, certfile: str, keyfile: str) -> None:
    """Raises ParamsError where the key would travel in the clear, or half of TLS is given."""
    if bool(certfile) != bool(keyfile):
        raise ParamsError("--certfile and --keyfile belong together")
    if host not in LOOPBACK and not certfile:
        raise ParamsError(
            f"--host: {host} can be reached by others, and the key would travel in the clear",
            remedy="Give --certfile and --keyfile, or listen on 127.0.0.1 behind a TLS proxy.",
        )


def is_shown(key: str, header: bytes) -> bool:
    """Whether the Authorization header shows `key`, in a time that tells nothing about it."""
    scheme, _, shown = header.partition(b" ")
    is_same = hmac.compare_digest(shown.strip(), key.encode())
    return is_same and scheme.lower() == b"bearer"


def _key_in(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise ParamsError(f"{path}: others can read the key", remedy=f"chmod 600 {path}")
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ParamsError(f"{path}: the key cannot be read: {reason}") from None
