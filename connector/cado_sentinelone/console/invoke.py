"""`invoke`: the generic runner protocol, one JSON request in and one JSON outcome out."""

from __future__ import annotations

import json
import sys

from cado_sentinelone.console import quick

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

MAX_REQUEST_BYTES = 4 * 1024 * 1024


def command(parsed: argparse.Namespace) -> int:
    raw = sys.stdin.buffer.read(MAX_REQUEST_BYTES + 1)
    if len(raw) > MAX_REQUEST_BYTES:
        return quick.refuse("", f"the request is over {MAX_REQUEST_BYTES} bytes", as_json=True)
    try:
        request = json.loads(raw)
    except (ValueError, RecursionError):
        return quick.refuse("", "standard input is not one JSON document", as_json=True)
    if isinstance(request, dict) and isinstance(request.get("parameters"), dict):
        name = str(request.get("action", ""))
        problem = quick.problem(name, request["parameters"])
        if problem:
            return quick.refuse(name, problem, as_json=True)

    from cado_sentinelone.console.show import run_and_show

    return run_and_show(
        request, parsed.asset, as_json=True, log_level=parsed.log_level, runner="generic"
    )
