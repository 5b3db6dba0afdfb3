"""What the platform keeps."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cado_sentinelone.sandbox.fleet import Agent

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.cado.events import Event
    from cado_sentinelone.sandbox.cado.findings import Alarm
    from cado_sentinelone.sandbox.cado.lives import Pipeline


class User(NamedTuple):
    """A person or a key's owner."""

    user_id: int
    username: str
    display_name: str
    role: str


@dataclass(slots=True, eq=False)
class Key:
    """An API key. Its secret is shown once, when it is made."""

    key_id: int
    name: str
    public_key: str
    secret: str = field(repr=False)
    role: str
    user: User
    last_used_at: float | None = None


@dataclass(slots=True, eq=False)
class CadoAccount:
    """An account as Cado knows it, under its alias."""

    account_id: int
    name: str
    kind: str
    public_identifier: str
    problem: str = ""
    """What is wrong with its credentials, in words."""
    checks: list["Pipeline"] = field(default_factory=list)
    last_used_at: float | None = None


@dataclass(slots=True, eq=False)
class Project:
    """An investigation; the API calls it by both names (Cado contract 0.4)."""

    project_id: int
    name: str
    description: str
    created_at: float
    updated_at: float
    status: str = "Collection & Analysis"
    users: tuple[User, ...] = ()
    groups: tuple[str, ...] = ()
    iocs: str = ""
    items_identified: int = 0
    deleted: bool = False


class ImportOrder(NamedTuple):
    """What somebody asked to be collected."""

    account: CadoAccount
    project: Project
    agent: Agent
    user: User
    options: str


@dataclass(slots=True, eq=False)
class Evidence:
    """What a collection brought, from the endpoint that it really came from."""

    evidence_id: int
    project: Project
    account_name: str
    agent: Agent
    hostname: str
    size_bytes: int
    archive: str
    """Where the archive lies in the platform's bucket."""
    alarms: tuple["Alarm", ...]
    """Everything that its analysis will have found, in the order in which it finds it."""
    description: str = ""
    pipelines: list["Pipeline"] = field(default_factory=list)
    timeline: list["Event"] = field(default_factory=list)
    """Its events, written down when somebody first asks for them."""
    deleted: bool = False

    def exists(self, now: float) -> bool:
        """Whether its first pipeline has begun."""
        return not self.deleted and any(pipeline.exists(now) for pipeline in self.pipelines)

    def share_analysed(self, now: float) -> float:
        """How far its analysis has come, 0 to 1: most of it is the processing pipeline's work."""
        done = {"processing": 0.0, "analysis": 0.0}
        for pipeline in self.pipelines:
            if pipeline.exists(now):
                done[pipeline.kind] = max(done[pipeline.kind], pipeline.share_done(now))
        return 0.8 * done["processing"] + 0.2 * done["analysis"]

    def found(self, now: float) -> list["Alarm"]:
        """The alarms that have been found by now."""
        share = self.share_analysed(now)
        return [alarm for alarm in self.alarms if alarm.share <= share]

    def last_processed_at(self, now: float) -> float | None:
        """When its last processing ended, None if none has."""
        ends = [
            pipeline.planned_end
            for pipeline in self.pipelines
            if pipeline.kind == "processing"
            and pipeline.exists(now)
            and pipeline.status(now) == "complete"
        ]
        return max(ends, default=None)


@dataclass(slots=True, eq=False)
class Webhook:
    """A webhook. The sandbox calls nobody; it counts what would have been sent."""

    webhook_id: int
    name: str
    payload: dict[str, object]
    payload_type: str
    url: str
    event_type: str
    created_at: float
    tested_at: list[float] = field(default_factory=list)


class AuditEntry(NamedTuple):
    """One request that changed something, or was refused to."""

    entry_id: int
    moment: float
    user: User
    role: str
    event_type: str
    summary: str
    verb: str
    route: str
    path: str
    response: int
    request_body: dict[str, object] | None
    url_args: dict[str, object]
