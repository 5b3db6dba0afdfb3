"""The run that an action happens in: its clock, its deadline, what it has to say."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime

from cado_sentinelone.errors import DeadlineError
from cado_sentinelone.log import new_run_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from cado_sentinelone.engine.ledger import Ledger
    from cado_sentinelone.models.asset import Asset


def _say_nothing(line: str) -> None:
    """Where nobody looks, progress is told to nobody."""


def _utcnow() -> datetime:
    return datetime.now(UTC)


class Rates(ABC):
    """A budget of calls by the path that they go to."""

    @abstractmethod
    def take(self, path: str) -> float:
        """Waits until a call to `path` may be made; returns the seconds waited."""


class Run:
    """One run of an action: what it has to say besides its records, and the clock it uses.

    `sleep` and `monotonic` are the only ways to wait and to measure time, so that tests turn
    time by hand. `rates` is a budget of calls to be shared with other runs; None is one of this
    run's own. `calls` is how many were sent. `progress` takes a line for a person; it is shown or dropped, never kept.
    """

    def __init__(
        self,
        *,
        run_id: str = "",
        runner: str = "cli",
        progress: Callable[[str], None] = _say_nothing,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        utcnow: Callable[[], datetime] = _utcnow,
    ) -> None:
        self.run_id = run_id or new_run_id()
        self.runner = runner
        self.message = ""
        self.summary: dict[str, Any] = {}
        self.warnings: list[str] = []
        self.calls = 0
        self.rates: Rates | None = None
        self.progress = progress
        self.sleep = sleep
        self.monotonic = monotonic
        self.utcnow = utcnow
        self.deadline: float | None = None
        self._ledger: Ledger | None = None

    def warn(self, text: str) -> None:
        """Adds `text` to the outcome's warnings, once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def start_deadline(self, seconds: float) -> None:
        """Allows the run `seconds` from now; waiting on purpose extends it (`wait`)."""
        self.deadline = self.monotonic() + seconds

    def remaining_seconds(self) -> float:
        """How long the run may still take. Raises DeadlineError when nothing is left."""
        if self.deadline is None:
            return float("inf")
        left = self.deadline - self.monotonic()
        if left <= 0:
            raise DeadlineError("the action's total_timeout_seconds passed")
        return left

    def wait(self, seconds: float) -> None:
        """Waits on purpose: does not count against the total deadline."""
        if self.deadline is not None:
            self.deadline += seconds
        self.sleep(seconds)

    def ledger(self, asset: Asset) -> Ledger:
        """The ledger that the asset names, opened at its first use. Raises LedgerError."""
        if self._ledger is None:
            from cado_sentinelone.engine.ledger import open_ledger

            self._ledger = open_ledger(asset.ledger_url.get_secret_value())
        return self._ledger

    def close(self) -> None:
        """Closes what the run opened."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None
