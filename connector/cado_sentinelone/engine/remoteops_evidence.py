"""The evidence that a script's archive became: found in Cado by the archive's own name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cado_sentinelone.clients.cado_evidence_records import Evidence
from cado_sentinelone.clients.cado_records import Pipeline
from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.family import assess
from cado_sentinelone.engine.family_row import Row
from cado_sentinelone.engine.remoteops_arrivals import Arrivals
from cado_sentinelone.engine.states import ENDS
from cado_sentinelone.models.collection import Collection, State

# A pipeline that only processes what has arrived is never "requested" or "running" for us.
_STATES: Mapping[State, State] = {"requested": "processing", "running": "processing"}


def look_for_evidence(
    collections: Sequence[Collection], desk: Desk, *, detailed: bool = False
) -> Iterator[tuple[Collection, list[Pipeline]]]:
    """Each of `collections`, all of one investigation, with the pipelines of its evidence.

    Cado watches its bucket and starts to process what lands there; nothing but the archive's
    name ties that to us (Cado contract 4.1). Read by pages; with `detailed` each pipeline found
    is read by itself as well, and else none is told. Raises the errors of the Cado client,
    LedgerError.
    """
    arrivals = Arrivals(collections[0].investigation_id, collections, desk)
    for collection in collections:
        members = arrivals.of(collection)
        whole = [desk.cado.pipeline(row.pipeline_id) for row in members] if detailed else []
        yield stepped(collection, whole or members, arrivals.evidences, desk), whole


def stepped(
    collection: Collection, members: Sequence[Row], evidences: Mapping[int, Evidence], desk: Desk
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
