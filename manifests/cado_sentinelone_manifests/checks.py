"""Checks that every bundle needs; each runner adds its own."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from cado_sentinelone.models.runner import Problem

_Step = TypeVar("_Step", int, str)


def missing(folder: Path, names: Iterable[str]) -> Iterator[Problem]:
    """A problem for each file that is not there or is empty."""
    for name in names:
        path = folder / name
        if not path.is_file():
            yield Problem(name, "is missing; render the bundle again")
        elif not path.stat().st_size:
            yield Problem(name, "is empty; render the bundle again")


def python_problems(folder: Path, name: str) -> Iterator[Problem]:
    """A problem when the file is not Python."""
    try:
        ast.parse((folder / name).read_bytes(), name)
    except (SyntaxError, ValueError) as error:
        yield Problem(name, f"is not Python: {error}")


def read_json(folder: Path, name: str) -> tuple[Any, list[Problem]]:
    """The document, or None with the problem that it has."""
    try:
        return json.loads((folder / name).read_bytes()), []
    except (ValueError, RecursionError) as error:
        return None, [Problem(name, f"is not JSON: {error}")]


def loop(start: _Step, following: Mapping[_Step, set[_Step]]) -> set[_Step]:
    """The steps of a flow from which `start` comes again, if it does."""
    return {step for step in _after(start, following) if start in _after(step, following)}


def _after(start: _Step, following: Mapping[_Step, set[_Step]]) -> set[_Step]:
    found: set[_Step] = set()
    waiting = [start]
    while waiting:
        new = following[waiting.pop()] - found
        found |= new
        waiting += new
    return found
