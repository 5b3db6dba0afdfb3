"""`invoke`: the generic runner protocol, one JSON request in and one JSON outcome out."""

from __future__ import annotations

import sys

from cado_sentinelone.console import quick
from cado_sentinelone.errors import ParamsError
from cado_sentinelone.one_json import read_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

MAX_REQUEST_BYTES = 4 * 1024 * 1024


def command(parsed: argparse.Namespace) -> int:
    try:
        request = _request()
    except ValueError as error:
        return quick.refuse("", ParamsError(str(error)), as_json=True)
    if isinstance(request, dict) and isinstance(request.get("parameters"), dict):
        name = request.get("action")
        problem = quick.problem(name, request["parameters"]) if isinstance(name, str) else None
        if problem:
            return quick.refuse(str(name), problem, as_json=True)

    from cado_sentinelone.console.show import run_and_show

    return run_and_show(
        request, parsed.asset, as_json=True, log_level=parsed.log_level, runner="generic"
    )


def _request() -> object:
    raw = sys.stdin.buffer.read(MAX_REQUEST_BYTES + 1) if sys.stdin else b""
    if len(raw) > MAX_REQUEST_BYTES:
        raise ValueError(f"the request is over {MAX_REQUEST_BYTES} bytes")
    try:
        request: object = read_json(raw)
    except ValueError as error:
        raise ValueError(f"standard input is not one JSON document ({error})") from None
    return request
