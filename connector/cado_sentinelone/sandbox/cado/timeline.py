"""The timeline of an investigation, by cursor and counted (Cado contract 7)."""

from typing import Literal

from cado_sentinelone.sandbox.cado.asked import Flag, Positive, Query, Whole
from cado_sentinelone.sandbox.cado.events import FIELDS, Event, events_of
from cado_sentinelone.sandbox.cado.operation import Answer, Call, Operation
from cado_sentinelone.sandbox.cado.paging import cursor_to, read_cursor
from cado_sentinelone.sandbox.cado.query import parse
from cado_sentinelone.sandbox.cado.stories import INFORMATIONAL, MALICIOUS, SUSPICIOUS

_FACETS = (
    "macb",
    "source",
    "sourcetype",
    "filename",
    "event_id",
    "evidence_id",
    "user",
    "executed_process",
)
_SEVERITIES = {
    "malicious": MALICIOUS,
    "suspicious": SUSPICIOUS,
    "informational": INFORMATIONAL,
}
_KEY_EVENTS = 50
_KEY_SCORE = 0.5


class CountsQuery(Query):
    """Which events to count."""

    project_id: Whole
    search_text: str = ""


class TimelineQuery(CountsQuery):
    """Which events to list. `auto_investigate` asks for the key events only."""

    cursor: str = ""
    ignore_cache: Flag = False
    auto_investigate: Flag = False
    per_page: Positive = 100
    order_by: Literal["timestamp", "-timestamp"] = "timestamp"


def list_events(call: Call, query: TimelineQuery) -> Answer:
    """A page of the events found so far."""
    events = _events(call, query)
    if query.auto_investigate:
        key = sorted(events, key=lambda event: event.score, reverse=True)[:_KEY_EVENTS]
        events = [event for event in events if event in key and event.score >= _KEY_SCORE]
    events.sort(
        key=lambda event: (event.timestamp, event.id), reverse=query.order_by == "-timestamp"
    )
    start = read_cursor("offset", query.cursor) or 0
    end = start + query.per_page
    before = max(0, start - query.per_page)
    return {
        "data": [_shown(event) for event in events[start:end]],
        "pagination": {
            "type": "cursor",
            "per_page": query.per_page,
            "current_token": query.cursor,
            "next_token": cursor_to("offset", end) if end < len(events) else "",
            "previous_token": cursor_to("offset", before) if start else "",
            "total_records": len(events),
        },
    }


def count_events(call: Call, query: CountsQuery) -> Answer:
    """How many values each field has, and how many events each severity."""
    events = _events(call, query)
    counts: dict[str, object] = {
        name: len({value for event in events for value in FIELDS[name](event)}) for name in _FACETS
    }
    severities = [event.alarm.story.severity for event in events if event.alarm]
    for name, severity in _SEVERITIES.items():
        counts[name] = severities.count(severity)
    counts["auto_investigate_score"] = sum(event.score >= _KEY_SCORE for event in events)
    return {"data": counts}


def _events(call: Call, query: CountsQuery) -> list[Event]:
    matches = parse(query.search_text)
    events = []
    for evidence in call.state.evidences(call.state.project(query.project_id)):
        share = evidence.share_analysed(call.now)
        everything = events_of(call.state.world, evidence)
        events += [event for event in everything if event.share <= share and matches(event)]
    return events


def _shown(event: Event) -> dict[str, object]:
    shown: dict[str, object] = {
        "id": event.id,
        "evidence_id": event.evidence.evidence_id,
        "evidence_name": event.evidence.hostname,
        "filename": event.filename,
        "short": event.short,
        "source": event.source,
        "sourcetype": event.sourcetype,
        "type": event.type,
        "timestamp": event.timestamp,
        "macb": event.macb,
        "host": event.evidence.hostname,
        "user": event.user,
        "alarm_information": [],
    }
    if event.executed_process:
        shown["executed_process"] = event.executed_process
    if event.sha256:
        shown["sha256"] = event.sha256
    if event.score:
        shown["auto_investigate_score"] = event.score
    if event.alarm is not None:
        story = event.alarm.story
        shown["alarm_information"] = [
            {
                "description": story.description,
                "severity": story.severity,
                "attack": list(story.attack),
            }
        ]
    return shown


OPERATIONS = (
    Operation("GET", "/timeline", "List events", "timeline_read", TimelineQuery, list_events),
    Operation(
        "GET",
        "/timeline/facets/counts",
        "Count events",
        "timeline_read",
        CountsQuery,
        count_events,
    ),
)
