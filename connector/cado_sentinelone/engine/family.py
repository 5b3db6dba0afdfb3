"""The pipelines of one collection, and what state they amount to. Pure: no call, no clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cado_sentinelone.clients.cado_evidence_records import Evidence
from cado_sentinelone.clients.cado_records import Pipeline
from cado_sentinelone.engine.family_row import Row, Slim
from cado_sentinelone.engine.identity import belonging_words, belongs
from cado_sentinelone.engine.states import state_of_pipeline
from cado_sentinelone.models.collection import Collection, EarlyVerdict, State


@dataclass(frozen=True)
class Look:
    """What one look at the vendor showed."""

    state: State
    evidence_ids: tuple[int, ...] = ()
    error: str = ""
    verdict: EarlyVerdict = ""


_Row = TypeVar("_Row", bound=Row)


def family(root_id: int, pipelines: Iterable[_Row]) -> list[_Row]:
    """The pipeline that the import started and all that came of it, oldest first.

    Children name their parent; a rerun may not, but it works on the same evidence
    (Cado contract 6).
    """
    rows = sorted(pipelines, key=lambda row: row.pipeline_id)
    member_ids, evidence_ids, size = {root_id}, set[int](), 0
    while size != len(member_ids):
        size = len(member_ids)
        for row in rows:
            if (
                row.pipeline_id in member_ids
                or row.triggering_pipeline_id in member_ids
                or row.evidence_id in evidence_ids
            ):
                member_ids.add(row.pipeline_id)
                if row.evidence_id is not None:
                    evidence_ids.add(row.evidence_id)
    return [row for row in rows if row.pipeline_id in member_ids]


def only_of(wanted: Callable[[Slim], bool], newest_first: Iterable[Pipeline]) -> Iterator[Slim]:
    """Those rows of a long listing that may belong to the families of the `wanted` roots, as little
    of each as a look needs: a family's youngest come first, so what hangs from a stranger is let go
    with it.
    """
    kept: list[int] = []
    above: dict[int, list[Slim]] = {}
    for row in map(Slim.of, newest_first):
        members = [row, *above.pop(row.pipeline_id, ())]
        if wanted(row) or is_again(row):
            kept += [member.pipeline_id for member in members]
            yield from members
        elif row.triggering_pipeline_id is not None:
            above.setdefault(row.triggering_pipeline_id, []).extend(members)
    # What was created in one moment may come in any order.
    while kept:
        late = above.pop(kept.pop(), [])
        kept += [member.pipeline_id for member in late]
        yield from late


def is_again(row: Row) -> bool:
    """Whether evidence that was there is processed again: that may be any family's."""
    return (
        row.triggering_pipeline_id is None
        and row.evidence_id is not None
        and row.type != "acquisition"
    )


def families(rows: Iterable[_Row]) -> dict[int, list[_Row]]:
    """root pipeline -> its family, in one pass over rows of any number of families."""
    parent: dict[int, int] = {}
    roots_of_evidence: dict[int, int] = {}
    grouped: dict[int, list[_Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.pipeline_id):
        above = row.triggering_pipeline_id
        root = parent.get(above) if above is not None else None
        if root is None and row.evidence_id is not None:
            root = roots_of_evidence.get(row.evidence_id)
        root = row.pipeline_id if root is None else root
        parent[row.pipeline_id] = root
        if row.evidence_id is not None:
            roots_of_evidence.setdefault(row.evidence_id, root)
        grouped[root].append(row)
    return grouped


def evidence_ids_of(members: Sequence[Row]) -> tuple[int, ...]:
    """The evidence that the family works on, in order of id."""
    return tuple(sorted({row.evidence_id for row in members if row.evidence_id is not None}))


def open_state(members: Sequence[Row]) -> State | None:
    """The state while something of the family still runs, or None when all of it has ended."""
    running = [row for row in members if not row.ended]
    if not running:
        return None
    root = members[0]
    return state_of_pipeline(root.status) if not root.ended else "processing"


def assess(
    collection: Collection, members: Sequence[Row], evidences: Mapping[int, Evidence]
) -> Look:
    """What the family and its evidence prove about `collection`.

    `completed` needs evidence of this endpoint with its processing ended well (R2); a family
    that has ended without any evidence is only `uploading`: the archive may still land.
    """
    look = assess_unowned(members)
    if look.state not in ("completed", "completed_with_errors"):
        return look
    found, flaws = look.evidence_ids, look.error
    verdicts = {
        number: belongs(
            evidences[number],
            hostname=collection.hostname,
            ids=(collection.agent_id, collection.agent_uuid, collection.device_id),
            archive_name=collection.archive_name,
        )
        for number in found
    }
    mine = tuple(number for number in found if verdicts[number] is not False)
    flawless = look.state == "completed"
    strangers = [belonging_words(evidences[n]) for n in found if verdicts[n] is False]
    if not mine:
        return Look("failed", (), f"{'; '.join(strangers)}, not of {collection.hostname}")
    doubts = [f"evidence {n} does not tell its host" for n in mine if verdicts[n] is None]
    error = "; ".join(part for part in (flaws, *strangers, *doubts) if part)
    verdict = verdict_of([evidences[number] for number in mine], flawless=flawless)
    return Look("completed_with_errors" if error else "completed", mine, error, verdict)


def verdict_of(evidences: Sequence[Evidence], *, flawless: bool) -> EarlyVerdict:
    """What the alarm counts of the evidence amount to; no alarm is a result only of processing
    that went well (Cado contract 7).
    """
    if any(one.malicious for one in evidences):
        return "malicious"
    if any(one.suspicious for one in evidences):
        return "suspicious"
    counted = all(None not in (one.malicious, one.suspicious) for one in evidences)
    return "no_findings" if flawless and counted else ""


def assess_unowned(members: Sequence[Row]) -> Look:
    """What the family amounts to, leaving aside whose evidence it brought."""
    found = evidence_ids_of(members)
    state = open_state(members)
    if state is not None:
        return Look(state, found)
    root, latest = members[0], newest_of_each(members)
    flaws = "; ".join(flaw(row) for row in latest if not row.flawless)
    if any(row.status == "cancelled" for row in latest):
        return Look("cancelled", found, flaws)
    if not found:
        return Look("uploading" if root.status == "complete" else "failed", (), flaws)
    return Look("completed_with_errors" if flaws else "completed", found, flaws)


def progress_percent(members: Sequence[Pipeline]) -> int:
    """Ended tasks of all tasks so far, never 100: more pipelines may follow."""
    total = sum(row.summary.total for row in members)
    ended = sum(
        row.summary.success + row.summary.failure + row.summary.cancelled for row in members
    )
    return min(99, 100 * ended // total) if total else 0


def newest_of_each(rows: Iterable[_Row]) -> list[_Row]:
    """The newest pipeline of each kind and evidence: a good rerun makes up for a bad run."""
    newest: dict[tuple[str, int | None], _Row] = {}
    for row in sorted(rows, key=lambda row: row.pipeline_id):
        newest[row.type, row.evidence_id] = row
    return list(newest.values())


def flaw(row: Row) -> str:
    """What went wrong in an ended pipeline, in the platform's own words where it has any."""
    kind = f"{row.type or 'pipeline'} {row.pipeline_id}"
    if row.evidence_id is not None:
        kind += f" of evidence {row.evidence_id}"
    if row.status == "cancelled":
        return f"{kind} was cancelled"
    failed = [task for task in row.subtasks if task.state == "FAILURE"]
    said = [line for task in failed for line in task.progress_text] or [t.name for t in failed]
    ended = "failed" if row.status == "failed" else f"ended with {row.summary.failure} failed tasks"
    return f"{kind} {ended}" + (f": {'; '.join(said)}" if said else "")
