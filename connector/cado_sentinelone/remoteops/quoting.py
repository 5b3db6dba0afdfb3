"""Values for a shell, quoted so that it sees exactly one argument of that value (promise S7)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping

from cado_sentinelone.errors import ParamsError
from cado_sentinelone.rendering import Quoted

LONGEST_VALUE = 4096
# Line breaks end a line of a list of paths and of a comment; no other control character belongs
# into a name either, and NUL cannot be in an argument at all.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PLAIN_POWERSHELL = re.compile(r"[A-Za-z0-9 _.:/\\=+,@%~()\[\]{}#*?!;&|<>-]*")


def checked(value: str, field: str, longest: int = LONGEST_VALUE) -> str:
    """`value`, which any shell can be handed. Raises ParamsError naming `field`, never the value."""
    if _CONTROL.search(value):
        raise ParamsError(f"{field}: must not hold a control character, a line break included")
    if len(value) > longest:
        raise ParamsError(f"{field}: is longer than {longest} characters")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ParamsError(f"{field}: holds half a character (a lone surrogate)") from None
    return value


def for_sh(value: str, field: str, longest: int = LONGEST_VALUE) -> Quoted:
    """`value` as one word of a POSIX shell. Raises ParamsError."""
    return Quoted("'" + checked(value, field, longest).replace("'", "'\\''") + "'")


def for_powershell(value: str, field: str, longest: int = LONGEST_VALUE) -> Quoted:
    """`value` as one expression of PowerShell, pure ASCII whatever it holds. Raises ParamsError.

    PowerShell takes typographic quotes for quotes, and 5.1 reads a file without a mark as the
    machine's own code page: what is not plain goes as bytes.
    """
    checked(value, field, longest)
    if _PLAIN_POWERSHELL.fullmatch(value):
        return Quoted(f"'{value}'")
    encoded = base64.b64encode(value.encode()).decode()
    return Quoted(f"([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('{encoded}')))")


def for_comment(values: Mapping[str, object]) -> Quoted:
    """`values` as JSON on one line of a comment, pure ASCII."""
    return Quoted(json.dumps(dict(values), separators=(",", ":")))


def number(value: int) -> Quoted:
    """A whole number, for any shell."""
    return Quoted(str(int(value)))
