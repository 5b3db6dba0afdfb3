"""A collection: our whole job for one endpoint, as the ledger keeps it and as runners see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from cado_sentinelone.models.action import Output

State = Literal[
    "planned",
    "requested",
    "waiting_approval",
    "waiting_endpoint",
    "running",
    "uploading",
    "processing",
    "completed",
    "completed_with_errors",
    "failed",
    "expired",
    "cancelled",
    "refused",
    "unknown",
]
Route = Literal["cado", "remoteops"]
# What is known without asking for findings.
EarlyVerdict = Literal["", "malicious", "suspicious", "no_findings"]
Profile = Literal["balanced", "light", "max", "custom"]


class Collection(Output):
    """One collection. Times are aware UTC; vendor ids are empty until the vendor gave them."""

    collection_id: str = Field(description="Our id; every other action takes it.")
    dedupe_key: str = Field(description="Two requests with one key are one collection.")
    state: State
    route: Route
    agent_id: str = Field(description="SentinelOne agent id.")
    agent_uuid: str = ""
    hostname: str = ""
    os: str = ""
    site_id: str = ""
    account_id: str = ""
    device_id: str = Field("", description="The endpoint's id in Cado's XDR listing.")
    investigation_id: int
    investigation_name: str = ""
    profile: Profile = "balanced"
    options: dict[str, Any] = Field(default_factory=dict, description="Options sent to Cado Host.")
    reason: str = Field("", description="Why it was asked for.")
    requested_by: str = Field("", description="Who asked for it.")
    runner: str = ""
    run_id: str = ""
    pipeline_id: int | None = None
    pipeline_watermark: int | None = Field(
        None, description="Newest pipeline of the investigation before the launch."
    )
    parent_task_id: str = ""
    task_id: str = Field("", description="The endpoint's own row of the parent task.")
    pending_execution_id: str = ""
    batch_id: str = Field(
        "", description="Of the collections that were sent one script in one call, the first's id."
    )
    script_id: str = ""
    script_name: str = ""
    script_sha256: str = ""
    script_deleted_at: datetime | None = None
    attempts: int = Field(0, description="How often a script was sent; each with the same key.")
    archive_name: str = Field("", description="What the endpoint was told to call its archive.")
    archive_sha256: str = Field("", description="Of the archive, as the endpoint reported it.")
    archive_size_bytes: int | None = None
    result_line: str = Field("", description="The script's own report, as it came.")
    evidence_ids: tuple[int, ...] = ()
    verdict: EarlyVerdict = Field(
        "", description="By Cado's alarm counts when it ended; get_findings asks again."
    )
    error: str = Field("", description="Why it did not end well, in words.")
    created_at: datetime
    requested_at: datetime | None = None
    updated_at: datetime
    finished_at: datetime | None = None
    deadline_at: datetime | None = None
