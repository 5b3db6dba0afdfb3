"""What the console thinks of an exclusion's value before it takes it (contract 9.1).

The verdicts are the vendor's, where the lines between them run is not published: here a path
that covers everything is refused, and one whose last part is a wildcard near a root is not
recommended.
"""

import re
from collections.abc import Iterable

from cado_sentinelone.sandbox.sentinelone.records import Exclusion

FINE = "NONE"
NOT_ALLOWED = "Not allowed"
NOT_RECOMMENDED = "Not recommended"
DUPLICATION = "Duplication"

_REASONS = {
    NOT_ALLOWED: "This value covers everything.",
    NOT_RECOMMENDED: "This value covers more than one product.",
}


def verdict_on(value: str, exclusion_type: str) -> str:
    """What the console thinks of the value alone."""
    if exclusion_type != "path":
        return FINE
    parts = [part for part in re.split(r"[\\/]", value) if part]
    if all(re.fullmatch(r"\*+|[A-Za-z]:", part) for part in parts):
        return NOT_ALLOWED
    if "*" in parts[-1] and len(parts) < 4:
        return NOT_RECOMMENDED
    return FINE


def validation(
    value: str, exclusion_type: str, os_type: str | None, existing: Iterable[Exclusion]
) -> dict[str, object]:
    """What `exclusions/validate` answers about a value among those that exist already."""
    # This one route says "hash" where all others say "white_hash".
    exclusion_type = "white_hash" if exclusion_type == "hash" else exclusion_type
    status = verdict_on(value, exclusion_type)
    reason = _REASONS.get(status)
    for exclusion in existing:
        if (exclusion.type, exclusion.value, exclusion.os_type) == (exclusion_type, value, os_type):
            status, reason = _duplicate(exclusion), "This value exists already."
    return {"status": status, "details": [{"field": "value", "error": reason}] if reason else []}


def _duplicate(exclusion: Exclusion) -> str:
    if exclusion.type != "white_hash":
        return DUPLICATION
    return "duplicated_value_sha256" if len(exclusion.value) == 64 else "duplicated_value_sha1"
