"""Looking at collections through Cado: one with every detail, or a thousand by the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cado_sentinelone.clients.cado_records import Pipeline
from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.cado_evidence import evidences_of
from cado_sentinelone.engine.cado_reconcile import reconcile, reconcile_all
from cado_sentinelone.engine.cado_strangers import pipelines_since
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.family import (
    Look,
    assess,
    evidence_ids_of,
    families,
    family,
    only_of,
    open_state,
)
from cado_sentinelone.engine.family_row import Slim
from cado_sentinelone.engine.states import OPEN
from cado_sentinelone.errors import NotFoundError
from cado_sentinelone.models.collection import Collection

Families = Mapping[int, list[Slim]]


def look_at_import(collection: Collection, desk: Desk) -> tuple[Collection, list[Pipeline]]:
    """`collection` as it is now, stepped in the ledger, and its pipelines with all details.

    An ended collection is not asked for again. One whose launch is in doubt is reconciled
    first. Raises the errors of the Cado client, LedgerError.
    """
    collection = reconcile(collection, desk)
    if collection.pipeline_id is None:
        return collection, []
    try:
        members = family_in_detail(collection.pipeline_id, collection.investigation_id, desk)
    except NotFoundError:
        if collection.state not in OPEN:
            return collection, []
        note = f"pipeline {collection.pipeline_id} is not there any more, or the key lost sight"
        return _step(collection, Look("unknown", collection.evidence_ids, note), desk), []
    if collection.state in OPEN:
        evidences = {}
        if open_state(members) is None:
            evidences = {number: desk.cado.evidence(number) for number in evidence_ids_of(members)}
        collection = _step(collection, assess(collection, members, evidences), desk)
    return collection, members


def look_at_imports(
    collections: Iterable[Collection], desk: Desk, shown: Families | None = None
) -> Iterator[Collection]:
    """Each of `collections` as it is now, by pages of pipelines and evidence, not one by one.

    Calls: one per thousand pipelines and one per thousand pieces of evidence of each
    investigation (R6). What was listed before is given as `shown`, by its root pipeline: the
    others stay as they are then. Raises as `look_at_import` does.
    """
    by_investigation: dict[int, list[Collection]] = defaultdict(list)
    for collection in reconcile_all(collections, desk):
        ready = collection.state in OPEN and collection.pipeline_id is not None
        if ready and (shown is None or collection.pipeline_id in shown):
            by_investigation[collection.investigation_id].append(collection)
        else:
            yield collection
    for investigation_id, members in by_investigation.items():
        roots = [one.pipeline_id for one in members if one.pipeline_id is not None]
        grouped = families_of(investigation_id, roots, desk) if shown is None else shown
        yield from _step_all(investigation_id, members, grouped, desk)


def families_of(investigation_id: int, roots: Sequence[int], desk: Desk) -> Families:
    """The families of these root pipelines, listed in one pass; nothing for one that is not there."""
    wanted = set(roots)
    rows = pipelines_since(investigation_id, roots, desk)
    return families(only_of(lambda row: row.pipeline_id in wanted, rows))


def _step_all(
    investigation_id: int, collections: Sequence[Collection], grouped: Families, desk: Desk
) -> Iterator[Collection]:
    ended = {
        number
        for collection in collections
        for members in [grouped.get(collection.pipeline_id or 0, [])]
        if members and open_state(members) is None
        for number in evidence_ids_of(members)
    }
    evidences = evidences_of(investigation_id, ended, desk)
    for collection in collections:
        members = grouped.get(collection.pipeline_id or 0, [])
        if not members:
            collection, _ = look_at_import(collection, desk)
            yield collection
        else:
            yield _step(collection, assess(collection, members, evidences), desk)


def family_in_detail(root_id: int, investigation_id: int | None, desk: Desk) -> list[Pipeline]:
    """The pipeline `root_id` and all that came of it, each with its tasks. Raises NotFoundError."""
    root = desk.cado.pipeline(root_id)
    if not root.ended:
        return [root]
    rows: dict[int, Pipeline] = {}
    where = root.project_id if investigation_id is None else investigation_id
    if where is not None:
        rows = {row.pipeline_id: row for row in pipelines_since(where, [root_id], desk)}
    if len(family(root_id, rows.values())) <= 1:
        # Not every listing by investigation shows a child at once; its parent always names it.
        rows |= {
            row.pipeline_id: row for row in desk.cado.pipelines(triggering_pipeline_id=root_id)
        }
    rows[root_id] = root
    return [
        row if row is root else desk.cado.pipeline(row.pipeline_id)
        for row in family(root_id, rows.values())
    ]


def _step(collection: Collection, look: Look, desk: Desk) -> Collection:
    state, error = look.state, look.error
    overdue = collection.deadline_at is not None and desk.run.utcnow() > collection.deadline_at
    if state == "uploading" and overdue:
        state, error = "expired", "the pipeline ended but no evidence of the endpoint arrived"
    return advance(
        collection,
        state,
        desk,
        pipeline_id=collection.pipeline_id,
        evidence_ids=look.evidence_ids,
        verdict=look.verdict,
        error=error,
    )
