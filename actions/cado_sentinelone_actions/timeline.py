"""Search an investigation's timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from cado_sentinelone.models.action import Action, Params, Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.evidence import Event
from cado_sentinelone.plugin import hookimpl

if TYPE_CHECKING:
    from cado_sentinelone.clients.cado_evidence_records import TimelineEvent

_PAGE_SIZE = 1000


class SearchTimelineParams(Params):
    investigation: str = Field(
        min_length=1,
        description="The investigation's id or exact name.",
        examples=["12", "S1-THREAT-2187"],
    )
    query: str = Field(
        "",
        description="What to look for; empty finds every event.",
        examples=["svch0st.exe"],
    )
    language: Literal["text", "cado"] = Field(
        "text",
        description="text: the query is looked for as it stands. cado: it is in Cado's query"
        " language, such as alarm_severity:[1 TO 3] AND user: alice; never build that from what"
        " an endpoint or an alert says.",
    )
    limit: int | None = Field(None, ge=1, description="At most so many events, oldest first.")
    cursor: str = Field("", description="The next_cursor of an earlier search that was limited.")


def search_timeline(asset: Asset, params: SearchTimelineParams, run: Run) -> Iterator[Event]:
    from cado_sentinelone.clients.cado import Cado
    from cado_sentinelone.clients.cado_timeline import search_phrase
    from cado_sentinelone.engine.investigations import resolve_investigation

    cado = Cado(asset, run)
    investigation = resolve_investigation(cado, params.investigation)
    search_text = params.query
    if search_text and params.language == "text":
        search_text = search_phrase(search_text)
    for event in cado.timeline(
        investigation.investigation_id,
        search_text=search_text,
        limit=params.limit,
        page_size=_PAGE_SIZE,
        cursor=params.cursor,
    ):
        yield _event(event)


def _event(event: TimelineEvent) -> Event:
    return Event(
        event_id=event.event_id,
        occurred_at=event.occurred_at,
        time_kind=event.type,
        summary=event.short,
        severity=event.severity_word,
        alarms=tuple(alarm.description for alarm in event.alarms),
        attack=tuple(dict.fromkeys(number for alarm in event.alarms for number in alarm.attack)),
        hostname=event.host,
        user=event.user,
        filename=event.filename,
        executed_process=event.executed_process,
        sha256=event.sha256,
        source=event.source,
        source_type=event.sourcetype,
        macb=event.macb,
        evidence_id=event.evidence_id,
        evidence_name=event.evidence_name,
    )


@hookimpl
def cado_sentinelone_actions() -> Iterable[Action]:
    yield Action(
        identifier="search_timeline",
        summary="Search the timeline of an investigation's evidence.",
        params=SearchTimelineParams,
        output=Event,
        run=search_timeline,
        noun=("event", "events"),
        group="findings",
        uses=("cado",),
        columns=("occurred_at", "severity", "hostname", "summary", "filename"),
    )
