"""A script of the library, its task on one endpoint, an execution that waits for an approval."""

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.sentinelone.people import User

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.sentinelone.schedules import Scheduled

_PENDING_AFTER_SECONDS = 3.0


@dataclass(slots=True, eq=False)
class Script:
    """An uploaded script. `text` is what is in the library now, which somebody may have changed."""

    script_id: str
    name: str
    type: str
    os_types: list[str]
    text: str = field(repr=False)
    file_name: str
    description: str
    runtime_seconds: int
    scope_level: str
    scope_id: str | None
    user: User
    created_at: float
    input_required: bool = False
    input_example: str = ""
    input_instructions: str = ""
    updated_at: float | None = None
    updated_by: User | None = None


@dataclass(slots=True, eq=False)
class Task:
    """The work of one execution on one endpoint."""

    task_id: str
    parent_id: str
    agent: Agent
    script: str = field(repr=False)
    description: str
    user: User
    created_at: float
    runtime_seconds: int
    has_output: bool
    waits_for: Literal["", "endpoint", "turn"] = ""
    """What holds it up: its endpoint, or the settings of its scope (contract 7.5)."""
    sendable_from: float | None = None
    """Since when no maintenance window holds it up; an endpoint has its time from then on."""
    sent_at: float | None = None
    did: bool | None = None
    """Whether the script took effect, once it has begun."""
    ended_at: float | None = None
    ending: str = ""
    """The status that it ended in."""
    words: str = ""
    exit_code: int | None = None
    result: bytes = field(default=b"", repr=False)

    def status(self, now: float) -> str:
        """The console's word for where it is (contract 7.3)."""
        if self.ending:
            return self.ending
        if now < self.created_at + _PENDING_AFTER_SECONDS:
            return "created"
        if self.sent_at is not None and now >= self.sent_at:
            return "in_progress"
        return "scheduled" if self.waits_for == "turn" else "pending"

    def end(self, status: str, at: float, words: str) -> None:
        """Nothing happens to it any more."""
        self.ending, self.ended_at, self.words = status, at, words

    @property
    def signature(self) -> str:
        """The SHA-256 of the result file, empty as long as there is none."""
        return hashlib.sha256(self.result).hexdigest() if self.result else ""


@dataclass(slots=True, eq=False)
class Pending:
    """An execution that waits for a reviewer, now or, with `scheduled`, at its later time."""

    pending_id: str
    script: Script
    agents: list[Agent]
    wanted: dict[str, object]
    user: User
    created_at: float
    scheduled: "Scheduled | None" = None
    state: str = "waiting"

    def settle(self, state: str) -> None:
        """It waits no more; a schedule goes with its approval."""
        self.state = state
        if self.scheduled is not None:
            self.scheduled.state = "scheduled" if state == "approved" else "declined"
