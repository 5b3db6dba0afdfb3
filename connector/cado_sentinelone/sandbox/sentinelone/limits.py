"""The console's rate limits, per token (contract 1.4)."""

import time
from collections.abc import Callable

_LIMITS: dict[str, tuple[float, int]] = {
    "/remote-scripts": (1, 30),
    "/remote-ops": (1, 5),
    "/exclusions": (25, 25),
    "/rbac": (50, 100),
    "/user": (2, 5),
    "/service-users": (5, 10),
    "/upload": (1, 5),
    "/licenses": (10, 5),
    "/agents": (25, 1),
    "/activities": (10, 30),
    "/sites": (100, 10),
    "/accounts": (100, 10),
    "/users": (40, 80),
    "/users/login": (1, 1),
    "/system/status": (2, 1),
    "/export": (1, 30),
    "/threats": (10, 50),
}
"""Requests per second and burst, by path prefix."""


class Limits:
    """Token buckets. They fill in REAL time, as a client paces itself by its own clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Every bucket is full."""
        self._clock = clock
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def admit(self, path: str, token: str) -> bool:
        """Whether the token may make this request now; if so, it is counted."""
        prefix = max(filter(lambda prefix: _covers(prefix, path), _LIMITS), key=len, default=None)
        if prefix is None:
            return True
        per_second, burst = _LIMITS[prefix]
        now = self._clock()
        left, counted_at = self._buckets.get((prefix, token), (float(burst), now))
        left = min(burst, left + (now - counted_at) * per_second)
        admitted = left >= 1
        self._buckets[prefix, token] = (left - admitted, now)
        return admitted


def _covers(prefix: str, path: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")
