"""What a plugin imports: the marker for hook implementations.

The marker is pluggy's, written out: importing pluggy costs 20 ms that a cold start does not
have, and all that `pluggy.HookimplMarker` does is set this attribute (a test holds the two
against each other).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

PROJECT = "cado_sentinelone"

_Function = TypeVar("_Function", bound=Callable[..., Any])


def hookimpl(function: _Function) -> _Function:
    """Marks `function` as the implementation of the hook with its name (see hookspecs.py)."""
    options = {
        "wrapper": False,
        "hookwrapper": False,
        "optionalhook": False,
        "tryfirst": False,
        "trylast": False,
        "specname": None,
    }
    setattr(function, f"{PROJECT}_impl", options)
    return function
