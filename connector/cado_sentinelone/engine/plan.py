"""What a collection would do, decided before anything is written or sent."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from pydantic import Field

from cado_sentinelone.errors import ParamsError, RefusedError
from cado_sentinelone.models.action import Params, Run
from cado_sentinelone.models.collection import Collection, Profile, Route
from cado_sentinelone.models.endpoint import Endpoint

# A collection with no evidence after this long is not going to bring any.
LIFETIME = timedelta(hours=24)


class CollectionRequest(Params):
    """What a person asks for; the parameters of run_collection."""

    endpoint: str = Field(
        min_length=1,
        description="Agent id, agent UUID, hostname or IP address of the endpoint.",
        examples=["lap-0042"],
        json_schema_extra={"soar": "hostname"},
    )
    investigation: str = Field(
        min_length=1,
        max_length=80,
        description="Cado investigation: id or name; a name that is not there is created.",
        examples=["INC-2187"],
    )
    via: Route = Field("cado", description="Who drives RemoteOps: Cado itself, or this connector.")
    profile: Profile = Field(
        "balanced", description="What to collect; light leaves files over 10 MB out."
    )
    groups: tuple[str, ...] = Field(
        (),
        description="Artifact groups of the custom profile; empty means all.",
        examples=[["program_execution", "processes"]],
    )
    additional_files: tuple[str, ...] = Field(
        (), description="More paths to collect.", examples=[["C:\\Users\\Public\\svch0st.exe"]]
    )
    additional_files_only: bool = Field(
        False, description="Collect additional_files and nothing else; custom profile only."
    )
    skip_scan: bool = Field(False, description="Skip the signature search for additional files.")
    include_memory: bool = Field(False, description="Capture memory; needs via=remoteops.")
    reason: str = Field("", max_length=1000, description="Why; kept in the ledger.")
    dedupe_key: str = Field(
        "",
        max_length=200,
        description="Requests with one key are one collection; default endpoint + investigation "
        "+ profile.",
    )
    allow_repeat: bool = Field(
        False, description="Collect again although this key has a collection already."
    )
    dry_run: bool = Field(False, description="Say what would be done, send nothing.")
    wait_seconds: float = Field(
        0, ge=0, le=86400, description="How long to follow the collection before returning."
    )


def host_options(request: CollectionRequest) -> dict[str, Any]:
    """The import's `host_options` (Cado contract 3.2).

    Raises ParamsError for options that do not go together, RefusedError for those that this
    route cannot do.
    """
    if request.via == "remoteops":
        raise RefusedError(
            "via=remoteops is not in this version", remedy="Use via=cado, or leave it out."
        )
    if request.profile == "max" or request.include_memory:
        what = "include_memory" if request.include_memory else "profile=max"
        raise RefusedError(
            f"{what} cannot be done via=cado: its import has no such option",
            remedy="Use profile balanced, light or custom without memory.",
        )
    if request.profile != "custom":
        for name in ("groups", "additional_files_only"):
            if getattr(request, name):
                raise ParamsError(f"{name}: goes with profile=custom only")
    if request.additional_files_only and not request.additional_files:
        raise ParamsError("additional_files: is empty, but additional_files_only is set")
    options: dict[str, Any] = {
        "collection_type": "custom" if request.profile == "custom" else "balanced",
        "light_mode": request.profile == "light",
        "skip_scan": request.skip_scan,
    }
    if request.groups:
        options["groups"] = list(request.groups)
    if request.additional_files:
        options["additional_files"] = list(request.additional_files)
    if request.additional_files_only:
        options["additional_files_only"] = True
    return options


def dedupe_key(request: CollectionRequest, agent_id: str, investigation_id: int) -> str:
    """The key under which two requests are one collection."""
    if request.dedupe_key:
        return request.dedupe_key
    key = f"{agent_id}+{investigation_id}+{request.profile}"
    if request.profile == "custom":
        # Two custom collections are the same only if they collect the same.
        options = json.dumps(host_options(request), sort_keys=True)
        key += "+" + hashlib.sha256(options.encode()).hexdigest()[:16]
    return key


def draft(
    request: CollectionRequest,
    endpoint: Endpoint,
    *,
    investigation_id: int,
    investigation_name: str,
    run: Run,
) -> Collection:
    """A planned collection of `endpoint`, not yet in any ledger."""
    now = run.utcnow()
    key = dedupe_key(request, endpoint.agent_id, investigation_id)
    seed = f"{key} {run.run_id} {now.isoformat()}"
    return Collection(
        collection_id="col-" + hashlib.sha256(seed.encode()).hexdigest()[:20],
        dedupe_key=key,
        state="planned",
        route=request.via,
        agent_id=endpoint.agent_id,
        agent_uuid=endpoint.agent_uuid,
        hostname=endpoint.hostname,
        os=endpoint.os,
        site_id=endpoint.site_id,
        account_id=endpoint.account_id,
        investigation_id=investigation_id,
        investigation_name=investigation_name,
        profile=request.profile,
        options=host_options(request),
        reason=request.reason,
        runner=run.runner,
        run_id=run.run_id,
        created_at=now,
        updated_at=now,
        deadline_at=now + LIFETIME,
    )
