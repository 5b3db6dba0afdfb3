"""What a task of SentinelOne and its script's own report say of a collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.output import result_text
from cado_sentinelone.engine.remoteops_scripts import is_own_archive, key_of
from cado_sentinelone.engine.states import state_of_task
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.models.collection import Collection, State
from cado_sentinelone.remoteops.result import EXIT_CODES, ScriptResult, result_in

if TYPE_CHECKING:
    from cado_sentinelone.clients.sentinelone_script_records import ResultLink, Task

Links = Mapping[str, "ResultLink | None"]

_LONGEST_LINE = 4096
_NO_FAILURE = (0, 20)
_REPORT_GRACE = timedelta(minutes=10)
_ENDED = frozenset({"uploading", "failed", "cancelled", "expired"})


def task_of(collection: Collection, tasks: Iterable[Task]) -> Task | None:
    """The collection's own row among its parent task's: of this agent and no other site (S13)."""
    for task in tasks:
        if task.parent_task_id != collection.parent_task_id:
            continue
        sites_differ = task.site_id and collection.site_id and task.site_id != collection.site_id
        if task.agent_id == collection.agent_id and not sites_differ:
            return task
    return None


def has_report(collection: Collection, task: Task) -> bool:
    """Whether the script's own report is there to be read, and was not yet."""
    return not collection.result_line and state_of_task(task.status) in _ENDED


def judge(collection: Collection, task: Task, desk: Desk, links: Links | None = None) -> Collection:
    """`collection` after what its task shows; the script's report is read once, when it ended, from
    one of the `links` if those were asked for.

    "completed" speaks of the script only (SentinelOne contract 7.3): the report tells how far
    it came, and the evidence at Cado is what proves the collection. Raises the errors of the
    client.
    """
    state = state_of_task(task.status)
    if state == "unknown":
        desk.run.warn(
            f"SentinelOne says {task.status!r} of the task, a word that is not known here; the "
            f"collection stays {collection.state}"
        )
        state = collection.state
    said = ": ".join(filter(None, (task.detailed_status, task.status_description)))
    if state not in _ENDED:
        return advance(collection, state, desk, task_id=task.task_id)
    collection = advance(collection, collection.state, desk, task_id=task.task_id)
    return _ended(collection, task, state, said, _report(collection, desk, links), desk)


def _ended(
    collection: Collection,
    task: Task,
    state: State,
    said: str,
    result: ScriptResult | None,
    desk: Desk,
) -> Collection:
    if result is None and state == "uploading" and (meaning := _failure_of(task, desk)):
        words = f"the script ended with exit code {task.status_code}: {meaning}"
        return advance(collection, "failed", desk, note=words, error=words)
    if result is None:
        error = (
            ""
            if state == "uploading"
            else f"the task {task.status}" + (f": {said}" if said else "")
        )
        return advance(collection, state, desk, error=error)
    archive = collection.archive_name
    if collection.batch_id and is_own_archive(result.archive, collection):
        archive = result.archive
    if result.outcome == "uploaded":
        # The archive is at Cado even if the task was called off a moment later.
        return advance(
            collection,
            "uploading",
            desk,
            archive_sha256=result.digest_sha256,
            archive_size_bytes=result.size_bytes,
            archive_name=archive,
            error="",
        )
    if result.outcome == "repeated" and result.first_outcome in ("running", "uploaded"):
        # The first dispatch with this key did, or still does, the work; this one did nothing.
        return advance(collection, "uploading", desk, archive_name=archive)
    step = result.first_step if result.outcome == "repeated" else result.step
    ended = "died" if result.first_outcome == "died" else "failed"
    words = f"the script {ended} at {step} (exit code {result.exit_code})"
    if result.message:
        words += f": {result.message}"
    return advance(collection, "failed", desk, note=words, error=words)


def _failure_of(task: Task, desk: Desk) -> str:
    """What the script's own exit code says where its report does not come; "" when that is no failure,
    or too fresh. A task that completed may show nothing else of it (SentinelOne contract 7.3).
    """
    if task.updated_at is None or desk.run.utcnow() - task.updated_at < _REPORT_GRACE:
        return ""
    code = int(task.status_code) if task.status_code.isdecimal() else 0
    return EXIT_CODES.get(code, "") if code not in _NO_FAILURE else ""


def _report(collection: Collection, desk: Desk, links: Links | None) -> ScriptResult | None:
    """What the script itself reported, fetched unless the ledger has it already."""
    key = key_of(collection)
    if collection.result_line:
        return result_in(collection.result_line, key)
    link = links.get(collection.task_id) if links is not None else None
    if links is not None and link is None:
        return None
    try:
        text = result_text(collection, desk, link)
    except ConnectorError as error:
        if error.kind not in ("forbidden", "unauthorized", "not_found"):
            raise
        desk.run.warn(f"the script's own report could not be read: {error.message}")
        return None
    result = result_in(text, key)
    if result is None:
        return None
    line = result.line[:_LONGEST_LINE]
    said = f": {result.message}" if result.message else ""
    desk.ledger.step(
        collection.collection_id,
        collection.state,
        at=desk.run.utcnow(),
        run_id=desk.run.run_id,
        note=f"the endpoint reports: {result.outcome} at {result.step}{said}",
        result_line=line,
    )
    return result
