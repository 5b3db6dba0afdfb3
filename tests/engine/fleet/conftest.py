"""A sandbox with a fleet, whose clock is the connector's clock too: a wait turns it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from cado_sentinelone.invoke import invoke
from cado_sentinelone.models.run import Run
from cado_sentinelone.sandbox.running import RunningSandbox


class Fleet:
    """Runs actions over HTTP against the sandbox, as a runner would."""

    def __init__(self, sandbox, ledger_url):
        self.sandbox, self.clock = sandbox, sandbox.world.clock
        self.asset = sandbox.asset | {"ledger_url": ledger_url}

    def new_run(self):
        waited = 0.0

        def sleep(seconds):
            nonlocal waited
            waited += seconds
            self.clock.advance(seconds)

        return Run(
            utcnow=lambda: datetime.fromtimestamp(self.clock.now(), UTC),
            sleep=sleep,
            monotonic=lambda: time.monotonic() + waited,
        )

    def run(self, action, **parameters):
        request = {"action": action, "asset": self.asset, "parameters": parameters}
        return invoke(request, run=self.new_run())

    def record(self, action, **parameters):
        outcome = self.run(action, **parameters)
        assert outcome.error is None, outcome.error
        [record] = outcome.data
        return record

    def start(self, **parameters):
        """A confirmed fleet collection; its plan."""
        wanted = {"investigation": "INC-1", "start_rate_per_minute": 600} | parameters
        plan = self.record("run_fleet_collection", dry_run=True, **wanted)
        return self.record("run_fleet_collection", confirm_digest=plan["digest"], **wanted)

    def work(self, plan, seconds=7200):
        """The status after so long a time of work."""
        return self.record("get_fleet_status", fleet_id=plan["fleet_id"], work_seconds=seconds)

    @property
    def effects(self):
        """How often a collection had effect, by agent."""
        return self.sandbox.world.effects


@pytest.fixture
def fleet(ledger_url):
    with RunningSandbox(endpoints=80, speed=0.0) as sandbox:
        yield Fleet(sandbox, ledger_url)
