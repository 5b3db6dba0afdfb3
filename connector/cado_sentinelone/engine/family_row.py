"""What is needed of a pipeline to tell what its family amounts to, and no more.

A look at a fleet holds tens of thousands of them; a whole record takes ten times as much memory.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Protocol

from cado_sentinelone.clients.cado_records import Pipeline, Subtask, TaskCounts


class Row(Protocol):
    """A pipeline, whole or slim."""

    @property
    def pipeline_id(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def evidence_id(self) -> int | None: ...
    @property
    def triggering_pipeline_id(self) -> int | None: ...
    @property
    def summary(self) -> TaskCounts: ...
    @property
    def subtasks(self) -> tuple[Subtask, ...]: ...
    @property
    def ended(self) -> bool: ...
    @property
    def flawless(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Slim:
    """A pipeline without what only its own page shows; the tasks of one that went well are left out."""

    pipeline_id: int
    type: str
    status: str
    name: str
    evidence_id: int | None
    triggering_pipeline_id: int | None
    ended: bool
    flawless: bool
    summary: TaskCounts
    subtasks: tuple[Subtask, ...]

    @classmethod
    def of(cls, row: Pipeline) -> Slim:
        flawed = row.ended and not row.flawless
        return cls(
            pipeline_id=row.pipeline_id,
            type=sys.intern(row.type),
            status=sys.intern(row.status),
            name=row.name,
            evidence_id=row.evidence_id,
            triggering_pipeline_id=row.triggering_pipeline_id,
            ended=row.ended,
            flawless=row.flawless,
            summary=row.summary if flawed else _NO_TASKS,
            subtasks=row.subtasks if flawed else (),
        )


_NO_TASKS = TaskCounts()
