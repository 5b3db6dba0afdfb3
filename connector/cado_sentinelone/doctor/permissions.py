"""The permissions of SentinelOne's role: what each is called, and what the API tells of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cado_sentinelone.clients.sentinelone_records import PermissionPage
from cado_sentinelone.doctor.checks import Examination

RSO = "Remote Script Orchestration"
# SentinelOne contract 3.
_NO_STRING = "the API has no name for it, so no token can be asked whether it has it"


@dataclass(frozen=True)
class Needed:
    """One permission: its label in the console, and its page and name in the API if it has any."""

    label: str
    page: str = ""
    name: str = ""


# The vendor's list of eleven (SentinelOne contract 3), in its order.
REMOTE_OPS = (
    Needed("RemoteOps > View", RSO, "view"),
    Needed("RemoteOps > View Output"),
    Needed("RemoteOps > Upload", RSO, "upload"),
    Needed("RemoteOps > Run Data Collection Script", RSO, "runDataCollectionScript"),
    Needed("RemoteOps > Run Artifact Collection Script", RSO, "runArtifactCollectionScript"),
    Needed("RemoteOps > Run Action Script", RSO, "runActionScript"),
    Needed("RemoteOps > Delete", RSO, "delete"),
    Needed("RemoteOps > Cancel Data Collection Script"),
    Needed("RemoteOps > Cancel Artifact Collection Script"),
    Needed("RemoteOps > Cancel Action Script"),
    Needed("Task Management > View", "Task Management", "view"),
)
# What the actions need on top of it: the base role, and exclusions.
BASE = (
    Needed("Endpoints > View", "Endpoints", "view"),
    Needed("Sites > View", "Sites", "view"),
    Needed("Exclusions > View", "Exclusions", "view"),
    Needed("Exclusions > Create", "Exclusions", "create"),
    Needed("Exclusions > Delete", "Exclusions", "delete"),
)


def add_permission_checks(
    exam: Examination, pages: Sequence[PermissionPage] | None, why_unreadable: str
) -> None:
    """One check per permission, by name; `pages` None means that the role cannot be read."""
    for needed in (*REMOTE_OPS, *BASE):
        name = f"permission: {needed.label}"
        granted = _granted(needed, pages) if needed.name and pages is not None else None
        remedy = f"Tick {needed.label} in the service user's role."
        if granted:
            exam.add(name, "ok", f"the role has {needed.page}.{needed.name}")
        elif granted is False:
            exam.add(name, "failed", f"the role lacks {needed.page}.{needed.name}", remedy)
        elif not needed.name and (listed := _listed(needed, pages)) is not None:
            exam.add(
                name,
                "ok" if listed else "failed",
                "as the role's page shows it",
                "" if listed else remedy,
            )
        elif not needed.name:
            exam.add(name, "unknown", _NO_STRING, f"Look in the console: {remedy}")
        elif pages is None:
            exam.add(name, "unknown", why_unreadable, f"Look in the console: {remedy}")
        else:
            detail = f"the role's pages do not mention {needed.page}.{needed.name}"
            exam.add(name, "unknown", detail, f"Look in the console: {remedy}")


def _granted(needed: Needed, pages: Sequence[PermissionPage]) -> bool | None:
    """Whether every role behind `pages` has it; None when no page mentions it.

    What identifiers look like is not published (SentinelOne contract 13): name and title count
    too, and spelling is compared without case, spaces and punctuation.
    """
    page_key, name_key = _key(needed.page), _key(needed.name)
    page_keys = {page_key, "remoteops"} if needed.page == RSO else {page_key}
    found: list[bool] = []
    for page in pages:
        if not {_key(page.name), _key(page.identifier)} & page_keys:
            continue
        for permission in page.permissions:
            spellings = {_key(permission.identifier), _key(permission.title)}
            if spellings & {name_key, *(key + name_key for key in page_keys)}:
                found.append(permission.granted)
    return all(found) if found else None


def _listed(needed: Needed, pages: Sequence[PermissionPage] | None) -> bool | None:
    """For a permission that the API does not name: what the page says, if it shows its label."""
    label = needed.label.rpartition("> ")[2]
    return _granted(Needed(needed.label, RSO, label), pages) if pages is not None else None


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())
