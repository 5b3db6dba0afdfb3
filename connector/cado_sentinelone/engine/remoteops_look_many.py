"""Looking at thousands of collections that our own script makes, by the page (R6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.cado_reconcile import ABSENCE_GRACE
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.output import result_links
from cado_sentinelone.engine.remoteops_approval import look_at_approvals
from cado_sentinelone.engine.remoteops_arrivals import Arrivals
from cado_sentinelone.engine.remoteops_evidence import stepped
from cado_sentinelone.engine.remoteops_look import closed
from cado_sentinelone.engine.remoteops_reconcile import reconcile_scripts
from cado_sentinelone.engine.remoteops_task import has_report, judge, task_of
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.models.collection import Collection, State

if TYPE_CHECKING:
    from cado_sentinelone.clients.sentinelone_script_records import ResultLink, Task

UnderWay = Callable[[Sequence[State]], Iterable[Collection]]

_PART = 500
_WITH_A_TASK: Sequence[State] = ("requested", "waiting_endpoint", "running", "uploading", "unknown")
_AT_CADO: Sequence[State] = ("uploading", "processing", "unknown")
_CLOSED = frozenset({"forbidden", "unauthorized", "not_found"})


def look_at_scripts(under_way: UnderWay, desk: Desk) -> int:
    """How many of a fleet's launched collections were looked at; each is stepped to where the vendors
    show it, sent again with its key where its launch was proven lost, and its script is deleted when
    all that share it are done.

    `under_way` reads those that are in one of some states, anew each time. Raises the errors of the
    clients, LedgerError.
    """
    looked = 0
    for part in _parts(under_way(("waiting_approval",))):
        looked += len(look_at_approvals(part, desk))
    for part in _parts(under_way(("requested", "unknown"))):
        looked += sum(1 for _ in reconcile_scripts(part, desk))
    for part in _parts(under_way(_WITH_A_TASK)):
        looked += len([closed(one, desk) for one in _judged(part, desk)])
    for investigation_id in {one.investigation_id for one in under_way(_AT_CADO)}:
        there = partial(_of, investigation_id, under_way)
        arrivals = Arrivals(investigation_id, there(), desk)
        for one in there():
            closed(stepped(one, arrivals.of(one), arrivals.evidences, desk), desk)
            looked += 1
    return looked


def look_at_tasks(collections: Iterable[Collection], desk: Desk) -> Iterator[Collection]:
    """Each of `collections` as it is now, by pages of tasks, pipelines and evidence (R6).

    Nothing is sent to an endpoint, and nothing deleted. Raises as `look_at_scripts` does.
    """
    at_cado: dict[int, list[Collection]] = defaultdict(list)
    for part in _parts(collections):
        for one in _judged(part, desk):
            if one.state in _AT_CADO:
                at_cado[one.investigation_id].append(one)
            else:
                yield one
    for investigation_id, members in at_cado.items():
        arrivals = Arrivals(investigation_id, members, desk)
        for one in members:
            yield stepped(one, arrivals.of(one), arrivals.evidences, desk)


def _of(investigation_id: int, under_way: UnderWay) -> Iterator[Collection]:
    return (one for one in under_way(_AT_CADO) if one.investigation_id == investigation_id)


def _judged(part: Sequence[Collection], desk: Desk) -> Iterator[Collection]:
    """Each of `part` by its task's row. What was uploaded, as its endpoint reported, is at Cado now;
    any other report is judged, for whoever noted it may have died before that.
    """
    asked = [
        one
        for one in part
        if one.parent_task_id
        and one.state in _WITH_A_TASK
        and not (one.state == "uploading" and one.result_line)
    ]
    rows: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for row in desk.sentinelone.tasks([one.parent_task_id for one in asked]) if asked else []:
        rows[row.parent_task_id, row.agent_id].append(row)
    with_rows = {parent for parent, _ in rows}
    own = {o.collection_id: task_of(o, rows[o.parent_task_id, o.agent_id]) for o in asked}
    ended = [
        task.task_id
        for one in asked
        if (task := own[one.collection_id]) is not None and has_report(one, task)
    ]
    links = _links(ended, desk)
    for one in part:
        task = own.get(one.collection_id)
        if task is not None:
            one = judge(one, task, desk, links)
        elif one.collection_id in own and one.parent_task_id in with_rows:
            one = _left_out(one, desk)
        yield one


def _left_out(collection: Collection, desk: Desk) -> Collection:
    """`collection` in doubt when its task has rows for others of its call and none for it: it is sent
    again with its key, or SentinelOne says that it does not reach the endpoint.
    """
    sent_at = collection.requested_at
    if sent_at is None or desk.run.utcnow() - sent_at <= ABSENCE_GRACE:
        return collection
    words = f"task {collection.parent_task_id} has no row for {collection.hostname}"
    return advance(collection, "unknown", desk, note=words, error=words, parent_task_id="")


def _links(task_ids: Sequence[str], desk: Desk) -> dict[str, ResultLink | None]:
    if not task_ids:
        return {}
    try:
        return result_links(task_ids, desk)
    except ConnectorError as error:
        if error.kind not in _CLOSED:
            raise
        desk.run.warn(f"the scripts' own reports cannot be read: {error.message}")
        return {}


def _parts(collections: Iterable[Collection]) -> Iterator[list[Collection]]:
    rest = iter(collections)
    while part := list(islice(rest, _PART)):
        yield part
