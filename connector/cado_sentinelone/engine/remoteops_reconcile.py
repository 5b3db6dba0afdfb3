"""What became of a script whose launch is in doubt: looked up before anything is sent again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from cado_sentinelone.engine.advance import advance, advance_all
from cado_sentinelone.engine.cado_reconcile import ABSENCE_GRACE, LAUNCH_GRACE
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.remoteops_launch import AGAIN, dispatch_all, task_description
from cado_sentinelone.engine.remoteops_scripts import key_of
from cado_sentinelone.engine.remoteops_task import task_of
from cado_sentinelone.errors import ConnectorError, RefusedError, UnavailableError
from cado_sentinelone.models.collection import Collection

if TYPE_CHECKING:
    from cado_sentinelone.clients.sentinelone_records import Activity
    from cado_sentinelone.clients.sentinelone_script_records import PendingExecution, Task

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
    [collection] = reconcile_scripts([collection], desk)
    return collection


def reconcile_scripts(collections: Iterable[Collection], desk: Desk) -> Iterator[Collection]:
    """Each of `collections`, as `reconcile_script` has it; those in doubt come last, and those that
    were sent together are looked up and sent again together.
    """
    in_doubt: dict[tuple[str, str], list[Collection]] = defaultdict(list)
    for collection in collections:
        if _is_settled(collection, desk):
            yield collection
            continue
        if collection.state == "requested":
            collection = _in_doubt(collection, "the launching process died", desk)
        in_doubt[key_of(collection), collection.script_id].append(collection)
    for lost in in_doubt.values():
        yield from _reconcile(lost, desk)


def _is_settled(collection: Collection, desk: Desk) -> bool:
    if collection.parent_task_id or collection.requested_at is None:
        return True
    if collection.state == "requested":
        return desk.run.utcnow() - collection.requested_at < LAUNCH_GRACE
    return collection.state != "unknown"


def _reconcile(lost: Sequence[Collection], desk: Desk) -> Iterator[Collection]:
    again: list[Collection] = []
    for found in _found(lost, desk):
        if found.parent_task_id or found.state != "unknown":
            yield found
        elif found.pending_execution_id:
            words = (
                "it was approved, but SentinelOne does not say as which task and nothing shows it; "
                "its evidence will tell"
            )
            yield _in_doubt(found, words, desk)
        elif _is_absent(found, desk):
            again.append(found)
        else:
            words = "the answer to the launch was lost and it cannot be told yet whether it arrived"
            yield _in_doubt(found, words, desk)
    if again:
        yield from _again(again, desk)


def _is_absent(collection: Collection, desk: Desk) -> bool:
    """Whether a launch that arrived would be seen by now, and there is time to send it again."""
    now = desk.run.utcnow()
    overdue = collection.deadline_at is not None and now > collection.deadline_at
    sent_at = collection.requested_at
    return sent_at is not None and now - sent_at > ABSENCE_GRACE and not overdue


def _found(lost: Sequence[Collection], desk: Desk) -> list[Collection]:
    """`lost`, sent together, with the task or the pending execution that their launch became, if any
    shows.
    """
    pending = _pending_execution(lost[0], desk)
    if pending is not None and pending.state == "waiting":
        return advance_all(
            lost,
            "waiting_approval",
            desk,
            note=f"the lost launch was found as pending execution {pending.pending_execution_id}",
            pending_execution_id=pending.pending_execution_id,
            error="",
        )
    left = list(lost)
    found: list[Collection] = []
    for parent_task_id in _candidates(lost[0], desk):
        rows = list(desk.sentinelone.tasks([parent_task_id]))
        if not any(row.description == task_description(lost[0]) for row in rows):
            continue
        own = [one for one in left if _has_row(one, parent_task_id, rows)]
        found += advance_all(
            own,
            "requested",
            desk,
            note=f"the launch was found as task {parent_task_id}",
            parent_task_id=parent_task_id,
            error="",
        )
        left = [one for one in left if one not in own]
        if not left:
            break
    return [*found, *left]


def _has_row(collection: Collection, parent_task_id: str, rows: Sequence[Task]) -> bool:
    claimed = collection.model_copy(update={"parent_task_id": parent_task_id})
    task = task_of(claimed, rows)
    return task is not None and task.description == task_description(collection)


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


def _again(lost: Sequence[Collection], desk: Desk) -> list[Collection]:
    """The same key sent once more: the guard on the endpoint makes two of it one."""
    for one in lost:
        desk.run.warn(f"collection {one.collection_id}: {AGAIN}")
    try:
        return dispatch_all(lost, desk)
    except (RefusedError, UnavailableError) as error:
        return [_in_doubt(one, error.message, desk) for one in lost]


def _in_doubt(collection: Collection, words: str, desk: Desk) -> Collection:
    return advance(
        collection,
        "unknown",
        desk,
        note=words if collection.state != "unknown" else "",
        from_state=collection.state,
        error=words,
    )
