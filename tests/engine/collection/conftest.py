"""A sandbox whose time is turned by hand, and a console to drive the actions with."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cado_sentinelone.invoke import invoke
from cado_sentinelone.models.action import Run
from cado_sentinelone.models.outcome import Outcome
from cado_sentinelone.sandbox.landmarks import HEALTHY_WINDOWS
from cado_sentinelone.sandbox.running import RunningSandbox

WINDOWS = HEALTHY_WINDOWS


class Bench:
    """Runs actions over HTTP against the sandbox, as a runner would."""

    def __init__(self, sandbox: RunningSandbox, ledger_file: Path) -> None:
        self.sandbox = sandbox
        self.asset = sandbox.asset | {"ledger_url": f"sqlite:///{ledger_file}"}
        self.later = timedelta()

    def run(self, action: str, **parameters: Any) -> Outcome:
        """One action; its clock is `later` than the real one, and its waiting turns the world's."""
        waited = 0.0

        def sleep(seconds: float) -> None:
            nonlocal waited
            waited += seconds
            self.sandbox.world.clock.advance(20 * seconds)

        run = Run(
            utcnow=lambda: datetime.now(UTC) + self.later,
            sleep=sleep,
            monotonic=lambda: time.monotonic() + waited,
        )
        request = {"action": action, "asset": self.asset, "parameters": parameters}
        return invoke(request, run=run)

    def record(self, action: str, **parameters: Any) -> dict[str, Any]:
        """The one record of an action that must succeed."""
        outcome = self.run(action, **parameters)
        assert outcome.error is None, outcome.error
        assert len(outcome.data) == 1
        return outcome.data[0]

    def launch(self, endpoint: int = WINDOWS, **parameters: Any) -> dict[str, Any]:
        agent_id = self.sandbox.world.agents[endpoint].agent_id
        return self.record(
            "run_collection", **{"endpoint": agent_id, "investigation": "INC-1"} | parameters
        )

    def to_the_end(self, collection_id: str) -> dict[str, Any]:
        """The status at the collection's end, within four hours of turned time."""
        for _ in range(48):
            status = self.record("get_task_status", collection_id=collection_id)
            if status["terminal"]:
                return status
            self.sandbox.world.clock.advance(300)
        pytest.fail(f"no end after four hours: {status['state']}")

    def effects(self, endpoint: int = WINDOWS) -> int:
        """How many collections really ran on the endpoint."""
        return self.sandbox.world.effects[self.sandbox.world.agents[endpoint].agent_id]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with RunningSandbox(endpoints=40, speed=0) as sandbox:
        yield Bench(sandbox, tmp_path / "ledger.db")


@pytest.fixture
def bench_of(tmp_path: Path) -> Callable[[RunningSandbox], Bench]:
    """A bench for a sandbox of the test's own."""
    return lambda sandbox: Bench(sandbox, tmp_path / "ledger.db")
