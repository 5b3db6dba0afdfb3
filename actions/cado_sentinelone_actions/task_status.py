"""Follow a collection to its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Self

from pydantic import Field, model_validator

from cado_sentinelone.errors import ConflictError, NotFoundError
from cado_sentinelone.models.action import Action, Output, Params, Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.collection import Collection, State
from cado_sentinelone.plugin import hookimpl

if TYPE_CHECKING:
    from cado_sentinelone.clients.cado_records import Pipeline
    from cado_sentinelone.clients.sentinelone_script_records import Task
    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.engine.look import Sight


class GetTaskStatusParams(Params):
    """The parameters of get_task_status; exactly one handle."""

    collection_id: str = Field("", description="From run_collection.")
    pipeline_id: int | None = Field(None, ge=1, description="Cado's pipeline.")
    parent_task_id: str = Field("", description="SentinelOne's parent task.")
    wait_seconds: float = Field(
        0, ge=0, le=86400, description="How long to follow it before returning."
    )

    @model_validator(mode="after")
    def _one_way_to_name_it(self) -> Self:
        given = [bool(self.collection_id), self.pipeline_id is not None, bool(self.parent_task_id)]
        if sum(given) != 1:
            raise ValueError("give exactly one of collection_id, pipeline_id and parent_task_id")
        return self


class TaskStep(Output):
    """One step at the vendor, in the vendor's own words."""

    pipeline_id: int | None = Field(None, description="Of a step at Cado.")
    task_id: str = Field("", description="Of a step at SentinelOne.")
    pipeline: str = Field(description="What kind of pipeline; script at SentinelOne.")
    name: str
    name_key: str = ""
    state: str
    progress: tuple[str, ...] = Field((), description="What the vendor said on the way.")
    started_at: datetime | None = None
    finished_at: datetime | None = None


class TaskStatus(Output):
    """Where a collection is."""

    collection_id: str = Field("", description="Empty for a pipeline that the ledger lacks.")
    state: State
    terminal: bool = Field(description="Whether this state is the end.")
    progress: int = Field(description="Percent of the tasks so far; 100 at the end only.")
    hostname: str = Field("", json_schema_extra={"soar": "hostname"})
    investigation_id: int | None = None
    pipeline_id: int | None = None
    parent_task_id: str = ""
    pending_execution_id: str = Field("", description="What a reviewer has to approve.")
    steps: tuple[TaskStep, ...] = ()
    evidence_ids: tuple[int, ...] = ()
    error: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None


def get_task_status(asset: Asset, params: GetTaskStatusParams, run: Run) -> TaskStatus:
    """Looks at a collection, or at a bare pipeline, and says where it is."""
    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.engine.follow import follow
    from cado_sentinelone.engine.look import Sight
    from cado_sentinelone.engine.stranger import follow_pipeline

    desk = Desk(asset, run)
    if params.collection_id:
        found: Collection | None = desk.ledger.get(params.collection_id)
    else:
        found = desk.ledger.find(
            pipeline_id=params.pipeline_id, parent_task_id=params.parent_task_id or None
        )
    if found is None and params.pipeline_id is not None:
        look, pipelines = follow_pipeline(params.pipeline_id, params.wait_seconds, desk)
        run.warn(
            "this ledger has no collection with that pipeline, so whose evidence it should be "
            "is not known and was not checked"
        )
        sight = Sight(pipelines=pipelines)
        status = _status(look.state, sight, evidence_ids=look.evidence_ids, error=look.error)
    elif found is None:
        raise NotFoundError(
            f"the ledger has no collection with parent_task_id {params.parent_task_id}",
            remedy="Use the collection_id, on the machine whose ledger has it.",
        )
    else:
        if params.parent_task_id and not params.collection_id:
            _check_alone(found, params.parent_task_id, desk)
        found, sight = follow(found, params.wait_seconds, desk)
        status = _status(
            found.state,
            sight,
            evidence_ids=found.evidence_ids,
            error=found.error,
            collection=found,
        )
    run.message = f"{status.hostname or 'pipeline'}: {status.state.replace('_', ' ')}" + (
        f" ({status.error})" if status.error else ""
    )
    run.summary["state"] = status.state
    return status


def _check_alone(found: Collection, parent_task_id: str, desk: Desk) -> None:
    """Raises ConflictError for the task of several endpoints: which is meant is not said."""
    shared = [
        o for o in desk.ledger.of_script(found.script_id) if o.parent_task_id == parent_task_id
    ]
    if len(shared) > 1:
        raise ConflictError(
            f"parent_task_id {parent_task_id} is of {len(shared)} endpoints of a fleet collection",
            remedy="Use the collection_id of one of them; list_fleet_endpoints has them.",
        )


def _status(
    state: State,
    sight: Sight,
    *,
    evidence_ids: tuple[int, ...],
    error: str,
    collection: Collection | None = None,
) -> TaskStatus:
    from cado_sentinelone.engine.family import progress_percent
    from cado_sentinelone.engine.states import ENDS

    terminal = state in ENDS
    members = sight.pipelines
    status = TaskStatus(
        state=state,
        terminal=terminal,
        progress=100 if terminal else progress_percent(members),
        steps=_task_steps(sight.tasks) + _steps(members),
        evidence_ids=evidence_ids,
        error=error,
        pipeline_id=members[0].pipeline_id if members else None,
        investigation_id=members[0].project_id if members else None,
        started_at=members[0].started_at if members else None,
    )
    if collection is None:
        return status
    return status.model_copy(
        update={
            "collection_id": collection.collection_id,
            "hostname": collection.hostname,
            "investigation_id": collection.investigation_id,
            "pipeline_id": collection.pipeline_id,
            "parent_task_id": collection.parent_task_id,
            "pending_execution_id": collection.pending_execution_id,
            "started_at": collection.requested_at,
            "finished_at": collection.finished_at,
        }
    )


def _task_steps(tasks: Sequence[Task]) -> tuple[TaskStep, ...]:
    return tuple(
        TaskStep(
            task_id=task.task_id,
            pipeline="script",
            name=task.description,
            state=task.status,
            progress=tuple(filter(None, (task.detailed_status, task.status_description))),
            started_at=task.created_at,
            finished_at=task.updated_at if task.ended else None,
        )
        for task in tasks
    )


def _steps(members: Sequence[Pipeline]) -> tuple[TaskStep, ...]:
    return tuple(
        TaskStep(
            pipeline_id=row.pipeline_id,
            pipeline=row.type,
            name=task.name,
            name_key=task.name_key,
            state=task.state,
            progress=task.progress_text,
            started_at=task.started_at,
            finished_at=task.finished_at,
        )
        for row in members
        for task in row.subtasks
    )


@hookimpl
def cado_sentinelone_actions() -> Iterable[Action]:
    yield Action(
        identifier="get_task_status",
        summary="Follow a collection to its evidence and say where it is.",
        params=GetTaskStatusParams,
        output=TaskStatus,
        run=get_task_status,
        noun=("status", "statuses"),
        group="collections",
        uses=("cado",),
        # A look sends what waited for its endpoint, and deletes a script that has had its day.
        read_only=False,
        long_running=True,
        columns=("state", "progress", "hostname", "evidence_ids", "error"),
    )
