"""What was found, and what it amounts to: Cado has no verdict to ask for (Cado contract 7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cado_sentinelone.clients.cado import Cado
from cado_sentinelone.clients.cado_evidence_records import (
    AlarmCount,
    DetectedIndicator,
    Evidence,
)
from cado_sentinelone.clients.cado_records import Investigation, Pipeline, severity_word
from cado_sentinelone.engine.family import flaw, newest_of_each
from cado_sentinelone.engine.identity import belonging_words, belongs
from cado_sentinelone.errors import NotFoundError
from cado_sentinelone.models.collection import Collection
from cado_sentinelone.models.evidence import AlarmKind, Findings, Indicator, Verdict
from cado_sentinelone.models.run import Run

_SUSPICIOUS = 3
# These say nothing about what is in the evidence.
_HOUSEKEEPING = frozenset({"deletion", "archiving", "healthcheck", "accountdiscovery"})


@dataclass(frozen=True)
class Processing:
    """How far the platform is: `ended` with nothing more to come, `flaws` in words."""

    ended: bool
    flaws: tuple[str, ...]


def findings_of_collection(cado: Cado, collection: Collection, run: Run) -> Findings:
    """The findings in the evidence of `collection`, and in no other endpoint's (S13).

    Raises the errors of the Cado client.
    """
    evidences = list(_own_evidence(cado, collection, run))
    if not evidences:
        reason = f": {collection.error}" if collection.error else ""
        run.warn(f"the collection is {collection.state} and has no evidence{reason}")
    return _findings(
        cado,
        evidences,
        run,
        investigation_id=collection.investigation_id,
        investigation_name=collection.investigation_name,
        collection_id=collection.collection_id,
    )


def findings_of_evidence(cado: Cado, evidence_id: int, run: Run) -> Findings:
    """The findings in one evidence. Raises NotFoundError and the errors of the Cado client."""
    evidence = cado.evidence(evidence_id)
    return _findings(cado, [evidence], run, investigation_id=evidence.project_id)


def findings_of_investigation(cado: Cado, investigation: Investigation, run: Run) -> Findings:
    """The findings in everything that the investigation holds. Raises as the Cado client does."""
    number = investigation.investigation_id
    # Pipelines first: what arrives meanwhile is then evidence that nothing has processed yet.
    pipelines = [
        row for row in cado.pipelines(project_id=number) if row.project_id in (number, None)
    ]
    evidences = list(cado.evidences(project_id=number))
    if not evidences:
        run.warn(f"investigation {number} has no evidence")
    lost = [row for row in pipelines if row.evidence_id is None and row.ended and not row.flawless]
    if lost:
        ids = ", ".join(str(row.pipeline_id) for row in lost)
        run.warn(f"these pipelines ended badly and brought no evidence: {ids}")
    return _compose(
        cado,
        evidences,
        processing(evidences, pipelines),
        cado.alarm_summary(number).breakdown,
        cado.indicators(number).detected,
        run,
        investigation_id=number,
        investigation_name=investigation.name,
    )


def processing(evidences: Sequence[Evidence], pipelines: Iterable[Pipeline]) -> Processing:
    """Whether `pipelines` have done all there is to do with `evidences`, and how well.

    The newest pipeline of each kind and evidence counts: a good rerun makes up for a bad run.
    """
    rows = [row for row in pipelines if row.type not in _HOUSEKEEPING]
    ids = {one.evidence_id for one in evidences}
    newest = newest_of_each(row for row in rows if row.evidence_id in ids)
    processed = {row.evidence_id for row in newest if row.type == "processing"}
    return Processing(
        ended=bool(ids)
        and all(row.ended for row in rows)
        and all(one.processing_ran or one.evidence_id in processed for one in evidences),
        flaws=tuple(flaw(row) for row in newest if row.ended and not row.flawless),
    )


def verdict(malicious: int, suspicious: int, state: Processing) -> Verdict:
    """What the alarms amount to; none at all is a result only of processing that ended well."""
    if not state.ended:
        return "pending"
    if malicious:
        return "malicious"
    if suspicious:
        return "suspicious"
    return "pending" if state.flaws else "no_findings"


def _own_evidence(cado: Cado, collection: Collection, run: Run) -> Iterable[Evidence]:
    ids = (collection.agent_id, collection.agent_uuid, collection.device_id)
    for number in collection.evidence_ids:
        try:
            evidence = cado.evidence(number)
        except NotFoundError:
            run.warn(f"evidence {number} is not there any more, or the key lost sight of it")
            continue
        if belongs(evidence, hostname=collection.hostname, ids=ids) is False:
            run.warn(f"{belonging_words(evidence)}, not of {collection.hostname}: left out")
        elif evidence.project_id not in (collection.investigation_id, None):
            run.warn(f"evidence {number} is of investigation {evidence.project_id}: left out")
        else:
            yield evidence


def _findings(
    cado: Cado,
    evidences: Sequence[Evidence],
    run: Run,
    *,
    investigation_id: int | None,
    investigation_name: str = "",
    collection_id: str = "",
) -> Findings:
    pipelines: list[Pipeline] = []
    counts: list[AlarmCount] = []
    indicators: list[DetectedIndicator] = []
    for evidence in evidences:
        number = evidence.evidence_id
        own = [row for row in cado.pipelines(evidence_id=number) if row.evidence_id == number]
        pipelines += own
        investigation_id = investigation_id or next((row.project_id for row in own), None)
        if investigation_id is None:
            run.warn(f"Cado does not tell the investigation of evidence {number}: counts only")
            continue
        counts += cado.alarm_summary(investigation_id, number).breakdown
        found = cado.indicators(investigation_id, number).detected
        indicators += [one for one in found if one.evidence_id == number]
    return _compose(
        cado,
        evidences,
        processing(evidences, pipelines),
        counts,
        indicators,
        run,
        investigation_id=investigation_id,
        investigation_name=investigation_name,
        collection_id=collection_id,
    )


def _compose(
    cado: Cado,
    evidences: Sequence[Evidence],
    state: Processing,
    counts: Sequence[AlarmCount],
    indicators: Sequence[DetectedIndicator],
    run: Run,
    *,
    investigation_id: int | None,
    investigation_name: str,
    collection_id: str = "",
) -> Findings:
    kinds = _merged(counts)
    # The evidence's own count and the breakdown are two answers: the worse one stands.
    malicious = max(_sum(one.malicious for one in evidences), _total(kinds, "malicious"))
    suspicious = max(_sum(one.suspicious for one in evidences), _total(kinds, "suspicious"))
    for words in state.flaws:
        run.warn(f"{words}: what is missing from the findings cannot be told")
    if evidences and not state.ended:
        run.warn("processing has not ended: the numbers are those so far")
    return Findings(
        verdict=verdict(malicious, suspicious, state),
        malicious=malicious,
        suspicious=suspicious,
        informational=_total(kinds, "informational"),
        alarms=kinds,
        attack=tuple(sorted({number for kind in kinds for number in kind.attack})),
        indicators=tuple(dict.fromkeys(_indicator(one) for one in indicators)),
        hostnames=tuple(dict.fromkeys(one.hostname or one.display_name for one in evidences)),
        evidence_ids=tuple(one.evidence_id for one in evidences),
        investigation_id=investigation_id,
        investigation_name=investigation_name,
        collection_id=collection_id,
        link=cado.link,
    )


def _merged(counts: Iterable[AlarmCount]) -> tuple[AlarmKind, ...]:
    """The same kind of alarm in several pieces of evidence is one row; the worst come first."""
    rows: dict[tuple[int, str], list[AlarmCount]] = {}
    for count in counts:
        rows.setdefault((_severity(count), count.description), []).append(count)
    return tuple(
        AlarmKind(
            description=description,
            severity=severity_word(severity),
            attack=tuple(dict.fromkeys(number for row in same for number in row.attack)),
            in_files=sum(row.content_alarm_count for row in same),
            in_events=sum(row.event_alarm_count for row in same),
            total=sum(row.total_count for row in same),
        )
        for (severity, description), same in sorted(
            rows.items(), key=lambda item: (item[0][0], -sum(row.total_count for row in item[1]))
        )
    )


def _severity(count: AlarmCount) -> int:
    # An alarm without a severity is never smaller than what a person would look at.
    return _SUSPICIOUS if count.severity is None else count.severity


def _total(kinds: Iterable[AlarmKind], severity: str) -> int:
    return sum(kind.total for kind in kinds if kind.severity == severity)


def _sum(numbers: Iterable[int | None]) -> int:
    return sum(number or 0 for number in numbers)


def _indicator(found: DetectedIndicator) -> Indicator:
    return Indicator(
        indicator=found.indicator,
        type=found.type,
        description=found.description,
        evidence_id=found.evidence_id,
    )
