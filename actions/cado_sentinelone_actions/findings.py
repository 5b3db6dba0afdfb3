"""Read back what was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from pydantic import Field, model_validator

from cado_sentinelone.models.action import Action, Params, Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.evidence import Findings
from cado_sentinelone.plugin import hookimpl


class GetFindingsParams(Params):
    collection_id: str = Field("", description="What run_collection gave.")
    evidence_id: int | None = Field(None, ge=1, description="Id of an evidence in Cado.")
    investigation: str = Field(
        "",
        description="The investigation's id or exact name.",
        examples=["12", "S1-THREAT-2187"],
    )

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        given = (self.collection_id, self.evidence_id, self.investigation)
        if sum(bool(one) for one in given) != 1:
            raise ValueError("give exactly one of collection_id, evidence_id and investigation")
        return self


def get_findings(asset: Asset, params: GetFindingsParams, run: Run) -> Findings:
    from cado_sentinelone.clients.cado import Cado
    from cado_sentinelone.engine import findings
    from cado_sentinelone.engine.investigations import resolve_investigation

    cado = Cado(asset, run)
    if params.collection_id:
        from cado_sentinelone.engine.desk import Desk
        from cado_sentinelone.engine.look import look_at_many

        known = run.ledger(asset).get(params.collection_id)
        (collection,) = look_at_many([known], Desk(asset, run))
        found = findings.findings_of_collection(cado, collection, run)
    elif params.evidence_id is not None:
        found = findings.findings_of_evidence(cado, params.evidence_id, run)
    else:
        investigation = resolve_investigation(cado, params.investigation)
        found = findings.findings_of_investigation(cado, investigation, run)
    run.message = (
        f"{found.verdict}: {found.malicious} malicious and {found.suspicious} suspicious alarms"
    )
    run.summary |= {
        "verdict": found.verdict,
        "malicious": found.malicious,
        "suspicious": found.suspicious,
    }
    return found


@hookimpl
def cado_sentinelone_actions() -> Iterable[Action]:
    yield Action(
        identifier="get_findings",
        summary="Read the verdict, the alarms and the indicators of what was collected.",
        params=GetFindingsParams,
        output=Findings,
        run=get_findings,
        noun=("finding", "findings"),
        group="findings",
        uses=("cado",),
        columns=("verdict", "malicious", "suspicious", "hostnames", "attack", "link"),
    )
