"""The custody records in SQL, for every backend: an entry is written in the transaction of what it tells of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cado_sentinelone.engine.custody import Entry, Record, next_entry
from cado_sentinelone.engine.ledger_connection import Connection
from cado_sentinelone.errors import NotFoundError
from cado_sentinelone.models.collection import Collection

# An entry has these by itself.
_TOLD_ELSEWHERE = frozenset({"state", "updated_at"})


def note_claim(connection: Connection, draft: Collection) -> None:
    """The first entry: all that is known of what was asked for."""
    append(
        connection,
        draft.collection_id,
        at=draft.created_at,
        event="asked for",
        run_id=draft.run_id,
        to_state="planned",
        details={
            name: value
            for name, value in dict(draft).items()
            if name not in _TOLD_ELSEWHERE and value not in ("", None, ())
        },
    )


def note_step(
    connection: Connection,
    before: Collection,
    after: Collection,
    *,
    at: datetime,
    run_id: str,
    note: str,
) -> None:
    """One step and what it changed."""
    was = dict(before)
    append(
        connection,
        after.collection_id,
        at=at,
        event="step",
        run_id=run_id,
        note=note,
        from_state=before.state,
        to_state=after.state,
        details={
            name: value
            for name, value in dict(after).items()
            if value != was[name] and name not in _TOLD_ELSEWHERE
        },
    )


def append(
    connection: Connection,
    collection_id: str,
    *,
    at: datetime,
    event: str,
    run_id: str,
    note: str = "",
    from_state: str = "",
    to_state: str = "",
    details: Mapping[str, object],
) -> None:
    """Adds the entry that follows the last one, and makes it the last. Raises LedgerError."""
    sequence, count, head = connection.execute(
        "SELECT sequence, custody_count, custody_head FROM collections WHERE collection_id = ?",
        (collection_id,),
    ).fetchone()
    entry = next_entry(
        count + 1,
        head,
        collection_id=collection_id,
        at=at,
        event=event,
        run_id=run_id,
        note=note,
        from_state=from_state,
        to_state=to_state,
        details=details,
    )
    connection.execute(
        "INSERT INTO custody VALUES (?, ?, ?, ?)",
        (sequence, entry.number, entry.line, entry.sha256),
    )
    connection.execute(
        "UPDATE collections SET custody_count = ?, custody_head = ? WHERE sequence = ?",
        (entry.number, entry.sha256, sequence),
    )


def record_of(connection: Connection, collection_id: str) -> Record:
    """The collection's record as it is stored. Raises NotFoundError."""
    row = connection.execute(
        "SELECT sequence, custody_count, custody_head FROM collections WHERE collection_id = ?",
        (collection_id,),
    ).fetchone()
    if row is None:
        raise NotFoundError(f"the ledger has no collection {collection_id!r}")
    rows = connection.execute(
        "SELECT number, entry, digest FROM custody WHERE collection = ? ORDER BY number",
        (row["sequence"],),
    ).fetchall()
    entries = tuple(Entry(*found) for found in rows)
    return Record(collection_id, entries, row["custody_count"], row["custody_head"])
