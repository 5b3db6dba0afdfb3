"""Calling a script off: what SentinelOne publishes for it is little, and told as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.remoteops_approval import DECLINE_ASKED, DECLINED_BY_US
from cado_sentinelone.engine.remoteops_scripts import tidy
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.models.collection import Collection

if TYPE_CHECKING:
    from cado_sentinelone.clients.sentinelone_script_records import Task

# What the private route cancels: tasks that have not been sent to the endpoint (contract 8).
_NOT_SENT = frozenset({"created", "scheduled", "pending", "pending_user_action"})
_TOLD = frozenset({"conflict", "not_found", "params", "refused", "forbidden", "unauthorized"})

_RUNNING = (
    "the script is running on the endpoint already and SentinelOne cannot stop it; it ends by "
    "itself at its time limit"
)
_SHARED = (
    "other endpoints wait for the same approval: cancel their fleet collection, or decline the pending "
    "execution in the console"
)
_NO_CALL = (
    "SentinelOne publishes no call that cancels a task; allow its private one with use_private_api "
    "in the asset, or cancel it in the console"
)


def stop_launch(
    collection: Collection, tasks: Sequence[Task], desk: Desk
) -> tuple[Collection, bool, list[str]]:
    """`collection`, whether SentinelOne was asked for an end that has to show yet, and why what
    could not be stopped could not, in words.

    A pending execution is declined, and the collection is cancelled when the console says so. A
    task is cancelled only by a private, unsupported route, only where the asset allows that, and
    only before it was sent. Raises the errors of the client that are about more than this request.
    """
    if collection.state == "waiting_approval" and is_shared(collection, desk):
        return collection, False, [_SHARED]
    if collection.state == "waiting_approval":
        # Whoever looks next, should this run die here, has to know that it was us.
        desk.ledger.note(
            collection.collection_id,
            at=desk.run.utcnow(),
            run_id=desk.run.run_id,
            event=DECLINE_ASKED,
            details={"pending_execution_id": collection.pending_execution_id},
        )
        refused = _told(
            "the pending execution",
            lambda: desk.sentinelone.decline_execution(collection.pending_execution_id),
        )
        return (collection, False, refused) if refused else (_declined(collection, desk), True, [])
    if not tasks:
        if collection.state in ("uploading", "processing"):
            return collection, False, []
        words = collection.error or "its launch is in doubt, so there is no task to cancel yet"
        return collection, False, [words]
    refused = [words for task in tasks for words in _stop(task, desk)]
    return collection, len(refused) < len(tasks), refused


def is_shared(collection: Collection, desk: Desk) -> bool:
    """Whether other endpoints wait for the same approval."""
    waiting = [
        o for o in desk.ledger.of_script(collection.script_id) if o.state == collection.state
    ]
    return bool(collection.batch_id) and len(waiting) > 1


def decline_shared(collections: Iterable[Collection], desk: Desk) -> list[str]:
    """Declines the pending executions of `collections`, all of which are to be called off; why one
    could not be, in words. A look shows them as cancelled afterwards.
    """
    by_execution: dict[str, list[Collection]] = defaultdict(list)
    for one in collections:
        if one.state == "waiting_approval":
            by_execution[one.pending_execution_id].append(one)
    refused: list[str] = []
    for number, waiting in by_execution.items():
        with desk.ledger.together():
            for one in waiting:
                desk.ledger.note(
                    one.collection_id,
                    at=desk.run.utcnow(),
                    run_id=desk.run.run_id,
                    event=DECLINE_ASKED,
                    details={"pending_execution_id": number},
                )
        refused += _told(
            "the pending execution", partial(desk.sentinelone.decline_execution, number)
        )
    return refused


def _declined(collection: Collection, desk: Desk) -> Collection:
    """`collection` cancelled, once the console shows its pending execution as declined."""
    for one in desk.sentinelone.pending_executions():
        if one.pending_execution_id == collection.pending_execution_id and one.state != "declined":
            return collection
    ended = advance(collection, "cancelled", desk, note=DECLINED_BY_US, error=DECLINED_BY_US)
    return tidy(ended, desk)


def _stop(task: Task, desk: Desk) -> list[str]:
    if task.ended:
        return [f"the script's task had ended ({task.status})"]
    if task.status not in _NOT_SENT:
        return [_RUNNING]
    if not desk.asset.use_private_api:
        return [_NO_CALL]
    return _told("the task", lambda: desk.sentinelone.cancel_private_tasks([task.task_id]))


def _told(what: str, ask: Callable[[], object]) -> list[str]:
    try:
        ask()
    except ConnectorError as error:
        if error.kind not in _TOLD:
            raise
        return [f"{what}: {error.message}"]
    return []
