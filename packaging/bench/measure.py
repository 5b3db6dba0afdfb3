"""Times and peak memory of processes, in pairs: A B A B, so that ratios hold while the machine's
speed drifts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Spent:
    """What one process took; `peak_bytes` is its largest resident set, or ours if that is larger:
    Linux counts the moment between fork and exec, too."""

    seconds: float
    peak_bytes: int


@dataclass(frozen=True)
class Row:
    """One line of the table: `ratio` of what we do to `against`, and what it may be at most."""

    what: str
    against: str
    figures: str
    ratio: float
    limit: float

    @property
    def holds(self) -> bool:
        return self.ratio <= self.limit


def spend(
    command: Sequence[str], environment: Mapping[str, str] | None = None, *, status: int = 0
) -> Spent:
    """Runs `command` to its end, its output thrown away. Raises unless it exits with `status`."""
    started = perf_counter()
    with Path(os.devnull).open("wb") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=nowhere, env=environment)  # noqa: S603
        _, ended, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(ended)
    if process.returncode != status:
        raise subprocess.CalledProcessError(process.returncode, command)
    unit = 1 if sys.platform == "darwin" else 1024
    return Spent(seconds, usage.ru_maxrss * unit)


def paired(
    ours: Callable[[], Spent], theirs: Callable[[], Spent], pairs: int
) -> list[tuple[Spent, Spent]]:
    """`pairs` pairs, run in turn, after one of each that is thrown away."""
    ours(), theirs()
    return [(ours(), theirs()) for _ in range(pairs)]


def compared(what: str, against: str, limit: float, measured: Sequence[tuple[Spent, Spent]]) -> Row:
    """The row of the median ratio of times."""
    ours = median(one.seconds for one, _ in measured)
    theirs = median(other.seconds for _, other in measured)
    ratio = median(one.seconds / other.seconds for one, other in measured)
    return Row(what, against, f"{time_of(ours)} against {time_of(theirs)}", ratio, limit)


def time_of(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"
