"""The console's activity page: who did what, and what agents reported (contract 10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from cado_sentinelone.clients.sentinelone_calls import PAGE_SIZE, SentinelOneCalls
from cado_sentinelone.clients.sentinelone_records import Activity, ActivityType, read


class ActivityCalls(SentinelOneCalls):
    """The part of the client that reads activities."""

    def activities(
        self,
        *,
        activity_types: Sequence[int] = (),
        agent_ids: Sequence[str] = (),
        since: datetime | None = None,
        limit: int | None = None,
    ) -> Iterator[Activity]:
        """The activities from `since` on, oldest first, or the first `limit` of them.

        Under a pin, entries that name no site or account of it are left out.
        """
        wanted = [
            ("activityTypes", ",".join(map(str, activity_types))),
            ("agentIds", ",".join(agent_ids)),
            ("createdAt__gte", _iso(since) if since else ""),
            ("sortBy", "createdAt"),
            ("sortOrder", "asc"),
        ]
        query = [*self.scope.query(), *((name, value) for name, value in wanted if value)]
        page_size = min(PAGE_SIZE, limit or PAGE_SIZE)
        found = (
            read(Activity, row, "activities")
            for rows in self.rows("activities", query, page_size=page_size)
            for row in self.scope.only_inside(rows)
        )
        return islice(found, limit)

    def activity_types(self) -> list[ActivityType]:
        """What the numbers of activities mean on this console; it takes no paging (contract 12.20)."""
        content = self.call("GET", "activities/types")
        types = content if isinstance(content, list) else []
        return [read(ActivityType, row, "activities/types") for row in types]


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
