"""The script that collects one endpoint, rendered from our own templates.

Cado's generated script hides every failure (`|| echo`, `exit 0`, Cado contract 4.2). Ours has an exit
code for each step and says in its last line how far it came (result.py).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pydantic import SecretStr

from cado_sentinelone.errors import ParamsError, RefusedError
from cado_sentinelone.remoteops.quoting import for_comment, for_powershell, for_sh, number
from cado_sentinelone.rendering import Quoted, Value
from cado_sentinelone.rendering import render_script as render

PACKAGE = "cado_sentinelone.remoteops"
MASK = "********"

_KEY = re.compile(r"col-[0-9a-f]{20}")
_ARCHIVE = re.compile(r"cado-host-capture-[0-9A-Za-z-]{1,80}\.tar\.lz4")
# Some five thousand characters at AWS, whose session token stands in it twice. A command line of
# Windows takes 32,767 in all.
_LONGEST_CREDENTIAL = 30_000
_PRESIGNED = re.compile(rf"[A-Za-z0-9+/_=-]{{8,{_LONGEST_CREDENTIAL}}}")
_URL = re.compile(r"https?://[!-~]{3,1990}")
_SHA256 = re.compile(r"([0-9a-f]{64})?")
_GROUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. -]{0,79}")
_DRIVE = re.compile(r"([A-Za-z]:?)?")


@dataclass(frozen=True)
class CaptureOptions:
    """What Cado Host is told to collect (Cado contract 4.1, 4.4)."""

    profile: Literal["balanced", "light", "max", "custom"] = "balanced"
    groups: tuple[str, ...] = ()
    additional_files: tuple[str, ...] = ()
    additional_files_only: bool = False
    skip_scan: bool = False
    include_memory: bool = False
    drive_letter: str = ""


@dataclass(frozen=True)
class ScriptPlan:
    """All that a script is rendered from. `key` names the once-only guard on the endpoint.

    A script for several endpoints has `own_archive`: each of them puts characters of its own, drawn
    by lot, before the archive's ending, and its result line has the whole name.
    """

    os: Literal["linux", "windows"]
    key: str
    archive_name: str
    collector_url: str
    collector_sha256: str
    presigned: SecretStr
    options: CaptureOptions
    time_limit_seconds: int
    free_bytes: int
    own_archive: bool = False


@dataclass(frozen=True)
class Script:
    """A rendered script; `masked` is the same text for people, without the credential."""

    os: Literal["linux", "windows"]
    file_name: str
    content: SecretStr
    sha256: str
    size_bytes: int
    masked: str


def render_script(plan: ScriptPlan, file_name: str) -> Script:
    """The script of `plan`. Raises ParamsError naming the field that no script can carry."""
    _check(plan)
    values, template = (
        (_powershell_values(plan), "windows.ps1.j2")
        if plan.os == "windows"
        else (_sh_values(plan), "linux.sh.j2")
    )
    text = render(PACKAGE, template, values)
    content = text.encode("ascii", "strict") if plan.os == "windows" else text.encode()
    return Script(
        os=plan.os,
        file_name=file_name,
        content=SecretStr(text),
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        masked=text.replace(plan.presigned.get_secret_value(), MASK),
    )


def credential_expiry(presigned: SecretStr) -> datetime | None:
    """When the upload credential dies, by the policy inside it; None when it does not tell.

    It is base64 of JSON with the fields of a form, one of them a policy (Cado contract 4.1).
    """
    try:
        content = json.loads(_decoded(presigned.get_secret_value()))
        policy = json.loads(_decoded(content["fields"]["policy"]))
        moment = datetime.fromisoformat(str(policy["expiration"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _decoded(text: str) -> bytes:
    return base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))


def _check(plan: ScriptPlan) -> None:
    options = plan.options
    for name, value, grammar in (
        ("collection_id", plan.key, _KEY),
        ("archive_name", plan.archive_name, _ARCHIVE),
        ("collector_url", plan.collector_url, _URL),
        ("collector_sha256", plan.collector_sha256, _SHA256),
        ("presigned_data", plan.presigned.get_secret_value(), _PRESIGNED),
        ("drive_letter", options.drive_letter, _DRIVE),
    ):
        if not grammar.fullmatch(value):
            raise ParamsError(f"{name}: is not of the form that a script may carry")
    for group in options.groups:
        if not _GROUP.fullmatch(group):
            raise ParamsError(
                f"groups: {group!r} is not what a script may carry: letters, digits, blanks, dots, "
                "_ and -"
            )
    if plan.os == "linux" and options.drive_letter:
        raise ParamsError("drive_letter: goes with Windows endpoints only")
    if any(not path for path in options.additional_files):
        raise ParamsError("additional_files: holds an empty path")
    if not 60 <= plan.time_limit_seconds <= 86_400:
        raise RefusedError("a script needs a time limit between a minute and a day")


def _metadata(plan: ScriptPlan) -> Quoted:
    return for_comment(
        {
            "version": 1,
            "key": plan.key,
            "archive": plan.archive_name,
            "time_limit_seconds": plan.time_limit_seconds,
        }
        | ({"own_archive": True} if plan.own_archive else {})
    )


def _sh_values(plan: ScriptPlan) -> dict[str, Value]:
    options = plan.options
    level = {"light": "light", "max": "max"}.get(options.profile, "default")
    return {
        "metadata": _metadata(plan),
        "key": for_sh(plan.key, "collection_id"),
        "archive": for_sh(plan.archive_name, "archive_name"),
        "url": for_sh(plan.collector_url, "collector_url"),
        "sha256": for_sh(plan.collector_sha256, "collector_sha256"),
        "presigned": for_sh(
            plan.presigned.get_secret_value(), "presigned_data", _LONGEST_CREDENTIAL
        ),
        "time_limit": number(plan.time_limit_seconds),
        "free_kib": number(-(-plan.free_bytes // 1024)),
        "level": for_sh(level, "profile"),
        "groups": [for_sh(group, "groups") for group in options.groups],
        "files": [for_sh(path, "additional_files") for path in options.additional_files],
        "files_only": options.additional_files_only,
        "skip_scan": options.skip_scan,
        "memory": options.include_memory,
        "own_archive": plan.own_archive,
    }


def _powershell_values(plan: ScriptPlan) -> dict[str, Value]:
    options = plan.options
    level = {"light": "light", "max": "max"}.get(options.profile, "default")
    return {
        "metadata": _metadata(plan),
        "key": for_powershell(plan.key, "collection_id"),
        "archive": for_powershell(plan.archive_name, "archive_name"),
        "url": for_powershell(plan.collector_url, "collector_url"),
        "sha256": for_powershell(plan.collector_sha256, "collector_sha256"),
        "presigned": for_powershell(
            plan.presigned.get_secret_value(), "presigned_data", _LONGEST_CREDENTIAL
        ),
        "time_limit": number(plan.time_limit_seconds),
        "free_bytes": number(plan.free_bytes),
        "level": for_powershell(level, "profile"),
        "drive": for_powershell(options.drive_letter.rstrip(":"), "drive_letter"),
        "groups": [for_powershell(group, "groups") for group in options.groups],
        "files": [for_powershell(path, "additional_files") for path in options.additional_files],
        "files_only": options.additional_files_only,
        "skip_scan": options.skip_scan,
        "memory": options.include_memory,
        "own_archive": plan.own_archive,
    }
