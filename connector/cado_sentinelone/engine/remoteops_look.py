"""Looking at a collection that our own script makes: at the task first, then at Cado."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cado_sentinelone.clients.cado_records import Pipeline
from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.look import Sight
from cado_sentinelone.engine.remoteops_approval import look_at_approval
from cado_sentinelone.engine.remoteops_evidence import look_for_evidence
from cado_sentinelone.engine.remoteops_launch import dispatch
from cado_sentinelone.engine.remoteops_reconcile import reconcile_script
from cado_sentinelone.engine.remoteops_scripts import SCRIPT_DONE, tidy
from cado_sentinelone.engine.remoteops_task import judge, task_of
from cado_sentinelone.engine.remoteops_wait import look_for_endpoint
from cado_sentinelone.engine.states import ENDS, OPEN
from cado_sentinelone.errors import ForbiddenError, UnauthorizedError
from cado_sentinelone.models.collection import Collection

if TYPE_CHECKING:
    from cado_sentinelone.clients.sentinelone_script_records import Task


def look_at_task(collection: Collection, desk: Desk) -> tuple[Collection, Sight]:
    """`collection` as it is now, carried on where it waits, and what the vendors showed of it.

    Raises the errors of the clients, LedgerError.
    """
    if collection.state in ENDS:
        return tidy(collection, desk), Sight()
    if collection.state == "waiting_endpoint" and collection.requested_at is None:
        return look_for_endpoint(collection, desk), Sight()
    if collection.state == "planned" and collection.attempts:
        # A run died while it sent it again.
        return dispatch(collection, desk), Sight()
    if collection.state == "waiting_approval":
        try:
            collection = look_at_approval(collection, desk)
        except (ForbiddenError, UnauthorizedError) as error:
            # Somebody may have approved it all the same, and then its evidence shows it.
            desk.run.warn(f"what became of its pending execution cannot be read: {error.message}")
            [(collection, seen)] = look_for_evidence([collection], desk, detailed=True)
            return closed(collection, desk), Sight([], seen)
    collection = reconcile_script(collection, desk)
    tasks: list[Task] = []
    if collection.parent_task_id and collection.state in OPEN:
        rows = desk.sentinelone.tasks([collection.parent_task_id])
        task = task_of(collection, rows)
        if task is not None:
            tasks = [task]
            collection = judge(collection, task, desk)
    pipelines: list[Pipeline] = []
    if collection.state in ("uploading", "processing", "unknown"):
        [(collection, pipelines)] = look_for_evidence([collection], desk, detailed=True)
    return closed(collection, desk), Sight(tasks, pipelines)


def closed(collection: Collection, desk: Desk) -> Collection:
    """`collection` past its deadline ended, and its script deleted when that is done."""
    overdue = collection.deadline_at is not None and desk.run.utcnow() > collection.deadline_at
    if overdue and collection.state in OPEN:
        words = f"nothing ended it before its deadline: it was {collection.state.replace('_', ' ')}"
        if collection.state == "uploading":
            words = "the script ended but no evidence of the endpoint arrived"
        collection = advance(collection, "expired", desk, note=words, error=words)
    return tidy(collection, desk) if collection.state in SCRIPT_DONE else collection
