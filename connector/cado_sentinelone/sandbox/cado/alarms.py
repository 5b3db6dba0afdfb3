"""Alarms, counted and one by one, and the indicators behind them (Cado contract 7)."""

from typing import Literal

from cado_sentinelone.sandbox.cado.asked import Flag, Nothing, PageQuery, Query, Whole
from cado_sentinelone.sandbox.cado.counts import severities
from cado_sentinelone.sandbox.cado.findings import Alarm
from cado_sentinelone.sandbox.cado.operation import Answer, Call, Operation
from cado_sentinelone.sandbox.cado.paging import numbered
from cado_sentinelone.sandbox.cado.records import Evidence
from cado_sentinelone.sandbox.cado.refusal import invalid
from cado_sentinelone.sandbox.cado.state import CadoState


class AlarmsQuery(PageQuery):
    """Which alarms to list; names match a part."""

    investigation_id: Whole | None = None
    evidence_id: Whole | None = None
    alarm_type: Literal["content", "event"] | None = None
    alarm_name: str = ""
    alarm_severity: tuple[Whole, ...] = ()
    resource: str = ""
    order_by: Literal["id", "-id"] = "-id"
    latest_results: Flag = False
    dspm_type: tuple[str, ...] = ()


class SummaryQuery(Query):
    """Whose alarms to sum up."""

    investigation_id: Whole
    evidence_id: Whole | None = None
    alarm_severity: Whole | None = None


class OverviewQuery(Query):
    """The investigations to compare."""

    investigation_ids: tuple[Whole, ...]


class IndicatorsQuery(Query):
    """Whose indicators; `matched` or `extracted`, both if neither is asked for."""

    investigation_id: Whole
    evidence_id: Whole | None = None
    filter: str = ""


def list_alarms(call: Call, query: AlarmsQuery) -> Answer:
    """The alarms found so far that pass all filters; none is about data security posture."""
    alarms = [
        (evidence, alarm)
        for evidence, alarm in _found(call.state, query.investigation_id, query.evidence_id)
        if query.alarm_type in (None, alarm.kind)
        and query.alarm_name.casefold() in alarm.story.description.casefold()
        and (not query.alarm_severity or alarm.story.severity in query.alarm_severity)
        and query.resource.casefold() in evidence.hostname.casefold()
        and not query.dspm_type
    ]
    alarms.sort(key=lambda found: found[1].alarm_id, reverse=query.order_by == "-id")
    return numbered(alarms, query, lambda found: _shown(*found))


def get_alarm(call: Call, _: Nothing) -> Answer:
    """One alarm."""
    return {"data": _shown(*call.state.alarm(call.number("id")))}


def summarise(call: Call, query: SummaryQuery) -> Answer:
    """The alarms of an investigation by what they say, the worst first."""
    alarms = [
        alarm
        for _, alarm in _found(call.state, query.investigation_id, query.evidence_id)
        if query.alarm_severity in (None, alarm.story.severity)
    ]
    stories = {alarm.story: None for alarm in sorted(alarms, key=lambda one: one.story.severity)}
    breakdown = []
    for story in stories:
        kinds = [alarm.kind for alarm in alarms if alarm.story == story]
        breakdown.append(
            {
                "description": story.description,
                "content_alarm_count": kinds.count("content"),
                "event_alarm_count": kinds.count("event"),
                "total_count": len(kinds),
                "severity": story.severity,
                "attack": list(story.attack),
            }
        )
    return {"data": {"total": len(alarms), "breakdown": breakdown}}


def overview(call: Call, query: OverviewQuery) -> Answer:
    """How bad each of these investigations is, all on one page."""
    ids = list(dict.fromkeys(query.investigation_ids))
    counts: list[dict[str, object]] = []
    for investigation_id in ids:
        alarms = (alarm for _, alarm in _found(call.state, investigation_id, None))
        counts.append({"investigation_id": investigation_id, **severities(alarms)})
    return numbered(counts, PageQuery(per_page=max(1, len(ids))), dict)


def indicators(call: Call, query: IndicatorsQuery) -> Answer:
    """What gave the alarms away: matched where a rule knew it, extracted where it was read."""
    if query.filter not in ("", "matched", "extracted"):
        raise invalid("filter: is neither matched nor extracted")
    detected: list[dict[str, object]] = []
    for evidence, alarm in _found(call.state, query.investigation_id, query.evidence_id):
        kind = "matched" if alarm.story.source == "ioc" else "extracted"
        if alarm.indicator and query.filter in ("", kind):
            detected.append(
                {
                    "project_id": evidence.project.project_id,
                    "evidence_id": evidence.evidence_id,
                    "type": kind,
                    "evidence_name": evidence.hostname,
                    "description": alarm.story.description,
                    "indicator": alarm.indicator,
                }
            )
    unique = [found for place, found in enumerate(detected) if found not in detected[:place]]
    names = list(dict.fromkeys(found["indicator"] for found in unique))
    return {"data": {"detected_iocs": unique, "indicators": names}}


def _found(
    state: CadoState, investigation_id: int | None, evidence_id: int | None
) -> list[tuple[Evidence, Alarm]]:
    """The alarms found so far; an investigation or an evidence that is not there is refused."""
    project = None if investigation_id is None else state.project(investigation_id)
    only = None if evidence_id is None else state.evidence(evidence_id)
    return [
        (evidence, alarm)
        for evidence in state.evidences(project)
        if only in (None, evidence)
        for alarm in evidence.found(state.now)
    ]


def _shown(evidence: Evidence, alarm: Alarm) -> dict[str, object]:
    """The alarm; the unit of its moments is not published, milliseconds here (contract 0.5)."""
    seen = (evidence.pipelines[0].created_at - alarm.seconds_before) * 1000
    return {
        "id": alarm.alarm_id,
        "type": alarm.kind,
        "full_path": alarm.filename,
        "resource": evidence.hostname,
        "evidence_name": evidence.hostname,
        "evidence_id": evidence.evidence_id,
        "item_id": alarm.item_id,
        "source": alarm.story.source,
        "severity": alarm.story.severity,
        "description": alarm.story.description,
        "attack": list(alarm.story.attack),
        "indicator_data": alarm.indicator,
        "extra": "",
        "first_seen": seen,
        "last_seen": seen,
        "dspm_type": None,
    }


OPERATIONS = (
    Operation("GET", "/alarms", "List alarms", "alarms_read", AlarmsQuery, list_alarms),
    Operation("GET", "/alarms/summary", "Sum up alarms", "alarms_read", SummaryQuery, summarise),
    Operation(
        "GET", "/alarms/overview", "Compare investigations", "alarms_read", OverviewQuery, overview
    ),
    Operation("GET", "/alarms/{id}", "Get an alarm", "alarms_read", Nothing, get_alarm),
    Operation("GET", "/indicators", "List indicators", "alarms_read", IndicatorsQuery, indicators),
)
