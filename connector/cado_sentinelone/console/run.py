"""`run ACTION`: one action, a table for a person or one JSON document for a machine."""

from __future__ import annotations

import sys

from cado_sentinelone.console import quick
from cado_sentinelone.errors import ParamsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any


def command(parsed: argparse.Namespace) -> int:
    try:
        parameters = read_parameters(parsed.params, parsed.pairs)
    except ValueError as error:
        return quick.refuse(parsed.action, ParamsError(str(error)), as_json=parsed.json)
    problem = quick.problem(parsed.action, parameters)
    if problem:
        return quick.refuse(parsed.action, problem, as_json=parsed.json)

    from cado_sentinelone.console.show import run_and_show

    request = {"action": parsed.action, "parameters": parameters}
    return run_and_show(request, parsed.asset, as_json=parsed.json, log_level=parsed.log_level)


def read_parameters(text: str, pairs: list[str]) -> dict[str, Any]:
    """What --params and -p give. Raises ValueError, with words for whoever typed them."""
    parameters: dict[str, Any] = {}
    if text:
        from cado_sentinelone.one_json import read_json

        try:
            parameters = read_json(_stdin() if text == "-" else text)
        except ValueError as error:
            raise ValueError(f"--params is not JSON ({error})") from None
        if not isinstance(parameters, dict):
            raise ValueError("--params is not a JSON object")
    for pair in pairs:
        name, equals, value = pair.partition("=")
        name = name.strip()
        if not equals or not name:
            raise ValueError("-p takes NAME=VALUE")
        if name in parameters:
            raise ValueError(f"{name} is given twice; a list takes commas: -p {name}=a,b")
        parameters[name] = value
    return parameters


def _stdin() -> bytes:
    return sys.stdin.buffer.read() if sys.stdin else b""
