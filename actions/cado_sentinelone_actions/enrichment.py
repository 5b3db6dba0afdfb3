"""Everything known of one endpoint, in one record that an incident can carry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import Field

from cado_sentinelone.models.action import Action, Output, Params, Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.collection import Collection, State
from cado_sentinelone.models.endpoint import EndpointDetail
from cado_sentinelone.models.evidence import Findings, Indicator, Verdict
from cado_sentinelone.plugin import hookimpl

if TYPE_CHECKING:
    from cado_sentinelone.clients.cado import Cado

# The worst word wins; pending weighs more than nothing found, for it may still become worse.
_WEIGHT: dict[Verdict, int] = {"malicious": 3, "suspicious": 2, "pending": 1, "no_findings": 0}
# An incident is read by people: so much of each list, newest or worst first, with its full count.
_MOST_COLLECTIONS = 20
_MOST_EVIDENCE = 10
_MOST_INDICATORS = 100


class EnrichEndpointParams(Params):
    """The parameters of enrich_endpoint."""

    endpoint: str = Field(
        min_length=1,
        description="Agent id, agent UUID, hostname or IP address of the endpoint.",
        examples=["lap-0042"],
        json_schema_extra={"soar": "hostname"},
    )


class CollectionBrief(Output):
    """A collection of the endpoint, in brief."""

    collection_id: str
    state: State
    investigation_id: int
    investigation_name: str = ""
    created_at: datetime
    finished_at: datetime | None = None
    evidence_ids: tuple[int, ...] = ()
    error: str = ""


class EvidenceVerdict(Output):
    """What one piece of evidence of the endpoint amounts to."""

    evidence_id: int
    investigation_id: int | None = None
    verdict: Verdict
    malicious: int
    suspicious: int


class Enrichment(Output):
    """The endpoint, its collections, their verdicts and indicators."""

    endpoint: EndpointDetail
    verdict: Verdict | None = Field(
        None, description="The worst verdict of its evidence; null without any evidence."
    )
    malicious: int = 0
    suspicious: int = 0
    collections: tuple[CollectionBrief, ...] = ()
    collections_total: int = 0
    evidence: tuple[EvidenceVerdict, ...] = ()
    evidence_total: int = 0
    attack: tuple[str, ...] = Field((), description="ATT&CK ids of all alarms.")
    indicators: tuple[Indicator, ...] = ()
    indicators_total: int = 0
    link: str = Field("", description="Where to read on in Cado.")


def enrich_endpoint(asset: Asset, params: EnrichEndpointParams, run: Run) -> Enrichment:
    """The endpoint with everything that the ledger and Cado know of it."""
    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.engine.look import look_at_many

    desk = Desk(asset, run)
    endpoint, cado = desk.sentinelone.find(params.endpoint), desk.cado
    known = list(desk.ledger.collections(agent_id=endpoint.agent_id))
    collections = sorted(look_at_many(known, desk), key=lambda one: one.created_at, reverse=True)
    evidence_ids = _evidence_of(endpoint, collections, cado)
    findings = _findings(evidence_ids[:_MOST_EVIDENCE], cado, run)
    if len(evidence_ids) > _MOST_EVIDENCE:
        run.warn(f"only the newest {_MOST_EVIDENCE} of {len(evidence_ids)} evidence were read")
    indicators = tuple(dict.fromkeys(i for found in findings for i in found.indicators))
    worst = max((found.verdict for found in findings), key=_WEIGHT.__getitem__, default=None)
    run.message = f"{endpoint.hostname}: {(worst or 'no evidence').replace('_', ' ')}"
    run.summary["verdict"] = worst
    return Enrichment(
        endpoint=endpoint,
        verdict=worst,
        malicious=sum(found.malicious for found in findings),
        suspicious=sum(found.suspicious for found in findings),
        collections=tuple(_brief(one) for one in collections[:_MOST_COLLECTIONS]),
        collections_total=len(collections),
        evidence=tuple(
            EvidenceVerdict(
                evidence_id=found.evidence_ids[0],
                investigation_id=found.investigation_id,
                verdict=found.verdict,
                malicious=found.malicious,
                suspicious=found.suspicious,
            )
            for found in findings
        ),
        evidence_total=len(evidence_ids),
        attack=tuple(sorted({number for found in findings for number in found.attack})),
        indicators=indicators[:_MOST_INDICATORS],
        indicators_total=len(indicators),
        link=cado.link,
    )


def _evidence_of(
    endpoint: EndpointDetail, collections: Sequence[Collection], cado: Cado
) -> list[int]:
    """Ids of the endpoint's evidence, newest first, whoever collected it."""
    from cado_sentinelone.engine.identity import belongs

    ids = {number for one in collections for number in one.evidence_ids}
    for evidence in cado.evidences(hostname=endpoint.hostname):
        if belongs(
            evidence, hostname=endpoint.hostname, ids=(endpoint.agent_id, endpoint.agent_uuid)
        ):
            ids.add(evidence.evidence_id)
    return sorted(ids, reverse=True)


def _findings(evidence_ids: Sequence[int], cado: Cado, run: Run) -> list[Findings]:
    from cado_sentinelone.engine.findings import findings_of_evidence
    from cado_sentinelone.errors import NotFoundError

    found = []
    for number in evidence_ids:
        try:
            found.append(findings_of_evidence(cado, number, run))
        except NotFoundError:
            run.warn(f"evidence {number} is not there any more")
    return found


def _brief(collection: Collection) -> CollectionBrief:
    return CollectionBrief(**collection.model_dump(include=set(CollectionBrief.model_fields)))


@hookimpl
def cado_sentinelone_actions() -> Iterable[Action]:
    yield Action(
        identifier="enrich_endpoint",
        summary="An endpoint, its collections, verdicts and indicators in one record.",
        params=EnrichEndpointParams,
        output=Enrichment,
        run=enrich_endpoint,
        noun=("endpoint", "endpoints"),
        group="endpoints",
        uses=("sentinelone", "cado"),
        columns=("verdict", "malicious", "suspicious", "collections_total", "evidence_total"),
    )
