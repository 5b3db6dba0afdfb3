"""A hundred thousand endpoints: time against the barest loop there is, and flat memory (R9)."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from measure import Row, Spent, compared, paired, spend
from stage import Server, Stage

ENDPOINTS = 100_000
FEW = 1_000


def rows(stage: Stage) -> Iterator[Row]:
    with stage.sandbox("--endpoints", str(ENDPOINTS)) as server:
        measured = paired(
            lambda: _list(stage, server), lambda: _walk(stage, server, "count"), stage.pairs
        )
        yield compared(f"listing {ENDPOINTS:,} endpoints", "urllib3 + json loop", 1.15, measured)
        large = median(ours.peak_bytes for ours, _ in measured)
    with stage.sandbox("--endpoints", str(FEW)) as server:
        small = median(_list(stage, server).peak_bytes for _ in range(3))
    yield Row(
        f"peak memory of listing {ENDPOINTS:,}",
        f"of listing {FEW:,}",
        f"{large / 2**20:.0f} MiB against {small / 2**20:.0f} MiB",
        large / small,
        1.3,
    )


def _list(stage: Stage, server: Server) -> Spent:
    command = [stage.command, "run", "list_endpoints", "--json", "--asset", str(server.asset_file)]
    return spend(command, stage.environment)


def _walk(stage: Stage, server: Server, what: str) -> Spent:
    token = server.asset["sentinelone_token"]
    return spend(stage.script("walk", server.url, token, what), stage.environment)
