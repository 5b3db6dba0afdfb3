"""Refusing a wrong request without importing any model (see gate.py)."""

from __future__ import annotations

import sys

from cado_sentinelone import discovery, gate
from cado_sentinelone.errors import ParamsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from cado_sentinelone.errors import ConnectorError


def problem(action: str, parameters: Mapping[str, Any]) -> ParamsError | None:
    """What is plainly wrong with the request, or None when the models should decide."""
    known = discovery.index().get(action)
    words = gate.refusal(known["params"], parameters) if known else ""
    return ParamsError(words) if words else None


def refuse(action: str, error: ConnectorError, *, as_json: bool) -> int:
    """Prints `error` as the outcome that it is; returns the exit status, 2."""
    if as_json:
        import os

        from cado_sentinelone.models.outcome import Outcome

        print(Outcome(action, os.urandom(8).hex(), error).to_json())
    else:
        print(f"{action or 'request'} refused: {error.message}", file=sys.stderr)
        print(f"  {error.remedy}", file=sys.stderr)
    return 2
