"""What Cado answers about evidence: the evidence itself, alarms, indicators, timeline events."""

from __future__ import annotations

from pydantic import AliasPath, Field

from cado_sentinelone.clients.cado_records import Moment, Record, severity_word


class Evidence(Record):
    """What was collected from one machine. The fields that tie it to a device (`hostname`,
    `is_cado_host`, `resource_*`) may all be missing (Cado contract 7).
    """

    evidence_id: int = Field(validation_alias="id")
    project_id: int | None = None
    display_name: str = ""
    description: str = ""
    log: str = ""
    hostname: str = Field("", validation_alias=AliasPath("details", "hostname"))
    os: str = Field("", validation_alias=AliasPath("details", "os"))
    capture_type: str = Field("", validation_alias=AliasPath("details", "type"))
    is_cado_host: bool | None = Field(None, validation_alias=AliasPath("details", "is_cado_host"))
    size_bytes: int | None = Field(None, validation_alias=AliasPath("details", "disk_size"))
    resource_id: str = Field("", validation_alias=AliasPath("resource", "id"))
    resource_type: str = Field("", validation_alias=AliasPath("resource", "type"))
    resource_account_id: str = Field("", validation_alias=AliasPath("resource", "account_id"))
    resource_account_type: str = Field("", validation_alias=AliasPath("resource", "account_type"))
    malicious: int | None = Field(None, validation_alias=AliasPath("alarms", "malicious"))
    suspicious: int | None = Field(None, validation_alias=AliasPath("alarms", "suspicious"))
    processing_ran: bool | None = None
    last_processed_at: Moment = Field(None, validation_alias="last_processed")
    platform_version: str = Field("", validation_alias="processed_platform_version")
    preserved_at: str = Field("", validation_alias=AliasPath("preservation", "raw"))

    @property
    def archive_name(self) -> str:
        """The name of the archive that it was made of; empty when it does not tell."""
        return self.preserved_at.rpartition("/")[2]


class Alarm(Record):
    """One finding. `indicator` is what matched: a hash, a domain, an address."""

    alarm_id: int = Field(validation_alias="id")
    type: str = ""
    severity: int
    description: str = ""
    attack: tuple[str, ...] = ()
    indicator: str = Field("", validation_alias="indicator_data")
    full_path: str = ""
    resource: str = ""
    source: str = ""
    evidence_id: int | None = None
    evidence_name: str = ""
    first_seen_at: Moment = Field(None, validation_alias="first_seen")
    last_seen_at: Moment = Field(None, validation_alias="last_seen")

    @property
    def severity_word(self) -> str:
        return severity_word(self.severity)


class AlarmCount(Record):
    """How often one kind of alarm was raised, in files (content) and in events."""

    description: str = ""
    severity: int | None = None
    attack: tuple[str, ...] = ()
    content_alarm_count: int = 0
    event_alarm_count: int = 0
    total_count: int = 0

    @property
    def severity_word(self) -> str:
        return "" if self.severity is None else severity_word(self.severity)


class AlarmSummary(Record):
    total: int | None = None
    breakdown: tuple[AlarmCount, ...] = ()


class DetectedIndicator(Record):
    """An indicator of compromise that was found; `type` is matched or extracted."""

    type: str = ""
    indicator: str = ""
    description: str = ""
    evidence_id: int | None = None
    evidence_name: str = ""


class Indicators(Record):
    detected: tuple[DetectedIndicator, ...] = Field((), validation_alias="detected_iocs")
    indicators: tuple[str, ...] = ()


class EventAlarm(Record):
    description: str = ""
    severity: int | None = None
    attack: tuple[str, ...] = ()


class TimelineEvent(Record):
    """One event of an investigation's timeline. `type` says what the time is the time of."""

    event_id: str = Field(validation_alias="id")
    occurred_at: Moment = Field(None, validation_alias="timestamp")
    type: str = ""
    short: str = ""
    source: str = ""
    sourcetype: str = ""
    filename: str = ""
    host: str = ""
    user: str = ""
    executed_process: str = ""
    macb: str = ""
    sha256: str = ""
    evidence_id: int | None = None
    evidence_name: str = ""
    score: float | None = Field(None, validation_alias="auto_investigate_score")
    alarms: tuple[EventAlarm, ...] = Field((), validation_alias="alarm_information")

    @property
    def severity_word(self) -> str:
        """The word for the worst alarm on the event; empty without one."""
        told = [alarm.severity for alarm in self.alarms if alarm.severity is not None]
        return severity_word(min(told)) if told else ""
