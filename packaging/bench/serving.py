"""The sandbox itself: it must be no brake on what is measured with it."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import perf_counter

from measure import Row, Spent, compared, paired, spend
from stage import Stage

ENDPOINTS = 100_000
START_SECONDS = 5.0


def rows(stage: Stage) -> Iterator[Row]:
    environment = stage.environment
    starts = [_start(stage) for _ in range(3)]
    start = median(starts)
    yield Row(
        f"starting a sandbox of {ENDPOINTS:,} endpoints",
        f"{START_SECONDS:g} s",
        f"{start:.2f} s until it answers",
        start / START_SECONDS,
        1.0,
    )
    with stage.sandbox("--endpoints", str(ENDPOINTS)) as server:
        token = server.asset["sentinelone_token"]
        peers = {what: stage.script("walk", server.url, token, what) for what in ("read", "count")}

        def serve() -> Spent:
            return spend(peers["read"], environment)

        def read() -> Spent:
            return spend(peers["count"], environment)

        yield compared(
            f"serving the pages of {ENDPOINTS:,} endpoints",
            "reading them with urllib3 + json",
            1.0,
            paired(serve, read, stage.pairs),
        )


def _start(stage: Stage) -> float:
    started = perf_counter()
    with stage.sandbox("--endpoints", str(ENDPOINTS)):
        return perf_counter() - started
