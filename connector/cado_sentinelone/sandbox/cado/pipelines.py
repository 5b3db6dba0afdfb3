"""Pipelines: listing, cancelling, running again (Cado contract 6)."""

from collections.abc import Callable
from typing import Literal

from cado_sentinelone.sandbox.cado.asked import Body, Nothing, PageQuery, Query, Whole, Yes
from cado_sentinelone.sandbox.cado.launch import cancel, rerun
from cado_sentinelone.sandbox.cado.lives import Pipeline, Status
from cado_sentinelone.sandbox.cado.operation import Answer, Call, Operation
from cado_sentinelone.sandbox.cado.paging import numbered
from cado_sentinelone.sandbox.cado.pipeline_views import logs_of, pipeline_detail, pipeline_row
from cado_sentinelone.sandbox.cado.refusal import conflict, invalid

PipelineType = Literal[
    "processing",
    "acquisition",
    "healthcheck",
    "investigation_kicker",
    "accountdiscovery",
    "analysis",
    "remote_action",
    "deletion",
    "archiving",
    "scanning",
]
PipelineOrder = Literal[
    "project_name", "-project_name", "evidence_name", "-evidence_name",
    "created", "-created", "user_name", "-user_name",
]  # fmt: skip
_MOST_AT_ONCE = 10


class PipelinesQuery(PageQuery):
    """Which pipelines to list; names match a part."""

    project_id: Whole | None = None
    evidence_id: Whole | None = None
    evidence_name: str = ""
    investigation_name: str = ""
    user_id: Whole | None = None
    type: PipelineType | None = None
    triggering_pipeline_id: Whole | None = None
    order_by: PipelineOrder = "-created"
    pipeline_status: Status | None = None


class StatusQuery(Query):
    """Whose pipelines to count."""

    project_id: Whole | None = None


class Abort(Body):
    """The one change that a pipeline allows."""

    aborted: Yes


class Rerun(Body):
    """What to run again: one pipeline, or all of an investigation."""

    pipeline_id: int = 0
    project_id: int = 0


def list_pipelines(call: Call, query: PipelinesQuery) -> Answer:
    """The pipelines that pass all filters, the newest first unless asked otherwise."""
    now = call.now
    pipelines = [pipeline for pipeline in call.state.pipelines() if _passes(pipeline, query, now)]
    newest_first = query.order_by.startswith("-")
    pipelines.sort(key=lambda pipeline: pipeline.pipeline_id, reverse=newest_first)
    pipelines.sort(key=_SORT_KEYS[query.order_by.removeprefix("-")], reverse=newest_first)
    return numbered(pipelines, query, lambda pipeline: pipeline_row(pipeline, now))


def get_pipeline(call: Call, _: Nothing) -> Answer:
    """One pipeline, task by task."""
    return {"data": pipeline_detail(call.state.pipeline(call.number("id")), call.now)}


def cancel_pipeline(call: Call, _: Abort) -> Answer:
    """End the pipeline here."""
    pipeline = call.state.pipeline(call.number("id"))
    if pipeline.ended_at(call.now) is not None:
        raise conflict("pipeline", "The pipeline has ended and cannot be terminated")
    cancel(call.state, pipeline, call.now)
    return {"data": {"pipeline_id": pipeline.pipeline_id}}


def cancel_all(call: Call, _: Nothing) -> Answer:
    """End every pipeline that has not ended."""
    now = call.now
    open_ones = [one for one in call.state.pipelines() if one.ended_at(now) is None]
    for pipeline in open_ones:
        cancel(call.state, pipeline, now)
    message = f"{len(open_ones)} pipelines have been cancelled"
    return {"data": {"message": message, "ids": [one.pipeline_id for one in open_ones]}}


def rerun_pipelines(call: Call, body: Rerun) -> Answer:
    """What has ended runs again under new ids; of an investigation, what nothing triggered."""
    if len(body.model_fields_set) != 1:
        raise invalid("body: either pipeline_id or project_id is required")
    if "pipeline_id" in body.model_fields_set:
        pipelines = [call.state.pipeline(body.pipeline_id)]
    else:
        project = call.state.project(body.project_id)
        pipelines = [
            pipeline
            for pipeline in call.state.pipelines()
            if pipeline.project is project and pipeline.parent is None
        ]
    if any(pipeline.ended_at(call.now) is None for pipeline in pipelines):
        raise conflict("pipeline", "A pipeline that has not ended cannot be run again")
    reruns = [rerun(call.state, pipeline, call.user, call.path) for pipeline in pipelines]
    return {"data": {"pipeline_ids": [pipeline.pipeline_id for pipeline in reruns]}}


def count_pipelines(call: Call, query: StatusQuery) -> Answer:
    """How many pipelines are in each state; the cancelled ones are not counted."""
    project = None if query.project_id is None else call.state.project(query.project_id)
    statuses = [
        pipeline.status(call.now)
        for pipeline in call.state.pipelines()
        if project in (None, pipeline.project)
    ]
    counted: tuple[Status, ...] = ("complete", "failed", "in_progress", "queued")
    counts: dict[str, object] = {status: statuses.count(status) for status in counted}
    return {"data": counts | {"limit": _MOST_AT_ONCE}}


def pipeline_logs(call: Call, _: Nothing) -> Answer:
    """A zip file with the log of each task."""
    return logs_of(call.state.pipeline(call.number("id")), call.now)


def _passes(pipeline: Pipeline, query: PipelinesQuery, now: float) -> bool:
    parent_id = pipeline.parent.pipeline_id if pipeline.parent else None
    project_id = pipeline.project.project_id if pipeline.project else None
    evidence_id = pipeline.evidence.evidence_id if pipeline.evidence else None
    return (
        query.project_id in (None, project_id)
        and query.evidence_id in (None, evidence_id)
        and query.triggering_pipeline_id in (None, parent_id)
        and query.user_id in (None, pipeline.user.user_id)
        and query.type in (None, pipeline.kind)
        and query.evidence_name.casefold() in _evidence_name(pipeline)
        and query.investigation_name.casefold() in _project_name(pipeline)
        and (query.pipeline_status is None or query.pipeline_status == pipeline.status(now))
    )


def _evidence_name(pipeline: Pipeline) -> str:
    return pipeline.evidence.hostname.casefold() if pipeline.evidence else ""


def _project_name(pipeline: Pipeline) -> str:
    return pipeline.project.name.casefold() if pipeline.project else ""


_SORT_KEYS: dict[str, Callable[[Pipeline], str | float]] = {
    "created": lambda pipeline: pipeline.created_at,
    "user_name": lambda pipeline: pipeline.user.username.casefold(),
    "project_name": _project_name,
    "evidence_name": _evidence_name,
}

OPERATIONS = (
    Operation(
        "GET", "/pipelines", "List pipelines", "pipelines_read", PipelinesQuery, list_pipelines
    ),
    Operation(
        "GET",
        "/pipelines/status",
        "Count pipelines by status",
        "pipelines_read",
        StatusQuery,
        count_pipelines,
    ),
    Operation(
        "POST",
        "/pipelines/rerun",
        "Rerun pipelines",
        "pipelines_rerun",
        Rerun,
        rerun_pipelines,
        status=201,
        event="Rerun",
    ),
    Operation(
        "PATCH",
        "/pipelines/cancel-all",
        "Cancel all pipelines",
        "pipelines_abort_all",
        Nothing,
        cancel_all,
        event="Cancel",
    ),
    Operation("GET", "/pipelines/{id}", "Get a pipeline", "pipelines_read", Nothing, get_pipeline),
    Operation(
        "PATCH",
        "/pipelines/{id}",
        "Update a pipeline",
        "pipelines_abort",
        Abort,
        cancel_pipeline,
        event="Cancel",
    ),
    Operation(
        "GET",
        "/pipelines/{id}/logs",
        "Get the logs of a pipeline",
        "pipelines_logs",
        Nothing,
        pipeline_logs,
    ),
)
