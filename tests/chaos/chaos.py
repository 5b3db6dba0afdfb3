"""A fleet collection whose workers are killed all the time, and what is true of it all the same.

Everything that is drawn by lot comes from the seed: what the vendors answer wrongly, which worker
dies when, how wrong its clock is. What the machine schedules when does not.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.turned import Turned

from cado_sentinelone.assets import asset_of
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.states import ENDS
from cado_sentinelone.errors import ConflictError, LedgerError
from cado_sentinelone.fleet import group
from cado_sentinelone.fleet.change import resume
from cado_sentinelone.fleet.request import FleetRequest
from cado_sentinelone.models.fleet import Fleet, FleetCounts
from cado_sentinelone.sandbox.running import RunningSandbox

ROOT = Path(__file__).resolve().parents[2]
FAULTS = (
    "error_500%1;error_502%0.5;throttle=1%0.5;drop_request%0.5;drop_reply%1;truncate%0.3;"
    "import_fails%2;child_partly_fails%2"
)
_SCRIPT_FAULTS = ";capture_fails%2;rso_partial%5"
_SAMPLE_EVERY_SECONDS = 0.1
_MOST_SKEW_SECONDS = 20


@dataclass
class Scene:
    """What a run is made of; `cut` and `restart` are done to the ledger's and the queue's server."""

    endpoints: int
    workers: int
    ledger_url: str
    seed: int
    speed: float = 60.0
    kill_every_seconds: float = 1.0
    via: str = "cado"
    broker_url: str = ""
    cut: Callable[[], int] | None = None
    restart: Callable[[], None] | None = None
    limit_seconds: float = 1800.0


@dataclass
class Result:
    """What was done to it, and what was seen."""

    kills: int = 0
    cuts: int = 0
    restarts: int = 0
    resumed: int = 0
    samples: int = 0
    seconds: float = 0.0
    state: str = ""
    selected: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    most_effects: int = 0
    effects: int = 0
    wrong_sums: list[dict[str, int]] = field(default_factory=list)

    @property
    def open(self) -> int:
        """How many endpoints are in no end state."""
        return sum(n for state, n in self.counts.items() if state not in ENDS)


def chaos(scene: Scene, folder: Path) -> Result:
    """Runs a scene to the end of its fleet collection, or to its limit."""
    with RunningSandbox(seed=scene.seed, endpoints=scene.endpoints, speed=scene.speed) as sandbox:
        settings = {
            "url": sandbox.url,
            "speed": scene.speed,
            "by_queue": bool(scene.broker_url),
            "asset": sandbox.asset
            | {"ledger_url": scene.ledger_url, "total_timeout_seconds": 86_400},
        }
        (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
        desk = Desk(asset_of(settings["asset"]), Turned(sandbox.url, scene.speed).run())
        fleet = _begin(scene, desk)
        faults = FAULTS + (_SCRIPT_FAULTS if scene.via == "remoteops" else "")
        sandbox.world.faults.set(faults)
        result = _Play(scene, folder, desk, fleet).to_the_end()
        result.effects = len(sandbox.world.effects)
        result.most_effects = max(sandbox.world.effects.values(), default=0)
        desk.run.close()
    return result


def _begin(scene: Scene, desk: Desk) -> Fleet:
    request = FleetRequest(
        investigation="INC-9",
        via=scene.via,
        online_only=True,
        start_rate_per_minute=6000,
        most_rate_per_minute=6000,
        pause_at_failures=0.5,
    )
    digest = group.digest_of(group.plan(request, [desk]))
    [share] = group.begin(request.model_copy(update={"confirm_digest": digest}), [desk])
    assert share.fleet is not None
    return share.fleet


class _Play:
    def __init__(self, scene: Scene, folder: Path, desk: Desk, fleet: Fleet) -> None:
        self._scene, self._folder, self._desk, self._fleet = scene, folder, desk, fleet
        self._dice = random.Random(scene.seed)  # noqa: S311 - repeatable
        self._workers: list[int] = []
        self._result = Result()

    def to_the_end(self) -> Result:
        began = time.monotonic()
        next_kill = began + self._scene.kill_every_seconds
        with self._forking() as self._forks:
            self._workers = [self._start() for _ in range(self._scene.workers)]
            while self._is_open() and time.monotonic() - began < self._scene.limit_seconds:
                if time.monotonic() >= next_kill:
                    next_kill = time.monotonic() + self._scene.kill_every_seconds
                    self._disturb()
                self._sample()
                time.sleep(_SAMPLE_EVERY_SECONDS)
            self._stop_all()
        self._result.seconds = time.monotonic() - began
        counts = self._sample()
        assert counts is not None
        self._result.counts, self._result.selected = counts.states, counts.selected
        return self._result

    @contextmanager
    def _forking(self) -> Iterator[subprocess.Popen[str]]:
        """The process that forks workers."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
        if self._scene.broker_url:
            environment["CADO_SENTINELONE_BROKER_URL"] = self._scene.broker_url
        command = [sys.executable, str(ROOT / "tests/chaos/worker.py")]
        with (self._folder / "workers.log").open("ab") as log:
            forks = subprocess.Popen(  # noqa: S603 - our own worker
                [*command, str(self._folder / "settings.json")],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                env=environment, cwd=ROOT,
            )  # fmt: skip
        with forks:
            try:
                yield forks
            finally:
                for worker in self._workers:
                    _send(worker, signal.SIGKILL)
                forks.kill()

    def _start(self) -> int:
        skew = self._dice.uniform(-_MOST_SKEW_SECONDS, _MOST_SKEW_SECONDS)
        assert self._forks.stdin is not None and self._forks.stdout is not None
        self._forks.stdin.write(f"{skew:.3f}\n")
        self._forks.stdin.flush()
        return int(self._forks.stdout.readline())

    def _stop_all(self) -> None:
        """As a person would: each may end what it is at."""
        until = time.monotonic() + 20
        left = self._workers
        while left and time.monotonic() < until:
            left = [worker for worker in left if _send(worker, signal.SIGTERM)]
            time.sleep(0.2)

    def _disturb(self) -> None:
        """One worker dies, whatever it is doing; now and then the servers have their turn."""
        place = self._dice.randrange(len(self._workers))
        self._result.kills += _send(self._workers[place], signal.SIGKILL)
        self._workers[place] = self._start()
        if self._scene.cut is not None and self._dice.random() < 0.2:
            self._result.cuts += self._scene.cut()
        if self._scene.restart is not None and self._dice.random() < 0.05:
            self._scene.restart()
            self._result.restarts += 1

    def _is_open(self) -> bool:
        try:
            fleet = self._desk.ledger.fleet(self._fleet.fleet_id)
            if fleet.state == "paused":
                # A person who looks after it would.
                with suppress(ConflictError):
                    resume(fleet, self._desk)
                    self._result.resumed += 1
        except LedgerError:
            return True  # our own connection was cut as well
        self._result.state = fleet.state
        return fleet.state not in ("completed", "cancelled", "expired")

    def _sample(self) -> FleetCounts | None:
        try:
            counts = self._desk.ledger.fleet_counts(self._fleet.fleet_id)
        except LedgerError:
            return None
        self._result.samples += 1
        if sum(counts.states.values()) != counts.selected:
            self._result.wrong_sums.append(counts.states)
        return counts


def _send(worker: int, number: signal.Signals) -> bool:
    """Whether the worker was still there."""
    try:
        os.kill(worker, number)
    except ProcessLookupError:
        return False
    return True
