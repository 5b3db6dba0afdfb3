"""The ledger: what this connector set out to do, what it did, and what came of it.

It is the only memory that outlives a run, and what makes "never twice" true: an intent is
durable here before anything is sent. This file is what every backend promises; a backend is
one file of its own, and no database driver is imported before a ledger is opened.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cado_sentinelone.engine.custody import Record
from cado_sentinelone.engine.ledger_fleets import FleetLedger
from cado_sentinelone.engine.ledger_workers import WorkerLedger
from cado_sentinelone.errors import LedgerError
from cado_sentinelone.models.action import Output
from cado_sentinelone.models.collection import Collection, State


class Step(Output):
    """One line of a collection's history; `from_state` is empty on its first."""

    at: datetime
    collection_id: str
    from_state: str
    to_state: str
    run_id: str
    note: str


class Ledger(FleetLedger, WorkerLedger, Protocol):
    """What every backend does, alone or with other processes at work on the same ledger.

    Each method is one transaction, durable when it returns. One ledger may be shared by
    threads, never by a process and its fork. Every method raises LedgerError when the ledger
    cannot be read or written; nothing was changed then.
    """

    def claim(self, draft: Collection, *, allow_repeat: bool = False) -> tuple[Collection, bool]:
        """The collection that holds the draft's dedupe key, and whether that is the draft.

        A key is held by the newest collection with it, until that one ends in a state that
        frees it (states.FREES_KEY). With `allow_repeat` the draft takes the key over. Raises
        ConflictError when the draft is not `planned`, or its collection_id is another's.
        """
        ...

    def holder(self, dedupe_key: str) -> Collection | None:
        """The collection that holds the key, or None; nobody holds the empty one."""
        ...

    def get(self, collection_id: str) -> Collection:
        """The collection of that id. Raises NotFoundError."""
        ...

    def find(
        self, *, pipeline_id: int | None = None, parent_task_id: str | None = None
    ) -> Collection | None:
        """The newest collection with every vendor id that was given, or None.

        Raises InternalError when none was given.
        """
        ...

    def script_is_needed(self, script_id: str, *, done: Iterable[State]) -> bool:
        """Whether one of the collections that were sent this script is in none of the `done` states
        and the script is not noted as deleted.
        """
        ...

    def of_script(self, script_id: str) -> list[Collection]:
        """The collections whose endpoints were sent this script; the first is the oldest."""
        ...

    def collections(
        self,
        *,
        states: Iterable[State] = (),
        agent_id: str = "",
        hostname: str = "",
        investigation_id: int | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> Iterator[Collection]:
        """The collections that pass every filter given, newest first, read by pages.

        `hostname` is the whole name, in any ASCII case; `since` is inclusive. A collection
        that changes while the iterator is read shows either as it was or as it is.
        """
        ...

    def step(
        self,
        collection_id: str,
        to_state: State,
        *,
        at: datetime,
        run_id: str = "",
        note: str = "",
        from_state: State | None = None,
        **changes: object,
    ) -> Collection:
        """The collection after one allowed step and column changes (states.take_step).

        It is judged against the row as it is now, whoever wrote it. Give `from_state` where
        the step is right only from the state that was seen: to end a `planned` collection
        that another run launched meanwhile would free its key. A step to `requested` is the
        launch: it succeeds once, so only the run that it succeeds for may send. The history
        gets a line when the state changes or there is a note.

        Raises ConflictError for a step that is not allowed, a state that is not `from_state`
        any more, or a pipeline that another collection of the account and investigation
        owns; NotFoundError; InternalError for changes that no step may make.
        """
        ...

    def note(
        self,
        collection_id: str,
        *,
        at: datetime,
        run_id: str,
        event: str,
        details: Mapping[str, object],
    ) -> None:
        """Adds an entry to the collection's custody record that is no step. Raises NotFoundError."""
        ...

    def custody(self, collection_id: str) -> Record:
        """The collection's custody record as it is stored, not verified. Raises NotFoundError.

        Every claim, every step that changes the state or has a note, and every `note` is an
        entry, written in the same transaction. One of a collection that is older than the record
        begins where the ledger learnt to keep it.
        """
        ...

    def history(self, collection_id: str) -> list[Step]:
        """The steps of a collection in the order they were taken. Raises NotFoundError."""
        ...

    def lease(self, collection_id: str, owner: str, *, until: datetime, now: datetime) -> bool:
        """Whether `owner` holds the collection until then; False while another's lease lives.

        The owner's own lease is renewed. Raises NotFoundError.
        """
        ...

    def release(self, collection_id: str, owner: str) -> None:
        """Ends `owner`'s lease; another's lease stays."""
        ...

    def known_pipelines(self, investigation_id: int) -> set[int]:
        """The ids of the pipelines that collections of the investigation own."""
        ...

    def keep_exclusion(
        self,
        exclusion_id: str,
        *,
        scope: str,
        scope_id: str,
        os: str,
        value: str,
        at: datetime,
    ) -> None:
        """Notes that this connector created the exclusion; noting it again changes nothing."""
        ...

    def kept_exclusions(self) -> set[str]:
        """The ids of the exclusions that this connector created and did not remove."""
        ...

    def forget_exclusion(self, exclusion_id: str) -> None:
        """Notes that the exclusion is gone; an unknown id changes nothing."""
        ...

    def together(self) -> AbstractContextManager[None]:
        """A block whose methods are one transaction, taken back whole when it ends in an error.

        Nothing that waits belongs inside: other writers wait as well. What a method raised and
        the block caught has changed nothing.
        """
        ...

    def close(self) -> None:
        """Closes the ledger; closing it again does nothing."""
        ...


def open_ledger(url: str = "") -> Ledger:
    """The ledger at `url`, ready to be written; empty is a file of the user's own.

    `sqlite:///name` is relative to the working directory, `sqlite:////name` is absolute, as
    SQLAlchemy has it; `postgresql://user@host/database` is a server's. `sqlite:///:memory:` keeps nothing and is for tests. The path is taken
    as it stands, without decoding. Raises LedgerError, and leaves a file that is not a ledger
    of this version or an older one as it was.
    """
    if not url:
        return _open_sqlite(own_folder() / "ledger.db")
    # The rest of a URL may hold a password: no error shows more than the scheme.
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgresql", "postgres") and separator:
        return _open_postgres(url)
    if scheme != "sqlite" or not separator:
        raise LedgerError(
            "ledger_url does not begin with sqlite:/// or postgresql://",
            remedy="Set ledger_url to sqlite:///FILE, or leave it empty for the user's own file.",
        )
    if rest == "/:memory:":
        return _open_sqlite(None)
    if not rest.startswith("/") or rest == "/":
        raise LedgerError(
            "ledger_url names no file; a ledger in memory would forget every launch",
            remedy="Set ledger_url to sqlite:///FILE (relative) or sqlite:////FILE (absolute).",
        )
    if "?" in rest:
        raise LedgerError(
            "ledger_url takes no options after a question mark",
            remedy="Remove the question mark and what follows it from ledger_url.",
        )
    return _open_sqlite(Path(rest[1:]))


def _open_sqlite(path: Path | None) -> Ledger:
    from cado_sentinelone.engine.ledger_sqlite import SqliteLedger

    return SqliteLedger(path)


def _open_postgres(url: str) -> Ledger:
    try:
        from cado_sentinelone.engine.ledger_postgres import PostgresLedger
    except ImportError as error:
        if error.name != "psycopg":
            raise
        raise LedgerError(
            "a ledger on PostgreSQL needs a package that is not installed",
            remedy='Run: pip install "cado-sentinelone[postgres]"',
        ) from None
    return PostgresLedger(url)


def own_folder() -> Path:
    """The folder of the user's own ledger; it is made, readable by nobody else."""
    folder = _state_directory() / "cado-sentinelone"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise LedgerError(
            f"the ledger's folder {folder} cannot be made: {error.strerror}",
            remedy="Let this user write there, or set ledger_url to a file elsewhere.",
        ) from error
    return folder


def _state_directory() -> Path:
    if sys.platform == "win32":
        named, usual = os.environ.get("LOCALAPPDATA", ""), "AppData/Local"
    elif sys.platform == "darwin":
        named, usual = "", "Library/Application Support"
    else:
        named, usual = os.environ.get("XDG_STATE_HOME", ""), ".local/state"
    # The XDG specification has a relative path ignored.
    if named and Path(named).is_absolute():
        return Path(named)
    try:
        return Path.home() / usual
    except RuntimeError as error:
        raise LedgerError(
            "this user has no home directory to keep the ledger in",
            remedy="Set ledger_url to sqlite:////FILE in a folder that outlives the run.",
        ) from error
