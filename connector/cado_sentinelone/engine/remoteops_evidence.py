"""The evidence that a script's archive became: found in Cado by the archive's own name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cado_sentinelone.clients.cado_evidence_records import Evidence
from cado_sentinelone.clients.cado_records import Pipeline
from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.cado_evidence import evidences_of
from cado_sentinelone.engine.cado_strangers import pipelines_since
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.family import assess, evidence_ids_of, families
from cado_sentinelone.engine.identity import belongs
from cado_sentinelone.engine.states import ENDS
from cado_sentinelone.models.collection import Collection, State

Members = list[Pipeline]
# A pipeline that only processes what has arrived is never "requested" or "running" for us.
_STATES: Mapping[State, State] = {"requested": "processing", "running": "processing"}


def look_for_evidence(
    collections: Sequence[Collection], desk: Desk, *, detailed: bool = False
) -> Iterator[tuple[Collection, Members]]:
    """Each of `collections`, all of one investigation, with the pipelines of its evidence.

    Cado watches its bucket and starts to process what lands there; nothing but the archive's
    name ties that to us (Cado contract 4.1). Read by pages; with `detailed` each pipeline found
    is read by itself as well. Raises the errors of the Cado client, LedgerError.
    """
    investigation_id = collections[0].investigation_id
    marks = [one.pipeline_watermark for one in collections]
    since = [mark for mark in marks if mark is not None] if None not in marks else []
    grouped = families(pipelines_since(investigation_id, since, desk))
    for mark in since:
        grouped.pop(mark, None)
    wanted = {number for members in grouped.values() for number in evidence_ids_of(members)}
    evidences = evidences_of(investigation_id, wanted, desk)
    taken = desk.ledger.known_pipelines(investigation_id)
    for collection in collections:
        others = taken - {collection.pipeline_id}
        free = {root: members for root, members in grouped.items() if root not in others}
        members = _members(collection, free, evidences)
        if members and detailed:
            members = [desk.cado.pipeline(row.pipeline_id) for row in members]
        yield _stepped(collection, members, evidences, desk), members


def _members(
    collection: Collection, grouped: Mapping[int, Members], evidences: Mapping[int, Evidence]
) -> Members:
    """The family of pipelines that works on the collection's archive, or none yet."""
    by_host: list[Members] = []
    for root, members in grouped.items():
        own = [evidences[number] for number in evidence_ids_of(members) if number in evidences]
        names = {one.archive_name for one in own} - {""}
        if root == collection.pipeline_id or collection.archive_name in names:
            return members
        if not names and collection.archive_name in " ".join(row.name for row in members):
            return members
        if names or collection.state == "unknown":
            # It is another archive's, or only the archive itself could settle a doubt.
            continue
        if any(_is_of(collection, one) for one in own):
            by_host.append(members)
    return by_host[0] if len(by_host) == 1 else []


def _is_of(collection: Collection, evidence: Evidence) -> bool | None:
    return belongs(
        evidence,
        hostname=collection.hostname,
        ids=(collection.agent_id, collection.agent_uuid),
    )


def _stepped(
    collection: Collection, members: Members, evidences: Mapping[int, Evidence], desk: Desk
) -> Collection:
    if not members or collection.state in ENDS:
        return collection
    look = assess(collection, members, evidences)
    state = _STATES.get(look.state, look.state)
    note = ""
    if state in ENDS and look.evidence_ids:
        note = "evidence in Cado: " + ", ".join(
            f"{number} ({evidences[number].preserved_at or 'preserved nowhere it says'})"
            for number in look.evidence_ids
            if number in evidences
        )
    return advance(
        collection,
        state,
        desk,
        note=note,
        pipeline_id=members[0].pipeline_id,
        evidence_ids=look.evidence_ids,
        verdict=look.verdict,
        error=look.error,
    )
