"""Evidence: what the collections brought (Cado contract 7)."""

from datetime import UTC, datetime
from typing import Literal

from cado_sentinelone.sandbox.bucket import NAME
from cado_sentinelone.sandbox.cado.asked import Body, Flag, Nothing, PageQuery, Whole
from cado_sentinelone.sandbox.cado.counts import severities
from cado_sentinelone.sandbox.cado.fate import foresee_processing
from cado_sentinelone.sandbox.cado.launch import start_processing
from cado_sentinelone.sandbox.cado.operation import Answer, Call, Operation
from cado_sentinelone.sandbox.cado.paging import numbered
from cado_sentinelone.sandbox.cado.records import Evidence
from cado_sentinelone.sandbox.cado.refusal import not_found
from cado_sentinelone.sandbox.cado.system import MACHINE_IMAGE, PLATFORM_VERSION

_CAPTURE, _RESOURCE, _ACCOUNT = "triage", "xdr", "sentinelone"
_OS_NAMES = {"windows": "Windows", "linux": "Linux"}
_LOGS = {"windows": ["Windows Event Log"], "linux": ["Syslog"]}


class EvidencesQuery(PageQuery):
    """Which evidences to list; names match a part."""

    project_id: Whole | None = None
    display_name: str = ""
    os: tuple[str, ...] = ()
    hostname: str = ""
    capture_type: str = ""
    account_type: tuple[str, ...] = ()
    resource_type: tuple[str, ...] = ()
    is_compromised: Flag | None = None
    order_by: Literal["id", "-id", "display_name", "-display_name"] = "-id"
    evidence_type: tuple[str, ...] = ()


class EvidenceChange(Body):
    """What to change; nothing that is left out changes."""

    hostname: str = ""
    description: str = ""


class EvidenceId(Body):
    """The evidence to process."""

    evidence_id: int


def list_evidences(call: Call, query: EvidencesQuery) -> Answer:
    """The evidences that pass all filters, the newest first unless asked otherwise."""
    evidences = [one for one in call.state.evidences() if _passes(one, query, call.now)]
    backwards = query.order_by.startswith("-")
    evidences.sort(key=lambda evidence: evidence.evidence_id, reverse=backwards)
    if query.order_by.endswith("display_name"):
        evidences.sort(key=lambda evidence: evidence.hostname.casefold(), reverse=backwards)
    return numbered(evidences, query, lambda evidence: _shown(evidence, call.now))


def get_evidence(call: Call, _: Nothing) -> Answer:
    """One evidence, its alarms counted as far as they have been found."""
    return {"data": _shown(call.state.evidence(call.number("evidence_id")), call.now)}


def update_evidence(call: Call, body: EvidenceChange) -> Answer:
    """The evidence with the changes made to it."""
    evidence = call.state.evidence(call.number("evidence_id"))
    for name in body.model_fields_set:
        setattr(evidence, name, getattr(body, name))
    return {"data": {"evidence_id": evidence.evidence_id}}


def delete_evidence(call: Call, _: Nothing) -> Answer:
    """The evidence goes, with everything found in it."""
    call.state.evidence(call.number("evidence_id")).deleted = True
    return {}


def run_processing_again(call: Call, body: EvidenceId) -> Answer:
    """A processing pipeline that nothing triggered."""
    evidence = call.state.evidence(body.evidence_id)
    ending = foresee_processing(call.state.world, call.path)
    pipeline = start_processing(call.state, evidence, call.user, call.now, ending)
    return {"data": {"pipeline_id": pipeline.pipeline_id}}


def generate_url(call: Call, _: Nothing) -> Answer:
    """Where the archive can be downloaded, if it came through the sandbox's bucket: of what an
    import brought there is none.
    """
    evidence = call.state.evidence(call.number("evidence_id"))
    download_type = call.path_params["download_type"]
    if download_type != "preservation":
        raise not_found("download", download_type)
    world = call.state.world
    return {"data": {"url": world.bucket.link(evidence.archive, world.url)}}


def _passes(evidence: Evidence, query: EvidencesQuery, now: float) -> bool:
    hostname = evidence.hostname.casefold()
    return (
        query.project_id in (None, evidence.project.project_id)
        and query.display_name.casefold() in hostname
        and query.hostname.casefold() in hostname
        and (not query.os or _os_name(evidence) in query.os)
        and query.capture_type in ("", _CAPTURE)
        and (not query.account_type or _ACCOUNT in query.account_type)
        and (not query.resource_type or _RESOURCE in query.resource_type)
        and (not query.evidence_type or _CAPTURE in query.evidence_type)
        and (
            query.is_compromised is None
            or query.is_compromised == bool(severities(evidence.found(now))["malicious"])
        )
    )


def _os_name(evidence: Evidence) -> str:
    return _OS_NAMES[evidence.agent.os_type]


def _shown(evidence: Evidence, now: float) -> dict[str, object]:
    """The evidence; `last_processed` is in seconds (contract 0.5)."""
    last_processed_at = evidence.last_processed_at(now)
    started = datetime.fromtimestamp(evidence.pipelines[0].created_at, UTC)
    shown: dict[str, object] = {
        "id": evidence.evidence_id,
        "project_id": evidence.project.project_id,
        "display_name": evidence.hostname,
        "description": evidence.description,
        "log": f"{started:%Y-%m-%dT%H:%M:%S}",
        "alarms": severities(evidence.found(now)),
        "items": 1,
        "processing_ran": last_processed_at is not None,
        "details": {
            "os": _os_name(evidence),
            "hostname": evidence.hostname,
            "disk_size": evidence.size_bytes,
            "unique_logs": _LOGS[evidence.agent.os_type],
            "is_cado_host": True,
            "type": _CAPTURE,
            "has_network_data": True,
        },
        "preservation": {"raw": f"s3://{NAME}/{evidence.archive}"},
    }
    if evidence.account_name:
        # An archive that came by the bucket alone tells of no account's machine.
        shown["resource"] = {
            "id": evidence.agent.agent_id,
            "type": _RESOURCE,
            "account_id": evidence.account_name,
            "account_type": _ACCOUNT,
            "roles": [],
        }
    if last_processed_at is not None:
        shown["last_processed"] = last_processed_at
        shown["processed_ami"] = MACHINE_IMAGE
        shown["processed_platform_version"] = PLATFORM_VERSION
    return shown


OPERATIONS = (
    Operation(
        "GET", "/evidences", "List evidences", "projects_read", EvidencesQuery, list_evidences
    ),
    Operation(
        "POST",
        "/evidences/process",
        "Process an evidence",
        "projects_write",
        EvidenceId,
        run_processing_again,
        status=201,
        event="Create",
    ),
    Operation(
        "GET", "/evidences/{evidence_id}", "Get an evidence", "projects_read", Nothing, get_evidence
    ),
    Operation(
        "PATCH",
        "/evidences/{evidence_id}",
        "Update an evidence",
        "projects_write",
        EvidenceChange,
        update_evidence,
        event="Update",
    ),
    Operation(
        "DELETE",
        "/evidences/{evidence_id}",
        "Delete an evidence",
        "projects_write",
        Nothing,
        delete_evidence,
        event="Delete",
    ),
    Operation(
        "GET",
        "/evidences/{evidence_id}/generate-url/{download_type}",
        "Generate a download URL",
        "download_evidence",
        Nothing,
        generate_url,
    ),
)
