"""Whether evidence in Cado is of the endpoint that was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from cado_sentinelone.clients.cado_evidence_records import Evidence


def same_host(one: str, other: str) -> bool:
    """Whether two hostnames name one machine: case aside, and a bare name fits its full one."""
    one, other = one.casefold().rstrip("."), other.casefold().rstrip(".")
    if not one or not other:
        return False
    if "." in one and "." in other:
        return one == other
    return one.partition(".")[0] == other.partition(".")[0]


def belongs(
    evidence: Evidence, *, hostname: str, ids: Iterable[str], archive_name: str = ""
) -> bool | None:
    """Whether `evidence` is of the endpoint with this hostname or one of these vendor ids, or was
    made of this archive, which one endpoint alone was told to name so.

    None when the evidence does not tell: every field that could is optional, and what fills
    `resource.id` is not stated (Cado contract 7), so a hostname outweighs it.
    """
    if evidence.hostname:
        return same_host(evidence.hostname, hostname)
    if archive_name and evidence.archive_name == archive_name:
        return True
    if evidence.resource_id and evidence.resource_id in {known for known in ids if known}:
        return True
    # The display name is free text: it can confirm a host, not deny one.
    return True if same_host(evidence.display_name, hostname) else None


def belonging_words(evidence: Evidence) -> str:
    """How to name evidence of another endpoint to a person."""
    return f"evidence {evidence.evidence_id} is of {evidence.hostname or evidence.display_name!r}"
