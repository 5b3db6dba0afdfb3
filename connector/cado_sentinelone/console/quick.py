"""Refusing a wrong request without importing any model (see gate.py)."""

from __future__ import annotations

import os
import sys

from cado_sentinelone import discovery, gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

REMEDY = "Correct the parameter that the message names and run the action again."


def problem(action: str, parameters: Mapping[str, Any]) -> str:
    """What is plainly wrong with `parameters`, or "" when the models should decide."""
    known = discovery.index().get(action)
    return gate.refusal(known["params"], parameters) if known else ""


def refuse(action: str, message: str, *, as_json: bool) -> int:
    """Prints the failure as the outcome of kind params that it is; returns exit status 2."""
    if as_json:
        import json

        outcome = {
            "action": action,
            "status": "failure",
            "message": message,
            "summary": {},
            "data": [],
            "error": {
                "kind": "params",
                "message": message,
                "remedy": REMEDY,
                "vendor": None,
                "http_status": None,
                "request_id": None,
                "retryable": False,
                "retry_after_seconds": None,
            },
            "warnings": [],
            "run_id": os.urandom(8).hex(),
        }
        print(json.dumps(outcome))
    else:
        print(f"{action} refused: {message}\n  {REMEDY}", file=sys.stderr)
    return 2
