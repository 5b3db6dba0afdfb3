"""What has arrived in an investigation since its scripts were sent, by the names of archives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from functools import partial
from typing import NamedTuple

from cado_sentinelone.clients.cado_evidence_records import Evidence
from cado_sentinelone.engine.cado_evidence import evidences_of
from cado_sentinelone.engine.cado_strangers import pipelines_since
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.family import evidence_ids_of, families, is_again, only_of
from cado_sentinelone.engine.family_row import Slim
from cado_sentinelone.engine.identity import belongs
from cado_sentinelone.engine.remoteops_scripts import archive_name, shared_stem
from cado_sentinelone.models.collection import Collection

Members = list[Slim]


class _Arrival(NamedTuple):
    """A family of pipelines with its evidence, and what that says its archive is called."""

    root_id: int
    members: Members
    evidences: list[Evidence]
    names: frozenset[str]


class Arrivals:
    """The families of pipelines since the oldest of `collections`, all of one investigation, was
    sent, and their evidence: listed once for all of them.
    """

    def __init__(
        self, investigation_id: int, collections: Iterable[Collection], desk: Desk
    ) -> None:
        marks: set[int] = set()
        own: set[int] = set()
        all_marked = True
        for one in collections:
            all_marked = all_marked and one.pipeline_watermark is not None
            marks.add(one.pipeline_watermark or 0)
            own.add(one.pipeline_id or 0)
        since = marks if all_marked else set()
        others = (desk.ledger.known_pipelines(investigation_id) - own) | since
        rows = only_of(partial(_is_free, others), pipelines_since(investigation_id, since, desk))
        grouped = {root: own for root, own in families(rows).items() if root not in others}
        wanted = {number for members in grouped.values() for number in evidence_ids_of(members)}
        self.evidences = evidences_of(investigation_id, wanted, desk)
        self._by_root = {root: self._arrival(root, members) for root, members in grouped.items()}
        free = [one for one in self._by_root.values() if one.root_id not in own]
        self._nameless = [one for one in free if not one.names]
        self._named = {name: one for one in free for name in one.names}
        self._shared: dict[str, list[_Arrival]] = defaultdict(list)
        for name, arrival in self._named.items():
            self._shared[shared_stem(name)].append(arrival)

    def of(self, collection: Collection) -> Members:
        """The family of pipelines that works on the collection's archive, or none yet."""
        own = self._by_root.get(collection.pipeline_id or 0)
        if own is None and collection.archive_name:
            own = self._named.get(collection.archive_name) or self._called(collection.archive_name)
        return own.members if own is not None else self._of_host(collection)

    def _called(self, name: str) -> _Arrival | None:
        """Before its evidence is there, a pipeline's own name may hold that of the archive."""
        return next(
            (one for one in self._nameless if any(name in row.name for row in one.members)), None
        )

    def _of_host(self, collection: Collection) -> Members:
        # In doubt whether anything ran, only the archive settles it: a host has other evidence too.
        candidates = [] if collection.state == "unknown" else list(self._nameless)
        if collection.batch_id and not collection.archive_name:
            # Endpoints that share a script name their archives themselves. Which of them is this
            # one's only its report tells, and where that cannot be read, the evidence.
            candidates += self._shared[archive_name(collection).removesuffix(".tar.lz4")]
        ids = (collection.agent_id, collection.agent_uuid)
        by_host = [
            arrival.members
            for arrival in candidates
            if any(belongs(one, hostname=collection.hostname, ids=ids) for one in arrival.evidences)
        ]
        return by_host[0] if len(by_host) == 1 else []

    def _arrival(self, root_id: int, members: Members) -> _Arrival:
        own = [self.evidences[n] for n in evidence_ids_of(members) if n in self.evidences]
        names = frozenset(one.archive_name for one in own) - {""}
        return _Arrival(root_id, members, own, names)


def _is_free(others: Container[int], row: Slim) -> bool:
    parentless = row.triggering_pipeline_id is None
    return parentless and not is_again(row) and row.pipeline_id not in others
