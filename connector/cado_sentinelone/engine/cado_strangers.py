"""Pipelines of an investigation that no collection owns yet: one may be a launch that was lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from cado_sentinelone.clients.cado_evidence_records import Evidence
from cado_sentinelone.clients.cado_records import Pipeline
from cado_sentinelone.engine.cado_evidence import evidences_of
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.family import evidence_ids_of, families, is_again, only_of
from cado_sentinelone.engine.family_row import Slim
from cado_sentinelone.engine.identity import belongs
from cado_sentinelone.models.collection import Collection

# What an XDR import starts is an inference (Cado contract 6), so only these are ruled out.
_NO_LAUNCH = frozenset({"healthcheck", "deletion", "archiving", "accountdiscovery", "inventory"})


class Strangers:
    """What was started since the oldest of `watermarks` and is nobody's, listed once."""

    def __init__(self, investigation_id: int, watermarks: Sequence[int | None], desk: Desk) -> None:
        self._desk = desk
        self._owned = desk.ledger.known_pipelines(investigation_id)
        self._marks = {mark for mark in watermarks if mark}
        self._created: dict[int, datetime | None] = {}
        since = self._marks if all(watermarks) else set()
        rows = self._noted(pipelines_since(investigation_id, since, desk))
        self._families = {
            root_id: members
            for root_id, members in families(only_of(self._is_root, rows)).items()
            if root_id not in self._owned and members[0].type not in _NO_LAUNCH
        }
        wanted = {n for members in self._families.values() for n in evidence_ids_of(members)}
        self._evidences = evidences_of(investigation_id, wanted, desk)
        self._old: dict[int, bool] = {}

    def candidates(self, collection: Collection, *, namesake: bool) -> tuple[int | None, list[int]]:
        """The pipeline that certainly is the collection's launch, and those that may be.

        They are newer than the launch's watermark, and what evidence they brought so far is
        neither older nor another endpoint's. Certain is one that names the endpoint or brought its
        evidence; a hostname does not count while a `namesake` is in doubt as well.
        """
        ids = {collection.agent_id, collection.agent_uuid, collection.device_id} - {""}
        candidates: list[int] = []
        for root_id, members in self._families.items():
            if not self._is_newer(root_id, collection.pipeline_watermark):
                continue
            evidences = [self._evidences[number] for number in evidence_ids_of(members)]
            verdicts = [belongs(one, hostname=collection.hostname, ids=ids) for one in evidences]
            if False in verdicts or self._is_older(members):
                continue
            if _names(collection, members[0], evidences, verdicts, ids, namesake=namesake):
                return root_id, []
            candidates.append(root_id)
        return None, candidates

    def forget(self, root_id: int) -> None:
        """Notes that a collection owns it now."""
        self._families.pop(root_id, None)

    def _is_root(self, row: Slim) -> bool:
        stranger = row.triggering_pipeline_id is None and row.pipeline_id not in self._owned
        return stranger and not is_again(row)

    def _noted(self, rows: Iterable[Pipeline]) -> Iterator[Pipeline]:
        for row in rows:
            if row.triggering_pipeline_id is None:
                self._created[row.pipeline_id] = row.created_at
            yield row

    def _is_newer(self, root_id: int, watermark: int | None) -> bool:
        mark, created = self._created.get(watermark or 0), self._created.get(root_id)
        return root_id != watermark and (mark is None or created is None or created >= mark)

    def _is_older(self, members: Sequence[Slim]) -> bool:
        """Whether somebody processes older evidence again; asked once."""
        root_id, listed = members[0].pipeline_id, {row.pipeline_id for row in members}
        if root_id not in self._old:
            self._old[root_id] = any(
                row.pipeline_id not in listed
                for number in evidence_ids_of(members)
                for row in self._desk.cado.pipelines(evidence_id=number)
            )
        return self._old[root_id]


def _names(
    collection: Collection,
    root: Slim,
    evidences: Sequence[Evidence],
    verdicts: Sequence[bool | None],
    ids: set[str],
    *,
    namesake: bool,
) -> bool:
    words = root.name.casefold().replace("'", " ").replace('"', " ").split()
    if collection.device_id in words or any(one.resource_id in ids for one in evidences):
        return True
    return not namesake and (True in verdicts or collection.hostname.casefold() in words)


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
