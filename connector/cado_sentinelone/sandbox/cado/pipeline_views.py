"""How a pipeline is shown: as a row, task by task, and as a zip of logs (Cado contract 6)."""

import io
import zipfile
from collections import Counter

from starlette.responses import Response

from cado_sentinelone.sandbox.cado.lives import Pipeline, Progress, TaskState

_WORST_FIRST: tuple[TaskState, ...] = ("FAILURE", "CANCELLED", "RUNNING", "PENDING", "SUCCESS")
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def pipeline_row(pipeline: Pipeline, now: float) -> dict[str, object]:
    """A pipeline as a listing shows it, its tasks grouped."""
    progress = list(pipeline.progress(now))
    groups: dict[str, set[TaskState]] = {}
    for step in progress:
        groups.setdefault(step.task.name_key.partition(".")[0], set()).add(step.state)
    subtasks = [{"name": name, "state": _together(states)} for name, states in groups.items()]
    return _pipeline(pipeline, progress, now) | {"subtasks": subtasks}


def pipeline_detail(pipeline: Pipeline, now: float) -> dict[str, object]:
    """A pipeline by itself, every task with its times and its words."""
    progress = list(pipeline.progress(now))
    subtasks = [_subtask(step) for step in progress]
    return _pipeline(pipeline, progress, now) | {"subtasks": subtasks}


def logs_of(pipeline: Pipeline, now: float) -> Response:
    """The logs so far; the same moment gives the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, step in enumerate(pipeline.progress(now)):
            lines = [f"{step.task.name} {step.state}", *_words(step)]
            name = f"{number:02d}-{step.task.name_key}.log"
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), "\n".join(lines) + "\n")
    file_name = f"pipeline-{pipeline.pipeline_id}-logs.zip"
    return Response(
        packed.getvalue(),
        media_type="application/zip",
        headers={"content-disposition": f'attachment; filename="{file_name}"'},
    )


def _pipeline(pipeline: Pipeline, progress: list[Progress], now: float) -> dict[str, object]:
    """What both views have in common; moments are milliseconds (contract 0.5)."""
    ended_at = pipeline.ended_at(now)
    started = pipeline.started_at <= (now if ended_at is None else ended_at)
    states = Counter(step.state for step in progress)
    shown: dict[str, object] = {
        "aborted": pipeline.cancelled_at is not None,
        "can_be_terminated": ended_at is None,
        "created": pipeline.created_at * 1000,
        "start_time": pipeline.started_at * 1000 if started else None,
        "evidence": None,
        "kick_off": [],
        "name": pipeline.name,
        "pipeline": {"id": pipeline.pipeline_id, "type": pipeline.kind},
        "summary": {
            "total": len(progress),
            "success": states["SUCCESS"],
            "failure": states["FAILURE"],
            "pending": states["PENDING"],
            "cancelled": states["CANCELLED"],
            "running": states["RUNNING"],
        },
        "status": pipeline.status(now),
        "terminated": ended_at is not None,
        "user": {"id": pipeline.user.user_id, "name": pipeline.user.username},
    }
    if pipeline.evidence is not None:
        shown["evidence"] = {
            "id": pipeline.evidence.evidence_id,
            "name": pipeline.evidence.hostname,
        }
    if pipeline.project is not None:
        shown["project"] = {"id": pipeline.project.project_id, "name": pipeline.project.name}
    if pipeline.parent is not None:
        shown["triggering_pipeline_id"] = pipeline.parent.pipeline_id
    return shown


def _subtask(step: Progress) -> dict[str, object]:
    started_at, finished_at = step.started_at or 0.0, step.finished_at or 0.0
    return {
        "name": step.task.name,
        "name_key": step.task.name_key,
        "state": step.state,
        "start_time": started_at * 1000,
        "finish_time": finished_at * 1000,
        "execution_duration": int(finished_at - started_at) if finished_at else 0,
        "notification_level": "Error" if step.state == "FAILURE" else "Info",
        "progress_text": _words(step),
        "total_stages": None,
    }


def _words(step: Progress) -> list[str]:
    """What the task has said so far."""
    if step.started_at is None:
        return []
    return [*step.task.notes, *([step.task.failure] if step.state == "FAILURE" else [])]


def _together(states: set[TaskState]) -> TaskState:
    """The state of a group: its worst, but a group that is half done is running."""
    if states == {"SUCCESS", "PENDING"}:
        return "RUNNING"
    return next(state for state in _WORST_FIRST if state in states)
