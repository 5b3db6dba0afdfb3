"""An investigation's timeline, and search text that keeps a user's words words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

from cado_sentinelone.clients.cado_calls import CadoCalls, query
from cado_sentinelone.clients.cado_evidence_records import TimelineEvent
from cado_sentinelone.errors import ParamsError

TextField = Literal[
    "alarm_attack",
    "alarm_description",
    "executed_process",
    "extra",
    "filename",
    "host",
    "macb",
    "sha256",
    "short",
    "source",
    "sourcetype",
    "strings",
    "tag",
    "type",
    "user",
]


def search_phrase(text: str, field: TextField | None = None) -> str:
    """Search text that finds `text` itself, in `field` or anywhere.

    Quoted and escaped, so that nothing in it is an operator, a wildcard or another field of the
    query language (Cado contract 7). Raises ParamsError for an unknown field.
    """
    if field is not None and field not in get_args(TextField):
        raise ParamsError(f"the timeline has no text field {field!r}")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'{field}: "{escaped}"' if field else f'"{escaped}"'


def severity_range(worst: int = 1, mildest: int = 3) -> str:
    """Search text that finds events with alarms of these severities; smaller is worse."""
    return f"alarm_severity:[{worst:d} TO {mildest:d}]"


class TimelineCalls(CadoCalls):
    """Timeline events (Cado contract 7)."""

    def timeline(
        self,
        investigation_id: int,
        *,
        search_text: str = "",
        limit: int | None = None,
        page_size: int = 100,
        cursor: str = "",
    ) -> Iterator[TimelineEvent]:
        """Every event that `search_text` finds, in order of time.

        `search_text` is in the platform's query language: build it with `search_phrase` from
        anything that a person or an endpoint wrote. When `limit` stopped it, `next_cursor` in
        the run's summary says where to go on. Raises NotFoundError.
        """
        return self.cursored(
            TimelineEvent,
            "/timeline",
            query(project_id=investigation_id, search_text=search_text),
            limit=limit,
            page_size=page_size,
            cursor=cursor,
        )
