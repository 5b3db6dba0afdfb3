"""What became of a launch whose answer was lost: looked up before anything else is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from cado_sentinelone.clients.cado_records import Pipeline
from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.family import evidence_ids_of, families
from cado_sentinelone.engine.identity import belongs, same_host
from cado_sentinelone.models.collection import Collection, State

# A launch belongs to the process that sends it for as long as its call may take; afterwards a
# request may still travel through a proxy for a while before its absence proves anything.
LAUNCH_GRACE = timedelta(seconds=30)
ABSENCE_GRACE = timedelta(minutes=5)
# What an XDR import starts is an inference (Cado contract 6), so only these are ruled out.
_NO_LAUNCH = frozenset({"healthcheck", "deletion", "archiving", "accountdiscovery", "inventory"})


def reconcile(collection: Collection, desk: Desk) -> Collection:
    """`collection` with its launch found, proven absent, or still in doubt (`unknown`).

    Only a collection in doubt is looked up; any other comes back as it is. Nothing is ever
    launched here. Raises the errors of the Cado client, LedgerError.
    """
    if collection.pipeline_id is not None or collection.requested_at is None:
        return collection
    if collection.state not in ("requested", "unknown"):
        return collection
    age = desk.run.utcnow() - collection.requested_at
    if collection.state == "requested":
        if age < LAUNCH_GRACE:
            return collection
        collection = _to(collection, "unknown", "the launching process died", desk)
    rivals = _others_in_doubt(collection, desk)
    certain, candidates = _candidates(collection, rivals, desk)
    if certain is None and len(candidates) == 1 and not rivals:
        certain = candidates[0]
    if certain is not None:
        return _adopt(collection, certain, desk)
    if not candidates and age > ABSENCE_GRACE:
        words = "Cado shows no pipeline of this launch: it never arrived, and nothing ran"
        return _to(collection, "failed", words, desk)
    words = "the answer to the launch was lost and it cannot be told yet whether it arrived"
    if candidates:
        ids = ", ".join(str(row.pipeline_id) for row in candidates)
        words = f"the answer to the launch was lost; it may be pipeline {ids}"
    return _to(collection, "unknown", words, desk)


def pipelines_since(investigation_id: int, ids: Iterable[int], desk: Desk) -> Iterator[Pipeline]:
    """The investigation's pipelines, newest first, until each of `ids` was met; all without ids.

    Older pages stay unread. The order is that of creation: whether ids grow with it is not
    stated, and several pipelines may be created in one moment, which is read to its end.
    """
    left, bounded = set(ids), False
    last: Pipeline | None = None
    for row in desk.cado.pipelines(project_id=investigation_id, order_by="-created"):
        if bounded and not left and last is not None and row.created_at != last.created_at:
            return
        yield row
        last = row
        bounded = bounded or row.pipeline_id in left
        left.discard(row.pipeline_id)


def _candidates(
    collection: Collection, rivals: list[Collection], desk: Desk
) -> tuple[Pipeline | None, list[Pipeline]]:
    """The pipeline that certainly is this launch, and those that may be.

    They are newer than the launch's watermark, nobody else's collection owns them, and what
    evidence they brought so far is neither older nor another endpoint's. Certain is one that
    names the endpoint or brought its evidence; a hostname does not count while another endpoint
    of the same name is in doubt as well.
    """
    watermark = {collection.pipeline_watermark or 0} - {0}
    rows = list(pipelines_since(collection.investigation_id, watermark, desk))
    owned = desk.ledger.known_pipelines(collection.investigation_id) | watermark
    listed = {row.pipeline_id for row in rows}
    namesake = any(
        rival.agent_id != collection.agent_id and same_host(rival.hostname, collection.hostname)
        for rival in rivals
    )
    ids = {collection.agent_id, collection.agent_uuid, collection.device_id} - {""}
    candidates: list[Pipeline] = []
    for root_id, members in families(rows).items():
        root, evidence_ids = members[0], evidence_ids_of(members)
        if root_id in owned or root.type in _NO_LAUNCH or root.triggering_pipeline_id is not None:
            continue
        if any(
            row.pipeline_id not in listed
            for number in evidence_ids
            for row in desk.cado.pipelines(evidence_id=number)
        ):
            continue  # somebody processes older evidence again
        evidences = [desk.cado.evidence(number) for number in evidence_ids]
        verdicts = [belongs(one, hostname=collection.hostname, ids=ids) for one in evidences]
        words = root.name.casefold().replace("'", " ").replace('"', " ").split()
        id_fits = collection.device_id in words or any(e.resource_id in ids for e in evidences)
        hostname_fits = True in verdicts or collection.hostname.casefold() in words
        if False not in verdicts and (id_fits or (hostname_fits and not namesake)):
            return root, []
        if False not in verdicts:
            candidates.append(root)
    return None, candidates


def _others_in_doubt(collection: Collection, desk: Desk) -> list[Collection]:
    return [
        other
        for other in desk.ledger.collections(
            states=("requested", "unknown"), investigation_id=collection.investigation_id
        )
        if other.collection_id != collection.collection_id and other.pipeline_id is None
    ]


def _adopt(collection: Collection, row: Pipeline, desk: Desk) -> Collection:
    return advance(
        collection,
        "requested",
        desk,
        note=f"the lost launch was found as pipeline {row.pipeline_id}",
        pipeline_id=row.pipeline_id,
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
