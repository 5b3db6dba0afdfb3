"""Evidence as runners see it: findings with their verdict, and events of the timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from cado_sentinelone.models.action import Output

Verdict = Literal["malicious", "suspicious", "no_findings", "pending"]


class AlarmKind(Output):
    """One kind of alarm and how often it was raised."""

    description: str
    severity: str = Field(description="malicious, suspicious or informational.")
    attack: tuple[str, ...] = Field((), description="MITRE ATT&CK ids.")
    in_files: int = 0
    in_events: int = 0
    total: int = 0


class Indicator(Output):
    """One indicator of compromise that was found in the evidence."""

    indicator: str
    type: str = Field("", description="matched or extracted.")
    description: str = ""
    evidence_id: int | None = None


class Findings(Output):
    """What was found in one collection, evidence or investigation, and what it amounts to.

    "no_findings" is not "clean": nothing was found by processing that ended well.
    """

    verdict: Verdict = Field(
        description="malicious, suspicious or no_findings; pending as long as it cannot be told."
    )
    malicious: int = Field(0, description="Malicious alarms.")
    suspicious: int = Field(0, description="Suspicious alarms.")
    informational: int = Field(0, description="Informational alarms, as far as they are told.")
    alarms: tuple[AlarmKind, ...] = Field((), description="The alarms by kind, worst first.")
    attack: tuple[str, ...] = Field((), description="MITRE ATT&CK ids of all alarms.")
    indicators: tuple[Indicator, ...] = ()
    hostnames: tuple[str, ...] = Field((), json_schema_extra={"soar": "hostname"})
    evidence_ids: tuple[int, ...] = ()
    investigation_id: int | None = None
    investigation_name: str = ""
    collection_id: str = ""
    link: str = Field("", description="Where to look further.", json_schema_extra={"soar": "url"})


class Event(Output):
    """One event of an investigation's timeline."""

    event_id: str
    occurred_at: datetime | None = Field(None, description="UTC; null when the event has no time.")
    time_kind: str = Field("", description="What the time is the time of: creation, last run...")
    summary: str = Field("", description="The event in short.")
    severity: str = Field("", description="The worst alarm on the event; empty without any.")
    alarms: tuple[str, ...] = Field((), description="The alarms on the event, in words.")
    attack: tuple[str, ...] = Field((), description="MITRE ATT&CK ids of the alarms.")
    hostname: str = Field("", json_schema_extra={"soar": "hostname"})
    user: str = ""
    filename: str = ""
    executed_process: str = ""
    sha256: str = Field("", json_schema_extra={"soar": "sha256"})
    source: str = ""
    source_type: str = ""
    macb: str = Field("", description="Which times of the file these are.")
    evidence_id: int | None = None
    evidence_name: str = ""
