"""What became of a launch whose answer was lost: looked up before anything else is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Several
from collections.abc import Iterable, Iterator
from datetime import timedelta

from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.cado_strangers import Strangers
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.identity import same_host
from cado_sentinelone.models.collection import Collection, State

# A launch belongs to the process that sends it for as long as its call may take; afterwards a
# request may still travel through a proxy for a while before its absence proves anything.
LAUNCH_GRACE = timedelta(seconds=30)
ABSENCE_GRACE = timedelta(minutes=5)
_Doubt = tuple[str, str]


def reconcile(collection: Collection, desk: Desk) -> Collection:
    """`collection` with its launch found, proven absent, or still in doubt (`unknown`).

    Only a collection in doubt is looked up; any other comes back as it is. Nothing is ever
    launched here. Raises the errors of the Cado client, LedgerError.
    """
    [collection] = reconcile_all([collection], desk)
    return collection


def reconcile_all(collections: Iterable[Collection], desk: Desk) -> Iterator[Collection]:
    """Each of `collections`, as `reconcile` has it; those in doubt come last, and what stands
    against them is listed once for each investigation.
    """
    in_doubt: dict[int, list[Collection]] = defaultdict(list)
    for collection in collections:
        if _is_settled(collection, desk):
            yield collection
            continue
        if collection.state == "requested":
            collection = _to(collection, "unknown", "the launching process died", desk)
        in_doubt[collection.investigation_id].append(collection)
    for investigation_id, lost in in_doubt.items():
        yield from _reconcile(investigation_id, lost, desk)


def _is_settled(collection: Collection, desk: Desk) -> bool:
    if collection.pipeline_id is not None or collection.requested_at is None:
        return True
    if collection.state == "requested":
        return desk.run.utcnow() - collection.requested_at < LAUNCH_GRACE
    return collection.state != "unknown"


def _reconcile(investigation_id: int, lost: list[Collection], desk: Desk) -> Iterator[Collection]:
    strangers = Strangers(investigation_id, [one.pipeline_watermark for one in lost], desk)
    doubts = _in_doubt(investigation_id, desk)
    for collection in lost:
        doubts.pop(collection.collection_id, None)
        now = _found(collection, strangers, doubts.values(), desk)
        if now.pipeline_id is not None:
            strangers.forget(now.pipeline_id)
        elif now.state == "unknown":
            doubts[now.collection_id] = (now.agent_id, now.hostname)
        yield now


def _found(
    collection: Collection, strangers: Strangers, rivals: Several[_Doubt], desk: Desk
) -> Collection:
    certain, candidates = strangers.candidates(
        collection,
        namesake=any(
            agent_id != collection.agent_id and same_host(hostname, collection.hostname)
            for agent_id, hostname in rivals
        ),
    )
    if certain is None and len(candidates) == 1 and not rivals:
        certain = candidates[0]
    if certain is not None:
        return _adopt(collection, certain, desk)
    if collection.requested_at is None:
        return collection
    if not candidates and desk.run.utcnow() - collection.requested_at > ABSENCE_GRACE:
        words = "Cado shows no pipeline of this launch: it never arrived, and nothing ran"
        return _to(collection, "failed", words, desk)
    words = "the answer to the launch was lost and it cannot be told yet whether it arrived"
    if candidates:
        ids = ", ".join(str(number) for number in candidates)
        words = f"the answer to the launch was lost; it may be pipeline {ids}"
    return _to(collection, "unknown", words, desk)


def _in_doubt(investigation_id: int, desk: Desk) -> dict[str, _Doubt]:
    """Of all launches of the investigation that have no pipeline yet: agent and hostname."""
    return {
        one.collection_id: (one.agent_id, one.hostname)
        for one in desk.ledger.collections(
            states=("requested", "unknown"), investigation_id=investigation_id
        )
        if one.pipeline_id is None
    }


def _adopt(collection: Collection, pipeline_id: int, desk: Desk) -> Collection:
    return advance(
        collection,
        "requested",
        desk,
        note=f"the lost launch was found as pipeline {pipeline_id}",
        pipeline_id=pipeline_id,
        error="",
    )


def _to(collection: Collection, state: State, words: str, desk: Desk) -> Collection:
    # From the state that was seen only: the launching run may have got its answer after all.
    return advance(
        collection,
        state,
        desk,
        note=words if collection.state != state else "",
        from_state=collection.state,
        error=words,
    )
