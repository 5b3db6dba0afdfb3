"""The life of a pipeline: everything that it shows is a function of the time.

A pipeline is planned whole when it is launched, its children with it. Nothing runs meanwhile: a
look at any moment finds what is true then, and a child that is not yet due is not yet there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from cado_sentinelone.sandbox.cado.records import (
    CadoAccount,
    Evidence,
    ImportOrder,
    Project,
    User,
)

Status = Literal["queued", "in_progress", "complete", "failed", "cancelled"]
TaskState = Literal["PENDING", "RUNNING", "SUCCESS", "FAILURE", "CANCELLED"]


class Task(NamedTuple):
    """One planned step. `failure` is why it fails, if it does, and `fatal` whether all ends there.

    `seconds` may be infinite: the task never ends.
    """

    name: str
    name_key: str
    seconds: float
    notes: tuple[str, ...] = ()
    failure: str = ""
    fatal: bool = True


class Progress(NamedTuple):
    """How far a task has come; a moment is None until it is there."""

    task: Task
    state: TaskState
    started_at: float | None = None
    finished_at: float | None = None


@dataclass(slots=True, eq=False)
class Pipeline:
    """One pipeline. Its plan never changes; a person may only cut it short."""

    pipeline_id: int
    kind: str
    name: str
    user: User
    created_at: float
    queued_seconds: float
    tasks: tuple[Task, ...]
    project: Project | None = None
    parent: "Pipeline | None" = None
    evidence: Evidence | None = None
    account: CadoAccount | None = None
    """The account that a health check looks at."""
    order: ImportOrder | None = None
    """What an acquisition was asked for."""
    reaches_endpoint_at: float | None = None
    """When Cado Host starts on the endpoint, None if it never will."""
    cancelled_at: float | None = None
    planned_end: float = field(init=False)
    _starts: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Put the tasks one after the other, up to the one that ends it all."""
        starts: list[float] = []
        moment = self.started_at
        for task in self.tasks:
            starts.append(moment)
            moment += task.seconds
            if task.failure and task.fatal:
                break
        self._starts = tuple(starts)
        self.planned_end = moment

    @property
    def started_at(self) -> float:
        """When it leaves the queue."""
        return self.created_at + self.queued_seconds

    def exists(self, now: float) -> bool:
        """Whether it is there already. A cancelled pipeline has no children after it."""
        parent = self.parent
        if parent is not None and (parent.cancelled_at is not None or not parent.exists(now)):
            return False
        return self.created_at <= now

    def status(self, now: float) -> Status:
        """The vendor's word for where it is (Cado contract 6)."""
        if self.cancelled_at is not None:
            return "cancelled"
        if now < self.started_at:
            return "queued"
        if now < self.planned_end:
            return "in_progress"
        last = self.tasks[len(self._starts) - 1]
        return "failed" if last.failure and last.fatal else "complete"

    def ended_at(self, now: float) -> float | None:
        """When it ended, None as long as it has not."""
        if self.cancelled_at is not None:
            return self.cancelled_at
        return self.planned_end if self.planned_end <= now else None

    def progress(self, now: float) -> Iterator[Progress]:
        """Every task as it stands."""
        ended_at = self.ended_at(now)
        horizon = now if ended_at is None else ended_at
        for place, task in enumerate(self.tasks):
            start = self._starts[place] if place < len(self._starts) else None
            if start is None or start > horizon:
                yield Progress(task, "PENDING" if ended_at is None else "CANCELLED")
            elif start + task.seconds <= horizon:
                state: TaskState = "FAILURE" if task.failure else "SUCCESS"
                yield Progress(task, state, start, start + task.seconds)
            elif ended_at is None:
                yield Progress(task, "RUNNING", start)
            else:
                yield Progress(task, "CANCELLED", start, ended_at)

    def share_done(self, now: float) -> float:
        """The part of the whole plan that is behind it, 0 to 1."""
        ended_at = self.ended_at(now)
        elapsed = (now if ended_at is None else ended_at) - self.started_at
        planned = sum(task.seconds for task in self.tasks)
        return min(1.0, max(0.0, elapsed / planned))
