"""The custody record of a collection."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import Field

from cado_sentinelone.models.action import Action, Output, Params, Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.collection import State
from cado_sentinelone.plugin import hookimpl


class GetCustodyRecordParams(Params):
    """Which collection, and which files to write."""

    collection_id: str = Field(min_length=1, description="From run_collection.")
    json_file: str = Field(
        "",
        description="Write the record there, as a file that can be verified without us.",
        examples=["custody.json"],
    )
    html_file: str = Field(
        "", description="Write one readable page there.", examples=["custody.html"]
    )


class CustodyEntry(Output):
    """One entry; its digest binds it and everything before it."""

    number: int
    at: datetime | None = None
    event: str = ""
    from_state: str = ""
    to_state: str = ""
    run_id: str = ""
    note: str = ""
    details: dict[str, Any] = Field(default_factory=dict)
    previous_sha256: str = Field("", json_schema_extra={"soar": "sha256"})
    sha256: str = Field(json_schema_extra={"soar": "sha256"})


class CustodyRecord(Output):
    """The record, and whether it is as it was written."""

    collection_id: str
    hostname: str = Field("", json_schema_extra={"soar": "hostname"})
    state: State
    verified: bool = Field(description="Whether nothing was changed, removed, moved or cut off.")
    problems: tuple[str, ...] = Field((), description="What shows that something was.")
    entries_count: int
    head_sha256: str = Field(
        description="Digest of the last entry: keep it elsewhere, the incident for instance.",
        json_schema_extra={"soar": "sha256"},
    )
    entries: tuple[CustodyEntry, ...] = ()
    files: tuple[str, ...] = Field((), description="What was written.")


def get_custody_record(asset: Asset, params: GetCustodyRecordParams, run: Run) -> CustodyRecord:
    """The collection's record, verified, and written out where that was asked for."""
    from cado_sentinelone.engine.custody import exported, problems_of
    from cado_sentinelone.engine.files import write_text

    ledger = run.ledger(asset)
    collection = ledger.get(params.collection_id)
    record = ledger.custody(params.collection_id)
    problems = problems_of(record)
    files = []
    if params.json_file:
        files.append(write_text(params.json_file, exported(record), field="json_file"))
    if params.html_file:
        from cado_sentinelone.engine.custody_page import custody_page

        files.append(
            write_text(params.html_file, custody_page(collection, record), field="html_file")
        )
    verdict = "verifies" if not problems else f"does NOT verify: {problems[0]}"
    run.message = f"{record.entries_count} entries of {collection.hostname}: the record {verdict}"
    run.summary |= {"verified": not problems, "head_sha256": record.head_sha256}
    for problem in problems:
        run.warn(f"the custody record was tampered with or damaged: {problem}")
    return CustodyRecord(
        collection_id=collection.collection_id,
        hostname=collection.hostname,
        state=collection.state,
        verified=not problems,
        problems=tuple(problems),
        entries_count=record.entries_count,
        head_sha256=record.head_sha256,
        entries=tuple(_entry(entry.number, entry.line, entry.sha256) for entry in record.entries),
        files=tuple(files),
    )


def _entry(number: int, line: str, sha256: str) -> CustodyEntry:
    from pydantic import ValidationError

    from cado_sentinelone.engine.custody import Entry, content_of

    content = content_of(Entry(number, line, sha256)) or {}
    known = {name: content[name] for name in CustodyEntry.model_fields if name in content}
    try:
        return CustodyEntry.model_validate(known | {"number": number, "sha256": sha256})
    except ValidationError:
        # A damaged line is still shown, as what it is.
        return CustodyEntry(number=number, event="this is no entry", note=line, sha256=sha256)


@hookimpl
def cado_sentinelone_actions() -> Iterable[Action]:
    yield Action(
        identifier="get_custody_record",
        summary="The hash-chained record of a collection, and whether it verifies.",
        params=GetCustodyRecordParams,
        output=CustodyRecord,
        run=get_custody_record,
        noun=("record", "records"),
        group="collections",
        columns=("verified", "entries_count", "head_sha256", "problems"),
    )
