"""List Cado's investigations and create one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from cado_sentinelone.models.action import Action, Output, Params, Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.plugin import hookimpl

if TYPE_CHECKING:
    from cado_sentinelone.clients.cado_records import Investigation

Status = Literal[
    "Collection & Analysis",
    "Containment",
    "Eradication",
    "Recovery",
    "Post incident activity",
    "Closed",
    "Archived",
]


class ListInvestigationsParams(Params):
    name: str = Field("", description="The name, or part of it.", examples=["S1-THREAT-2187"])
    status: tuple[Status, ...] = Field((), description="Only investigations in these statuses.")
    limit: int | None = Field(None, ge=1, description="At most so many, newest first.")


class CreateInvestigationParams(Params):
    name: str = Field(
        min_length=1,
        max_length=80,
        description="The name; no other investigation may have it.",
        examples=["S1-THREAT-2187"],
    )
    description: str = Field("", description="What it is about.")
    users: tuple[str, ...] = Field(
        (), description="Usernames of those who shall see it.", examples=[["alice"]]
    )
    groups: tuple[str, ...] = Field(
        (), description="Names of the groups who shall see it.", examples=[["IR"]]
    )
    reuse: bool = Field(False, description="Take the one that has this name, should there be one.")


class InvestigationOutput(Output):
    """One investigation. Null means that Cado did not tell."""

    investigation_id: int
    name: str
    description: str = ""
    status: str = ""
    created_at: datetime | None = Field(None, description="UTC.")
    evidence_count: int | None = None
    malicious: int | None = Field(None, description="Malicious alarms.")
    suspicious: int | None = Field(None, description="Suspicious alarms.")
    created: bool = Field(False, description="Whether this run made it.")
    link: str = Field("", description="Where to look further.", json_schema_extra={"soar": "url"})


def list_investigations(
    asset: Asset, params: ListInvestigationsParams, run: Run
) -> Iterator[InvestigationOutput]:
    from cado_sentinelone.clients.cado import Cado

    cado = Cado(asset, run)
    for investigation in cado.investigations(
        name=params.name, status=params.status, with_alarms=True, limit=params.limit
    ):
        yield _output(investigation, cado.link)


def create_investigation(
    asset: Asset, params: CreateInvestigationParams, run: Run
) -> InvestigationOutput:
    from cado_sentinelone.clients.cado import Cado
    from cado_sentinelone.engine import investigations

    cado = Cado(asset, run)
    investigation, created = investigations.create_investigation(
        cado,
        params.name,
        description=params.description,
        users=params.users,
        groups=params.groups,
        reuse=params.reuse,
    )
    if created and not (params.users or params.groups):
        run.warn("nobody was assigned to it: give users or groups so that analysts see it")
    run.message = (
        f"investigation {investigation.investigation_id} {investigation.name}"
        f" {'was created' if created else 'was there already'}"
    )
    return _output(investigation, cado.link, created=created)


def _output(
    investigation: Investigation, link: str, *, created: bool = False
) -> InvestigationOutput:
    return InvestigationOutput(
        investigation_id=investigation.investigation_id,
        name=investigation.name,
        description=investigation.description,
        status=investigation.status,
        created_at=investigation.created_at,
        evidence_count=investigation.evidence_count,
        malicious=investigation.malicious,
        suspicious=investigation.suspicious,
        created=created,
        link=link,
    )


@hookimpl
def cado_sentinelone_actions() -> Iterable[Action]:
    yield Action(
        identifier="list_investigations",
        summary="List Cado's investigations, newest first, with their alarm counts.",
        params=ListInvestigationsParams,
        output=InvestigationOutput,
        run=list_investigations,
        noun=("investigation", "investigations"),
        group="investigations",
        uses=("cado",),
        columns=("investigation_id", "name", "status", "malicious", "suspicious", "created_at"),
    )
    yield Action(
        identifier="create_investigation",
        summary="Create an investigation in Cado, or take the one that has the name.",
        params=CreateInvestigationParams,
        output=InvestigationOutput,
        run=create_investigation,
        noun=("investigation", "investigations"),
        group="investigations",
        uses=("cado",),
        read_only=False,
        columns=("investigation_id", "name", "created", "link"),
    )
