"""The time of a sandbox that runs faster than this machine's, for a worker beside it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import requests

from cado_sentinelone.models.run import Run


class Turned:
    """A clock that goes `speed` times as fast as this machine's, wrong by `skew_seconds`."""

    def __init__(self, url: str, speed: float, *, skew_seconds: float = 0.0) -> None:
        answer = requests.post(f"{url}/sandbox/clock", json={}, timeout=30)
        answer.raise_for_status()
        self._began = datetime.fromisoformat(answer.json()["now"]).timestamp() + skew_seconds
        self._speed, self._at = speed, time.monotonic()

    def run(self) -> Run:
        return Run(
            utcnow=lambda: datetime.fromtimestamp(self._began + self._passed(), UTC),
            sleep=lambda seconds: time.sleep(seconds / self._speed),
            monotonic=self._passed,
        )

    def _passed(self) -> float:
        return (time.monotonic() - self._at) * self._speed
