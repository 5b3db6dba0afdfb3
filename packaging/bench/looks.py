"""What one look at a thousand running collections costs, in calls (R6)."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Iterator
from urllib.request import Request, urlopen

from measure import Row, spend
from stage import Server, Stage

COLLECTIONS = 1_000
PAGE = 1_000


def rows(stage: Stage) -> Iterator[Row]:
    # Its time stands still, so that all are open when they are looked at.
    with stage.sandbox("--endpoints", "2500", "--speed", "0") as server:
        launch = stage.script("launch", str(server.asset_file), str(COLLECTIONS))
        subprocess.run(launch, check=True, env=stage.environment, stdout=subprocess.PIPE)  # noqa: S603
        _admin(server, "DELETE", "requests")
        look = [stage.command, "run", "list_collections", "-p", "refresh=true", "--json"]
        spend([*look, "--asset", str(server.asset_file)], stage.environment)
        calls = sum(_admin(server, "GET", "requests")["requests"].values())
    # One pipeline each, and nothing says more of a thousand pipelines than one page of them.
    least = math.ceil(COLLECTIONS / PAGE)
    yield Row(
        f"a look at {COLLECTIONS:,} running collections",
        "the least possible calls",
        f"{calls} calls against {least}",
        calls / least,
        1.1,
    )


def _admin(server: Server, method: str, knob: str) -> dict[str, dict[str, int]]:
    request = Request(f"{server.url}/sandbox/{knob}", method=method)  # noqa: S310 - loopback
    with urlopen(request) as answer:  # noqa: S310
        content: dict[str, dict[str, int]] = json.load(answer)
    return content
