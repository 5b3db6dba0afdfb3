"""`run ACTION`: one action, a table for a person or one JSON document for a machine."""

from __future__ import annotations

import sys

from cado_sentinelone.console import quick

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any


def command(parsed: argparse.Namespace) -> int:
    try:
        parameters = _parameters(parsed.params, parsed.pairs)
    except ValueError as error:
        return quick.refuse(parsed.action, str(error), as_json=parsed.json)
    problem = quick.problem(parsed.action, parameters)
    if problem:
        return quick.refuse(parsed.action, problem, as_json=parsed.json)

    from cado_sentinelone.console.show import run_and_show

    request = {"action": parsed.action, "parameters": parameters}
    return run_and_show(request, parsed.asset, as_json=parsed.json, log_level=parsed.log_level)


def _parameters(text: str, pairs: list[str]) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    if text:
        import json

        try:
            parameters = json.loads(sys.stdin.read() if text == "-" else text)
        except ValueError as error:
            raise ValueError(f"--params is not JSON: {error}") from None
        if not isinstance(parameters, dict):
            raise ValueError("--params is not a JSON object")
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ValueError(f"-p takes NAME=VALUE, not {pair!r}")
        parameters[name.strip()] = value
    return parameters
