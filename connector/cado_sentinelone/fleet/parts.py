"""An iterable in parts, so that a fleet is never held whole (R9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

_One = TypeVar("_One")


def parts(whole: Iterable[_One], size: int) -> Iterator[list[_One]]:
    """`whole` in lists of `size`, the last one shorter."""
    rest = iter(whole)
    while part := list(islice(rest, size)):
        yield part
