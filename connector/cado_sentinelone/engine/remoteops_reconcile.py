"""What became of a script whose launch is in doubt: looked up before anything is sent again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.cado_reconcile import ABSENCE_GRACE, LAUNCH_GRACE
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.remoteops_launch import AGAIN, dispatch, task_description
from cado_sentinelone.engine.remoteops_task import task_of
from cado_sentinelone.errors import ConnectorError, RefusedError
from cado_sentinelone.models.collection import Collection

if TYPE_CHECKING:
    from cado_sentinelone.clients.sentinelone_records import Activity
    from cado_sentinelone.clients.sentinelone_script_records import PendingExecution

_SKEW = timedelta(minutes=5)
_MOST_ACTIVITIES = 2000
_SCRIPT_WORDS = re.compile(r"script|remote\s?ops", re.IGNORECASE)
_ID = re.compile(r"[0-9]{15,20}")


def reconcile_script(collection: Collection, desk: Desk) -> Collection:
    """`collection` with its task found, sent again with the same key, or still in doubt.

    Only a collection in doubt is looked up. Sending it again is harmless, and said: the script
    carries the collection's key, and an endpoint that has seen the key does nothing but say so.
    Raises the errors of the clients, LedgerError.
    """
    if collection.parent_task_id or collection.requested_at is None:
        return collection
    if collection.state not in ("requested", "unknown"):
        return collection
    age = desk.run.utcnow() - collection.requested_at
    if collection.state == "requested":
        if age < LAUNCH_GRACE:
            return collection
        words = "the launching process died"
        collection = _in_doubt(collection, words, desk)
    found = _found(collection, desk)
    if found.parent_task_id or found.state != "unknown":
        return found
    was_pending = bool(collection.pending_execution_id)
    if age > ABSENCE_GRACE and not was_pending and not _overdue(collection, desk):
        return _again(collection, desk)
    words = "the answer to the launch was lost and it cannot be told yet whether it arrived"
    if was_pending:
        words = (
            "it was approved, but SentinelOne does not say as which task and nothing shows it; its "
            "evidence will tell"
        )
    return _in_doubt(collection, words, desk)


def _found(collection: Collection, desk: Desk) -> Collection:
    """`collection` with the task or the pending execution that its launch became, if any shows."""
    pending = _pending_execution(collection, desk)
    if pending is not None and pending.state == "waiting":
        return advance(
            collection,
            "waiting_approval",
            desk,
            note=f"the lost launch was found as pending execution {pending.pending_execution_id}",
            pending_execution_id=pending.pending_execution_id,
            error="",
        )
    for parent_task_id in _candidates(collection, desk):
        claimed = collection.model_copy(update={"parent_task_id": parent_task_id})
        task = task_of(claimed, desk.sentinelone.tasks([parent_task_id]))
        if task is None or task.description != task_description(collection):
            continue
        return advance(
            collection,
            "requested",
            desk,
            note=f"the launch was found as task {parent_task_id}",
            parent_task_id=parent_task_id,
            error="",
        )
    return collection


def _candidates(collection: Collection, desk: Desk) -> Iterator[str]:
    """Ids that may be the parent task: from the console's activities, and from its private list of
    tasks where the asset allows that. Each has still to be proven by its own row.
    """
    seen = {collection.agent_id, collection.site_id, collection.account_id, collection.script_id}
    routes = [_ids_in_activities, *([_ids_in_private_tasks] if desk.asset.use_private_api else [])]
    for route in routes:
        try:
            for candidate in route(collection, desk):
                if candidate not in seen:
                    seen.add(candidate)
                    yield candidate
        except ConnectorError as error:
            if error.kind not in ("forbidden", "unauthorized", "not_found"):
                raise
            desk.run.warn(f"one way to look the launch up is closed: {error.message}")


def _ids_in_activities(collection: Collection, desk: Desk) -> Iterator[str]:
    """Of the activities since the launch that speak of scripts and name ours (contract 10)."""
    speaking = [
        one.activity_type
        for one in desk.sentinelone.activity_types()
        if _SCRIPT_WORDS.search(f"{one.action} {one.description_template}")
    ]
    if not speaking or collection.requested_at is None:
        return
    activities = desk.sentinelone.activities(
        activity_types=speaking, since=collection.requested_at - _SKEW, limit=_MOST_ACTIVITIES
    )
    for activity in activities:
        text = _text(activity)
        if collection.script_name in text or task_description(collection) in text:
            yield from _ID.findall(text)


def _ids_in_private_tasks(collection: Collection, desk: Desk) -> Iterator[str]:
    for task in desk.sentinelone.private_tasks(agent_id=collection.agent_id):
        if task.description == task_description(collection) and task.parent_task_id:
            yield task.parent_task_id


def _text(activity: Activity) -> str:
    return f"{activity.primary_description} {activity.secondary_description} {activity.content}"


def _pending_execution(collection: Collection, desk: Desk) -> PendingExecution | None:
    try:
        waiting = list(desk.sentinelone.pending_executions())
    except ConnectorError as error:
        if error.kind not in ("forbidden", "unauthorized", "not_found"):
            raise
        return None
    return next((one for one in waiting if one.script_id == collection.script_id), None)


def _again(collection: Collection, desk: Desk) -> Collection:
    """The same key sent once more: the guard on the endpoint makes two of it one."""
    desk.run.warn(f"collection {collection.collection_id}: {AGAIN}")
    try:
        return dispatch(collection, desk)
    except RefusedError as error:
        return _in_doubt(collection, error.message, desk)


def _overdue(collection: Collection, desk: Desk) -> bool:
    return collection.deadline_at is not None and desk.run.utcnow() > collection.deadline_at


def _in_doubt(collection: Collection, words: str, desk: Desk) -> Collection:
    return advance(
        collection,
        "unknown",
        desk,
        note=words if collection.state != "unknown" else "",
        from_state=collection.state,
        error=words,
    )
