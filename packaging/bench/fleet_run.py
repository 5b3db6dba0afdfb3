"""One fleet collection to its end in turned time, in a process of its own; prints its figures as JSON.

    cado-sentinelone sandbox --port 8801 --endpoints 10000 --sites 200 --speed 0 --write-asset asset.json
    python packaging/bench/fleet_run.py asset.json --workers 1

Time stands still while anything is done and jumps to the next moment at which a worker has something
to do, at the vendors and here alike: what is counted is what the same run takes in real hours, and
what is measured is our own work.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import requests

from cado_sentinelone.assets import asset_of
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.fleet import group
from cado_sentinelone.fleet import launch as launching
from cado_sentinelone.fleet import work as working
from cado_sentinelone.fleet.request import FleetRequest
from cado_sentinelone.fleet.status import status_of
from cado_sentinelone.fleet.tick import WORKED_ON
from cado_sentinelone.models.fleet import Fleet
from cado_sentinelone.models.run import Run


class TurnedTime:
    """A clock that jumps when every worker waits, and turns the sandbox's with it."""

    def __init__(self, url: str, workers: int) -> None:
        self._url, self._workers = url, workers
        self._lock = threading.Condition()
        self._waiting: dict[int, float] = {}
        self._now = datetime.fromisoformat(self._ask({})["now"]).timestamp()
        self._begin = self._now

    def now(self) -> float:
        return self._now

    def run(self) -> Run:
        return Run(
            utcnow=lambda: datetime.fromtimestamp(self._now, UTC),
            sleep=self.sleep,
            monotonic=lambda: self._now - self._begin,
        )

    def leave(self) -> None:
        with self._lock:
            self._workers -= 1
            self._jump()

    def sleep(self, seconds: float) -> None:
        with self._lock:
            until = self._now + seconds
            self._waiting[threading.get_ident()] = until
            self._jump()
            while self._now < until:
                self._lock.wait()
            self._waiting.pop(threading.get_ident(), None)

    def _jump(self) -> None:
        asleep = [until for until in self._waiting.values() if until > self._now]
        if len(asleep) < self._workers or not asleep:
            return
        ahead = min(asleep) - self._now
        self._ask({"advance_seconds": ahead})
        self._now += ahead
        self._lock.notify_all()

    def _ask(self, body: dict[str, float]) -> dict[str, Any]:
        return ask(f"{self._url}/sandbox/clock", body)


def ask(url: str, body: dict[str, float] | None = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    answer = requests.request("GET" if data is None else "POST", url, data=data, timeout=60)
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    return told


def begin(request: FleetRequest, desk: Desk) -> Fleet:
    digest = group.digest_of(group.plan(request, [desk]))
    [share] = group.begin(request.model_copy(update={"confirm_digest": digest}), [desk])
    if share.fleet is None:
        raise SystemExit("no fleet collection began")
    return share.fleet


def die_before(launch: int) -> None:
    """Has this process killed right before it sends that launch, its intent unwritten."""
    numbers, send = count(1), vars(launching)["launch_import"]

    def sent(*arguments: Any) -> Any:  # noqa: ANN401 - whatever it takes
        if next(numbers) == launch:
            os.kill(os.getpid(), signal.SIGKILL)
        return send(*arguments)

    vars(launching)["launch_import"] = sent


def recovery(fleet: Fleet, desk: Desk, killed_at: float) -> dict[str, float]:
    """Seconds of the vendors' time from the kill to the first launch after it, and to the last one of
    the batch that had been leased.
    """
    after = sorted(
        one.requested_at.timestamp() - killed_at
        for one in desk.ledger.members(fleet.fleet_id)
        if one.requested_at and one.requested_at.timestamp() >= killed_at
    )
    return {"first": round(after[0], 1), "last": round(after[-1], 1)} if after else {}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("asset")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--online-only", action="store_true")
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--kill-at", type=int, default=0, help="die before this launch")
    parser.add_argument("--go-on", action="store_true", help="with what one that died has left")
    arguments = parser.parse_args()
    settings = json.loads(Path(arguments.asset).read_text(encoding="utf-8"))
    asset = asset_of(settings)
    url = settings["sentinelone_url"]
    clock = TurnedTime(url, 1)
    desk = Desk(asset, clock.run())
    request = FleetRequest(
        investigation="INC-9",
        most_rate_per_minute=10_000,
        online_only=arguments.online_only,
        expires_after_hours=arguments.hours,
    )
    began, killed_at = time.perf_counter(), clock.now()
    if arguments.go_on:
        [fleet] = desk.ledger.fleets(states=WORKED_ON)
    else:
        fleet = begin(request, desk)
    if arguments.kill_at:
        die_before(arguments.kill_at)
    planned = time.perf_counter()
    ticks = count()
    tick = working.tick  # type: ignore[attr-defined]

    def counted(fleet_id: str, desk: Desk, owner: str) -> bool:
        next(ticks)
        return tick(fleet_id, desk, owner)

    working.tick = counted  # type: ignore[attr-defined]
    clock = TurnedTime(url, arguments.workers)

    def worker(number: int) -> None:
        working._worker(
            lambda: Desk(asset, clock.run()),
            number,
            threading.Event(),
            True,
            "",
            lambda line: print(line, file=sys.stderr),
        )
        clock.leave()

    threads = [threading.Thread(target=partial(worker, n)) for n in range(arguments.workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended = time.perf_counter()
    status = status_of(desk.ledger.fleet(fleet.fleet_id), desk)
    asked = ask(f"{url}/sandbox/requests")
    effects = ask(f"{url}/sandbox/effects")
    print(
        json.dumps(
            {
                "state": status.state,
                "selected": status.selected,
                "counts": status.counts,
                "planning_seconds": round(planned - began, 1),
                "working_seconds": round(ended - planned, 1),
                "ticks": next(ticks),
                "virtual_hours": round((clock.now() - fleet.created_at.timestamp()) / 3600, 2),
                "most_rss_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
                "requests": asked["requests"],
                "statuses": asked["statuses"],
                "recovery": recovery(fleet, desk, killed_at) if arguments.go_on else {},
                "most_effects": max(effects.values(), default=0),
                "effects": len(effects),
            }
        )
    )
    desk.run.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
