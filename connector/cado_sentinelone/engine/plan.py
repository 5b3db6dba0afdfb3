"""What a collection would do, decided before anything is written or sent."""

from __future__ import annotations

import getpass
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
# How long an endpoint that is offline is waited for.
ENDPOINT_WAIT_HOURS = 168.0


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
    drive_letter: str = Field(
        "",
        pattern="^([A-Za-z]:?)?$",
        description="Windows drive to collect from; empty means the system's; via=remoteops only.",
        examples=["D"],
    )
    collector_url: str = Field(
        "",
        max_length=2000,
        description="Own download location of the Cado Host binary, https; via=remoteops only.",
        examples=["https://mirror.example.com/cado-host/linux/cado-host"],
        json_schema_extra={"soar": "url"},
    )
    collector_sha256: str = Field(
        "",
        pattern="^([0-9A-Fa-f]{64})?$",
        description="The binary runs only if it has this SHA-256; via=remoteops only.",
        json_schema_extra={"soar": "sha256"},
    )
    wait_for_endpoint_hours: float = Field(
        ENDPOINT_WAIT_HOURS,
        ge=0,
        le=8760,
        description="How long an offline endpoint is waited for; 0 refuses it; via=remoteops only.",
    )
    requested_by: str = Field(
        "", max_length=200, description="Who asks; kept in the ledger. Default: the login name."
    )
    reason: str = Field("", max_length=1000, description="Why; kept in the ledger.")
    dedupe_key: str = Field(
        "",
        max_length=200,
        description="Requests with one key are one collection; default endpoint + investigation "
        "+ profile, with memory and a custom profile's options.",
    )
    allow_repeat: bool = Field(
        False, description="Collect again although this key has a collection already."
    )
    dry_run: bool = Field(False, description="Say what would be done, send nothing.")
    wait_seconds: float = Field(
        0, ge=0, le=86400, description="How long to follow the collection before returning."
    )


def options_of(request: CollectionRequest) -> dict[str, Any]:
    """What the ledger keeps of how to collect, by the request's route.

    Raises ParamsError for options that do not go together, RefusedError for those that the
    route cannot do.
    """
    if request.profile != "custom":
        for name in ("groups", "additional_files_only"):
            if getattr(request, name):
                raise ParamsError(f"{name}: goes with profile=custom only")
    if request.additional_files_only and not request.additional_files:
        raise ParamsError("additional_files: is empty, but additional_files_only is set")
    return _script_options(request) if request.via == "remoteops" else _host_options(request)


def _host_options(request: CollectionRequest) -> dict[str, Any]:
    """The import's `host_options` (Cado contract 3.2)."""
    if request.profile == "max" or request.include_memory:
        what = "include_memory" if request.include_memory else "profile=max"
        raise RefusedError(
            f"{what} cannot be done via=cado: its import has no such option",
            remedy="Use via=remoteops, or profile balanced, light or custom without memory.",
        )
    for name in ("drive_letter", "collector_url", "collector_sha256"):
        if getattr(request, name):
            raise ParamsError(f"{name}: goes with via=remoteops only")
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


def _script_options(request: CollectionRequest) -> dict[str, Any]:
    """What our own script is rendered from when its time has come, which may be days away."""
    if request.collector_url.lower().startswith("http:") and not request.collector_sha256:
        raise ParamsError(
            "collector_url: without https anybody on the way could put another program in, and it "
            "runs as root; use https, or pin the program with collector_sha256"
        )
    names = ("skip_scan", "include_memory", "drive_letter", "collector_url", "collector_sha256")
    options: dict[str, Any] = {"profile": request.profile}
    options |= {name: getattr(request, name) for name in names if getattr(request, name)}
    for name in ("groups", "additional_files"):
        if getattr(request, name):
            options[name] = list(getattr(request, name))
    if request.additional_files_only:
        options["additional_files_only"] = True
    return options


def dedupe_key(request: CollectionRequest, agent_id: str, investigation_id: int) -> str:
    """The key under which two requests are one collection."""
    if request.dedupe_key:
        return request.dedupe_key
    key = f"{agent_id}+{investigation_id}+{request.profile}"
    if request.include_memory:
        key += "+memory"
    if request.profile == "custom":
        # Two custom collections are the same only if they collect the same.
        options = json.dumps(options_of(request), sort_keys=True)
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
        options=options_of(request),
        reason=request.reason,
        requested_by=request.requested_by or login_name(),
        runner=run.runner,
        run_id=run.run_id,
        created_at=now,
        updated_at=now,
        deadline_at=now + max(LIFETIME, _endpoint_wait(request)),
    )


def _endpoint_wait(request: CollectionRequest) -> timedelta:
    hours = request.wait_for_endpoint_hours if request.via == "remoteops" else 0
    return timedelta(hours=hours)


def login_name() -> str:
    """Whose process this is; empty where the system does not tell, as in some containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
