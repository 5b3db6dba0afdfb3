"""The scripts of collections: rendered, uploaded, held against what was sent, deleted."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import SecretStr

from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.states import ENDS
from cado_sentinelone.errors import (
    AnswerLostError,
    ConnectorError,
    NotFoundError,
    RefusedError,
    UnavailableError,
)
from cado_sentinelone.models.collection import Collection, State
from cado_sentinelone.remoteops.script import (
    CaptureOptions,
    Script,
    ScriptPlan,
    credential_expiry,
    render_script,
)

if TYPE_CHECKING:
    from cado_sentinelone.clients.cado_records import CadoHostScript
    from cado_sentinelone.clients.sentinelone_script_records import RemoteScript

# In these a script has had its day on the endpoint.
SCRIPT_DONE: frozenset[State] = ENDS | {"uploading", "processing"}
PREFIX = "cado-sentinelone-"
OURS = re.compile(rf"{PREFIX}(col-[0-9a-f]{{20}})-[0-9]+-[0-9a-f]{{6}}")
_SHARED_ARCHIVE = re.compile(r"(cado-host-capture-[0-9a-f]{20})-[0-9a-f]{16}\.tar\.lz4")
# Documents disagree on how long an upload credential lives; two hours is the least (contract 4.1).
_CREDENTIAL_LIFE = timedelta(hours=2)
_MARGIN = timedelta(minutes=10)
_LEAST_TIME = timedelta(minutes=15)
# Room for the archive on the endpoint before anything is written there.
_FREE_BYTES = {"light": 256 << 20, "balanced": 2 << 30, "custom": 2 << 30, "max": 10 << 30}
_FREE_BYTES_FOR_MEMORY = 8 << 30


class Prepared(NamedTuple):
    """A script that is ready to be uploaded under `name`; `archive` is empty where each endpoint
    names its own.
    """

    name: str
    script: Script
    archive: str
    time_limit_seconds: int


def key_of(collection: Collection) -> str:
    """What its script runs once for on an endpoint."""
    return collection.batch_id or collection.collection_id


def archive_name(collection: Collection) -> str:
    """What the collection's archive is called; Cado imports only names of this form. Endpoints that
    share a script put characters of their own before its ending.
    """
    return f"cado-host-capture-{key_of(collection).removeprefix('col-')}.tar.lz4"


def shared_stem(name: str) -> str:
    """The part of an archive's name that is the same for all that share a script; "" for any other."""
    matched = _SHARED_ARCHIVE.fullmatch(name)
    return matched[1] if matched else ""


def is_own_archive(name: str, collection: Collection) -> bool:
    """Whether an endpoint that shares the collection's script would call its archive so."""
    return shared_stem(name) == archive_name(collection).removesuffix(".tar.lz4")


def prepare(collection: Collection, desk: Desk) -> Prepared:
    """The collection's script with a fresh upload credential in it.

    Raises RefusedError for a credential that will not live long enough, and what Cado says.
    """
    options = collection.options
    vendor = desk.cado.cado_host_script(
        project_id=collection.investigation_id,
        os=collection.os,
        options=_command_options(collection),
    )
    expiry = credential_expiry(vendor.presigned)
    life = _CREDENTIAL_LIFE
    if expiry is not None:
        life = min(life, expiry - desk.run.utcnow())
    if life < _LEAST_TIME:
        raise RefusedError(
            "Cado gave an upload credential that ends too soon for a collection",
            remedy="Check the clocks of this machine and of the Cado platform.",
        )
    name = f"{PREFIX}{collection.collection_id}-{collection.attempts + 1}-{desk.run.run_id[-6:]}"
    url = options.get("collector_url") or desk.cado.cado_host_link(collection.os)
    limit = int((life - _MARGIN).total_seconds())
    archive = "" if collection.batch_id else archive_name(collection)
    return Prepared(name, _render(collection, vendor, url, limit, name), archive, limit)


def masked_script(collection: Collection, desk: Desk) -> str:
    """The script as it would reach the endpoint, secrets masked; nothing is asked for but where
    the binary is.
    """
    url = collection.options.get("collector_url") or desk.cado.cado_host_link(collection.os)
    limit = int((_CREDENTIAL_LIFE - _MARGIN).total_seconds())
    return _render(collection, None, url, limit, f"{PREFIX}{collection.collection_id}").masked


def check_renderable(collection: Collection) -> None:
    """Raises ParamsError naming the option that no script can carry, without asking anybody."""
    url = collection.options.get("collector_url") or "https://cado-host.invalid/cado-host"
    _render(collection, None, url, 3600, f"{PREFIX}{collection.collection_id}")


def upload(
    collection: Collection, prepared: Prepared, desk: Desk, *, site_id: str | None = None
) -> RemoteScript:
    """The script in the library of the collection's site, or of its account where it has none or
    `site_id` is empty, with the content that was sent (S8).

    Its name and hash are in the ledger before it is sent. Raises RefusedError when the console
    has another content, UnavailableError when it cannot be told whether it arrived.
    """
    site_id = collection.site_id if site_id is None else site_id
    script, run = prepared.script, desk.run
    desk.ledger.note(
        collection.collection_id,
        at=run.utcnow(),
        run_id=run.run_id,
        event="script prepared",
        details={
            "script_name": prepared.name,
            "script_sha256": script.sha256,
            "script_size_bytes": script.size_bytes,
            "archive_name": prepared.archive,
            "time_limit_seconds": prepared.time_limit_seconds,
        },
    )
    scope = ("site", site_id) if site_id else ("account", collection.account_id)
    try:
        remote = desk.sentinelone.upload_script(
            name=prepared.name,
            file_name=script.file_name,
            content=script.content,
            os=script.os,
            scope_level=scope[0],
            scope_id=scope[1],
            runtime_limit_seconds=prepared.time_limit_seconds + 120,
            description=f"Cado Host for collection {collection.collection_id}",
        )
    except AnswerLostError as error:
        named = desk.sentinelone.scripts(query=prepared.name)
        found = next((one for one in named if one.name == prepared.name), None)
        if found is None:
            raise UnavailableError(
                f"{error.message}; nothing was sent to the endpoint",
                remedy="Run the same action again.",
                vendor="sentinelone",
            ) from error
        remote = found
    try:
        check_content(remote.script_id, script.sha256, desk)
    except ConnectorError:
        drop(remote.script_id, desk)
        raise
    return remote


def check_content(script_id: str, sha256: str, desk: Desk) -> None:
    """Raises RefusedError when the console's script is not the one that was uploaded (S8)."""
    try:
        content = desk.sentinelone.script_content(script_id).get_secret_value()
    except NotFoundError:
        raise RefusedError(
            f"script {script_id} is not in the console's library any more: somebody deleted it",
            remedy="Find out who did (Activity page), then run the collection again.",
        ) from None
    if hashlib.sha256(content.encode()).hexdigest() != sha256:
        raise RefusedError(
            f"script {script_id} in the console is not what was uploaded: its content changed",
            remedy="Find out who changed it (Activity page) before anything else runs there.",
        )


def drop(script_id: str, desk: Desk) -> bool:
    """Whether the script is gone from the console; a refusal is a warning, as it holds an upload
    credential.
    """
    try:
        desk.sentinelone.delete_scripts([script_id])
    except NotFoundError:
        return True
    except ConnectorError as error:
        desk.run.warn(
            f"script {script_id} holds an upload credential and could not be deleted from the "
            f"console: {error.message}"
        )
        return False
    return True


def is_needed(script_id: str, desk: Desk) -> bool:
    """Whether the script may still have to run on one of the endpoints that it was sent to."""
    return desk.ledger.script_is_needed(script_id, done=SCRIPT_DONE)


def tidy(collection: Collection, desk: Desk) -> Collection:
    """`collection` after its script was deleted, when it has one that has had its day everywhere."""
    if not collection.script_id or collection.script_deleted_at is not None:
        return collection
    if collection.batch_id and is_needed(collection.script_id, desk):
        return collection
    if not drop(collection.script_id, desk):
        return collection
    now = desk.run.utcnow()
    with desk.ledger.together():
        for one in desk.ledger.of_script(collection.script_id):
            if one.script_deleted_at is None:
                desk.ledger.step(
                    one.collection_id,
                    one.state,
                    at=now,
                    run_id=desk.run.run_id,
                    note=f"script {collection.script_id} deleted from the console",
                    script_deleted_at=now,
                )
    return desk.ledger.get(collection.collection_id)


def _render(
    collection: Collection, vendor: CadoHostScript | None, url: str, limit: int, name: str
) -> Script:
    options = collection.options
    # A dry run has no credential; this one is masked like any other.
    placeholder = SecretStr(b64encode(json.dumps({"url": "", "fields": {}}).encode()).decode())
    plan = ScriptPlan(
        os="windows" if collection.os == "windows" else "linux",
        key=key_of(collection),
        archive_name=archive_name(collection),
        collector_url=url,
        collector_sha256=options.get("collector_sha256", "").lower(),
        presigned=vendor.presigned if vendor else placeholder,
        options=CaptureOptions(
            profile=options.get("profile", "balanced"),
            groups=tuple(options.get("groups", ())),
            additional_files=tuple(options.get("additional_files", ())),
            additional_files_only=options.get("additional_files_only", False),
            skip_scan=options.get("skip_scan", False),
            include_memory=options.get("include_memory", False),
            drive_letter=options.get("drive_letter", ""),
        ),
        time_limit_seconds=limit,
        free_bytes=_FREE_BYTES[collection.profile]
        + (_FREE_BYTES_FOR_MEMORY if options.get("include_memory") else 0),
        own_archive=bool(collection.batch_id),
    )
    suffix = ".ps1" if plan.os == "windows" else ".sh"
    return render_script(plan, name + suffix)


def _command_options(collection: Collection) -> dict[str, Any]:
    """The vendor's `command_options` (Cado contract 4.1): their flags are read from its script."""
    options = collection.options
    wanted: dict[str, Any] = {
        "light_mode": collection.profile == "light",
        "max_mode": collection.profile == "max",
        "enable_memory": options.get("include_memory", False),
        "skip_scan": options.get("skip_scan", False),
        "filename": "" if collection.batch_id else archive_name(collection),
        "groups": options.get("groups"),
        "additional_files": options.get("additional_files"),
        "drive_letter": options.get("drive_letter"),
    }
    return {name: value for name, value in wanted.items() if value}
