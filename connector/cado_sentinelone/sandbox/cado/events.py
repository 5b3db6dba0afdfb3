"""The timeline of an evidence: the events of its alarms among those that every machine has."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cado_sentinelone.sandbox.cado.findings import Alarm, event_id
from cado_sentinelone.sandbox.cado.records import Evidence
from cado_sentinelone.sandbox.cado.stories import BACKGROUND
from cado_sentinelone.sandbox.world import World

_BACKGROUND_EVENTS = (350, 500)
_DAYS_BACK = 14
_TIMELINE_BUILT = (0.2, 0.5)
"""The part of the analysis during which the background events come in."""


@dataclass(slots=True, eq=False)
class Event:
    """One event, under the names that the query language knows (Cado contract 7)."""

    id: str
    evidence: Evidence
    timestamp: float
    share: float
    source: str
    sourcetype: str
    type: str
    macb: str
    short: str
    filename: str
    user: str
    event_id: str = ""
    executed_process: str = ""
    sha256: str = ""
    alarm: Alarm | None = None
    score: float = 0.0


def events_of_files(evidence: Evidence, members: Mapping[str, bytes], at: float) -> Iterator[Event]:
    """One event for each file that is really in the archive, with its real digest."""
    for place, (name, content) in enumerate(members.items()):
        yield Event(
            id=f"file-{evidence.evidence_id}-{place}",
            evidence=evidence,
            timestamp=at,
            share=(place + 1) / len(members) / 2,
            source="FILE",
            sourcetype="Collected File",
            type="Collection Time",
            macb="...B",
            short=f"{len(content)} bytes collected",
            filename=f"/{name}",
            user="",
            sha256=hashlib.sha256(content).hexdigest(),
        )


def events_of(world: World, evidence: Evidence) -> list[Event]:
    """Every event that the analysis of the evidence will have found, in no order."""
    if not evidence.timeline:
        collected_at = evidence.pipelines[0].created_at
        evidence.timeline += _alarm_events(evidence, collected_at)
        evidence.timeline += _background(world, evidence, collected_at)
    return evidence.timeline


def _alarm_events(evidence: Evidence, collected_at: float) -> Iterator[Event]:
    for alarm in evidence.alarms:
        source, sourcetype, kind, macb = alarm.story.event
        yield Event(
            id=alarm.event_id,
            evidence=evidence,
            timestamp=_seconds(collected_at - alarm.seconds_before),
            share=alarm.share,
            source=source,
            sourcetype=sourcetype,
            type=kind,
            macb=macb,
            short=alarm.story.description,
            filename=alarm.filename,
            user="jdoe",
            sha256=alarm.sha256 if alarm.kind == "content" else "",
            alarm=alarm,
            score=round(1 - alarm.story.severity / 20, 2),
        )


def _background(world: World, evidence: Evidence, collected_at: float) -> Iterator[Event]:
    rng = world.rng(f"cado/timeline/{evidence.agent.agent_id}")
    kinds = BACKGROUND["linux" if evidence.agent.os_type == "linux" else "windows"]
    for _ in range(rng.randint(*_BACKGROUND_EVENTS)):
        kind = rng.choice(kinds)
        number = rng.randint(1, 400)
        yield Event(
            id=event_id(evidence.evidence_id, rng),
            evidence=evidence,
            timestamp=_seconds(collected_at - rng.uniform(0, _DAYS_BACK * 86_400)),
            share=rng.uniform(*_TIMELINE_BUILT),
            source=kind.source,
            sourcetype=kind.sourcetype,
            type=kind.type,
            macb=kind.macb,
            short=kind.short.format(n=number),
            filename=kind.filename.format(n=number),
            user=rng.choice(("jdoe", "SYSTEM", "deploy")),
            event_id=kind.event_id,
            executed_process=kind.executed_process,
        )


def _seconds(moment: float) -> float:
    return float(round(moment))


FIELDS: dict[str, Callable[[Event], tuple[str | float, ...]]] = {
    "evidence_id": lambda event: (event.evidence.evidence_id,),
    "timestamp": lambda event: (event.timestamp,),
    "source": lambda event: (event.source,),
    "sourcetype": lambda event: (event.sourcetype,),
    "type": lambda event: (event.type,),
    "macb": lambda event: (event.macb,),
    "short": lambda event: (event.short,),
    "filename": lambda event: (event.filename,),
    "user": lambda event: (event.user,),
    "host": lambda event: (event.evidence.hostname,),
    "event_id": lambda event: _present(event.event_id),
    "executed_process": lambda event: _present(event.executed_process),
    "sha256": lambda event: _present(event.sha256),
    "alarm_severity": lambda event: (event.alarm.story.severity,) if event.alarm else (),
    "alarm_description": lambda event: (event.alarm.story.description,) if event.alarm else (),
    "alarm_attack": lambda event: event.alarm.story.attack if event.alarm else (),
    "auto_investigate_score": lambda event: (event.score,) if event.score else (),
}
"""The values of each field; a field that an event does not have has none."""


def _present(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
