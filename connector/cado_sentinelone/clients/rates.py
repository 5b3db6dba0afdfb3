"""Our own budget of calls, so that the vendor has no need to throttle us (promise R6)."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import NamedTuple

from cado_sentinelone.errors import ThrottledError
from cado_sentinelone.models.run import Rates, Run

API_PREFIX = "/web/api/v2.1"


class Limit(NamedTuple):
    """What a vendor allows for one prefix: a steady rate, and calls saved up while idle."""

    per_second: float
    burst: int


# SentinelOne contract 1.4. For /system/status its sources say 1 and 2 calls a second.
SENTINELONE_LIMITS: Mapping[str, Limit] = {
    "/accounts": Limit(100, 10),
    "/activities": Limit(10, 30),
    "/agents": Limit(25, 1),
    "/exclusions": Limit(25, 25),
    "/export": Limit(1, 30),
    "/licenses": Limit(10, 5),
    "/rbac": Limit(50, 100),
    "/remote-ops": Limit(1, 5),
    "/remote-scripts": Limit(1, 30),
    "/service-users": Limit(5, 10),
    "/sites": Limit(100, 10),
    "/system/status": Limit(1, 1),
    "/threats": Limit(10, 50),
    "/upload": Limit(1, 5),
    "/user": Limit(2, 5),
    "/users": Limit(40, 80),
    "/users/login": Limit(1, 1),
}


class PrefixRates(Rates):
    """The budget of one token within this process: a bucket for each prefix, shared by threads."""

    def __init__(self, run: Run, limits: Mapping[str, Limit] = SENTINELONE_LIMITS) -> None:
        self._run = run
        self._limits = limits
        self._lock = threading.Lock()
        # When each bucket is full again: all that a bucket has to remember.
        self._full_at: dict[str, float] = {}

    def take(self, path: str) -> float:
        """Waits until a call to `path` may be made; returns the seconds waited.

        Raises ThrottledError, without waiting, when the run ends before the call's turn.
        """
        prefix = prefix_of(path, self._limits)
        if prefix is None:
            return 0.0
        limit = self._limits[prefix]
        left = self._run.remaining_seconds()
        with self._lock:
            now = self._run.monotonic()
            full_at = max(self._full_at.get(prefix, now), now) + 1 / limit.per_second
            wait = max(0.0, full_at - now - limit.burst / limit.per_second)
            if wait >= left:
                raise ThrottledError(
                    f"the calls allowed to {prefix} are used up for {wait:.0f} s, longer than"
                    " total_timeout_seconds leaves",
                    vendor="sentinelone",
                    retryable=True,
                    retry_after_seconds=wait,
                )
            self._full_at[prefix] = full_at
        # Slept without the lock: the turn is taken, other calls queue up behind it.
        if wait:
            self._run.sleep(wait)
        return wait


def prefix_of(path: str, limits: Mapping[str, Limit]) -> str | None:
    """The longest of the prefixes with a limit that `path` goes to."""
    route = path.removeprefix(API_PREFIX)
    fitting = [p for p in limits if route == p or route.startswith(p + "/")]
    return max(fitting, key=len, default=None)
