"""A far-away console: ten thousand endpoints with 200 ms on every call."""

from __future__ import annotations

from collections.abc import Iterator

from measure import Row, compared, paired, spend
from stage import Stage

ENDPOINTS = 10_000
LATENCY_SECONDS = 0.2


def rows(stage: Stage) -> Iterator[Row]:
    environment = stage.environment
    faults = f"latency={LATENCY_SECONDS}"
    with stage.sandbox("--endpoints", str(ENDPOINTS), "--faults", faults) as server:
        run = [stage.command, "run", "list_endpoints", "--json", "--asset", str(server.asset_file)]
        walk = stage.script("walk", server.url, server.asset["sentinelone_token"], "count")
        yield compared(
            f"listing {ENDPOINTS:,} endpoints, {LATENCY_SECONDS * 1000:.0f} ms per call",
            "the one cursor chain, urllib3 + json",
            0.5,
            paired(lambda: spend(run, environment), lambda: spend(walk, environment), stage.pairs),
        )
