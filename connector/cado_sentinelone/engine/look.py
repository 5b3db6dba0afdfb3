"""Looking at collections, whichever route each of them takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cado_sentinelone.clients.cado_records import Pipeline
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.models.collection import Collection

if TYPE_CHECKING:
    from cado_sentinelone.clients.sentinelone_script_records import Task


@dataclass(frozen=True)
class Sight:
    """What the vendors showed of one collection: tasks at SentinelOne, pipelines at Cado."""

    tasks: list[Task] = field(default_factory=list)
    pipelines: list[Pipeline] = field(default_factory=list)


def look_at(collection: Collection, desk: Desk) -> tuple[Collection, Sight]:
    """`collection` as it is now, stepped in the ledger, and what the vendors showed of it.

    A look carries a collection on: what waits for its endpoint is sent when that is seen, and
    what is in doubt is looked up. Raises the errors of the clients, LedgerError.
    """
    if collection.route == "remoteops":
        from cado_sentinelone.engine.remoteops_look import look_at_task

        return look_at_task(collection, desk)
    from cado_sentinelone.engine.cado_look import look_at_import

    collection, pipelines = look_at_import(collection, desk)
    return collection, Sight(pipelines=pipelines)


def look_at_many(collections: Iterable[Collection], desk: Desk) -> Iterator[Collection]:
    """Each of `collections` as it is now, by the page and not one by one (R6).

    Nothing is sent to an endpoint here. Raises as `look_at` does.
    """
    from cado_sentinelone.engine.cado_look import look_at_imports

    through_cado: list[Collection] = []
    tasks: list[Collection] = []
    for collection in collections:
        (tasks if collection.route == "remoteops" else through_cado).append(collection)
    yield from look_at_imports(through_cado, desk)
    if tasks:
        from cado_sentinelone.engine.remoteops_look_many import look_at_tasks

        yield from look_at_tasks(tasks, desk)
