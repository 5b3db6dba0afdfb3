"""The custody record of a collection: an append-only chain of entries, each bound to the one before.

An entry is one line of JSON; its digest is the SHA-256 of that line's bytes, and the line itself
holds the digest of the entry before. How many there are and the last digest stand apart from them,
so that a record which was cut short is seen as well (promise S15).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from cado_sentinelone.errors import LedgerError

FORMAT = "cado-sentinelone custody 1"
_LONGEST_ENTRY = 65_536


class Entry(NamedTuple):
    """One entry as it is stored: its place, its line, and the digest of the line."""

    number: int
    line: str
    sha256: str


class Record(NamedTuple):
    """A collection's entries, and what stands apart from them: how many, and the last digest."""

    collection_id: str
    entries: tuple[Entry, ...]
    entries_count: int
    head_sha256: str


def next_entry(
    number: int,
    previous_sha256: str,
    *,
    collection_id: str,
    at: datetime,
    event: str,
    run_id: str,
    note: str = "",
    from_state: str = "",
    to_state: str = "",
    details: Mapping[str, object] | None = None,
) -> Entry:
    """The entry that follows the one with that digest. Raises LedgerError for one too long."""
    line = json.dumps(
        {
            "format": FORMAT,
            "collection_id": collection_id,
            "number": number,
            "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
            "event": event,
            "run_id": run_id,
            "from_state": from_state,
            "to_state": to_state,
            "note": note,
            "details": dict(details or {}),
            "previous_sha256": previous_sha256,
        },
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
        default=_plain,
    )
    if len(line) > _LONGEST_ENTRY:
        raise LedgerError(
            f"an entry of the custody record would take more than {_LONGEST_ENTRY} bytes",
            remedy="Shorten the collection's options and reason and run again.",
        )
    return Entry(number, line, digest_of(line))


def digest_of(line: str) -> str:
    """The digest that binds `line`."""
    return hashlib.sha256(line.encode("ascii", "backslashreplace")).hexdigest()


def problems_of(record: Record) -> list[str]:
    """Everything that shows that the record is not as it was written; empty when nothing does."""
    problems: list[str] = []
    previous = ""
    for place, entry in enumerate(record.entries, 1):
        told = f"entry {place}"
        if entry.number != place:
            problems.append(f"{told} is numbered {entry.number}: one is missing or out of order")
        if digest_of(entry.line) != entry.sha256:
            problems.append(f"{told} does not match its digest: one of the two was changed")
        content = content_of(entry)
        if content is None:
            problems.append(f"{told} is not an entry of a custody record")
        else:
            if content.get("previous_sha256") != previous:
                problems.append(f"{told} does not follow the entry before it")
            if content.get("number") != place:
                problems.append(f"{told} says that it is number {content.get('number')}")
            if content.get("collection_id") != record.collection_id:
                problems.append(f"{told} belongs to another collection")
        previous = entry.sha256
    if len(record.entries) != record.entries_count:
        problems.append(
            f"there are {len(record.entries)} entries where {record.entries_count} were written"
        )
    if previous != record.head_sha256:
        problems.append("the last entry is not the last that was written")
    return problems


def content_of(entry: Entry) -> dict[str, Any] | None:
    """What the entry says, or None when it is none."""
    try:
        content = json.loads(entry.line)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and content.get("format") == FORMAT else None


def exported(record: Record) -> str:
    """The record as a file that anybody can verify: each line apart, as its text."""
    return json.dumps(
        {
            "format": FORMAT,
            "collection_id": record.collection_id,
            "entries_count": record.entries_count,
            "head_sha256": record.head_sha256,
            "entries": [{"line": entry.line, "sha256": entry.sha256} for entry in record.entries],
        },
        indent=1,
    )


def imported(text: str) -> Record:
    """The record of an exported file. Raises LedgerError for what is no such file."""
    try:
        document = json.loads(text)
        entries = tuple(
            Entry(number, str(entry["line"]), str(entry["sha256"]))
            for number, entry in enumerate(document["entries"], 1)
        )
        return Record(
            str(document["collection_id"]),
            entries,
            int(document["entries_count"]),
            str(document["head_sha256"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise LedgerError(
            "this is not an exported custody record",
            remedy="Export it again with get_custody_record.",
        ) from None


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Iterable):
        return list(value)
    return str(value)
