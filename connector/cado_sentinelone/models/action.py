"""What an action is: its parameters, its records, and the run it happens in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from cado_sentinelone.errors import DeadlineError
from cado_sentinelone.log import new_run_id
from cado_sentinelone.models.form import Form

if TYPE_CHECKING:
    from cado_sentinelone.engine.ledger import Ledger
    from cado_sentinelone.models.asset import Asset

SoarKind = Literal["hostname", "ip", "agent id", "account id", "site id", "sha256", "url"]


class Params(Form):
    """The parameters of one action."""


class Output(BaseModel):
    """One record of an action's data."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


@dataclass
class Run:
    """One run of an action: what it has to say besides its records, and the clock it uses.

    `sleep` and `monotonic` are the only ways to wait and to measure time, so that tests turn
    time by hand. `progress` takes a line for a person; it is shown or dropped, never kept.
    """

    run_id: str = field(default_factory=new_run_id)
    runner: str = "cli"
    message: str = ""
    summary: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    progress: Callable[[str], None] = lambda line: None
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    utcnow: Callable[[], datetime] = lambda: datetime.now(UTC)
    deadline: float | None = None
    _ledger: Ledger | None = None

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


@dataclass(frozen=True)
class Action:
    """One action: what it is called, takes and gives, and the function that does it.

    `run` returns one Output or any iterable of them; an iterator is streamed to the caller.
    `noun` names what the records are, singular and plural, for messages and tables.
    `columns` are the fields that a table shows first.
    """

    identifier: str
    summary: str
    params: type[Params]
    output: type[Output]
    run: Callable[[Asset, Any, Run], Output | Iterable[Output]]
    noun: tuple[str, str]
    group: str
    uses: tuple[Literal["sentinelone", "cado", "cado_account_name"], ...] = ()
    read_only: bool = True
    long_running: bool = False
    columns: tuple[str, ...] = ()
