"""What came in and what went out, counted."""

from collections import Counter

from starlette.types import Scope


class Traffic:
    """Requests by "METHOD /path/{template}" and answers by status.

    A request that a fault answered before it reached a route is counted by its path; an answer
    that never left counts as "lost".
    """

    def __init__(self) -> None:
        """Start from nothing."""
        self.requests: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()

    def count(self, scope: Scope, status: int | None) -> None:
        """Count one request and the status of its answer, None if it got none."""
        route = scope.get("route")
        path = scope["path"] if route is None else route.path
        self.requests[f"{scope['method']} {path}"] += 1
        self.statuses["lost" if status is None else str(status)] += 1

    def clear(self) -> None:
        """Start from nothing again."""
        self.requests.clear()
        self.statuses.clear()
