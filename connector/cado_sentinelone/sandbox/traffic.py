"""What came in and what went out, counted."""

from collections import Counter
from collections.abc import Iterable

from starlette.routing import Route
from starlette.types import Scope


class Traffic:
    """Requests by "METHOD /path/{template}" and answers by status.

    A request that a fault answered before it reached a route is counted by its path; an answer
    that never left counts as "lost".
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        """Start from nothing. Each route has an endpoint of its own, which tells it from others."""
        self._templates: dict[object, str] = {route.endpoint: route.path for route in routes}
        self.requests: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()

    def count(self, scope: Scope, status: int | None) -> None:
        """Count one request and the status of its answer, None if it got none."""
        path = self._templates.get(scope.get("endpoint"), scope["path"])
        self.requests[f"{scope['method']} {path}"] += 1
        self.statuses["lost" if status is None else str(status)] += 1

    def clear(self) -> None:
        """Start from nothing again."""
        self.requests.clear()
        self.statuses.clear()
