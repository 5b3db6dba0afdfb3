"""What SQLite's errors mean to the person who runs the connector."""

from __future__ import annotations

from typing import NamedTuple

from cado_sentinelone.errors import LedgerError


class _Meaning(NamedTuple):
    words: str
    remedy: str
    retryable: bool = False


_MEANINGS = {
    "SQLITE_BUSY": _Meaning(
        "is locked by another process",
        "Run again; if it stays, find the process that holds the ledger open.",
        retryable=True,
    ),
    "SQLITE_FULL": _Meaning(
        "cannot grow", "Free space on the disk that holds the ledger and run again."
    ),
    "SQLITE_READONLY": _Meaning(
        "cannot be written", "Give this user write permission to the file and to its folder."
    ),
    "SQLITE_CANTOPEN": _Meaning(
        "cannot be opened",
        "Check that the folder of ledger_url exists and that this user may write there.",
    ),
    "SQLITE_NOTADB": _Meaning(
        "is no ledger",
        "Set ledger_url to a file of this connector's own; that file was left as it is.",
    ),
    "SQLITE_CORRUPT": _Meaning(
        "is damaged",
        "Restore it from a backup. An empty ledger would know of no launch: before you begin "
        "one, look in both consoles for collections that still run.",
    ),
    "SQLITE_IOERR": _Meaning(
        "cannot be read or written",
        "Check the disk; the ledger must be on a local one, not on a network share.",
    ),
}


def in_words(ledger_name: str, error: Exception) -> LedgerError:
    """What `error`, raised by SQLite or by making its file, means for the ledger."""
    # An extended name says more than the decision needs: SQLITE_IOERR_WRITE, _FSYNC...
    kind = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
    if isinstance(error, OSError):
        kind = "SQLITE_CANTOPEN"
    meaning = _MEANINGS.get(kind, _Meaning("failed", ""))
    return LedgerError(
        f"{ledger_name} {meaning.words}: {error}",
        remedy=meaning.remedy,
        retryable=meaning.retryable,
    )
