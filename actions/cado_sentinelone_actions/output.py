"""Fetch what a collection's script wrote, as RemoteOps kept it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from cado_sentinelone.errors import ParamsError, RefusedError
from cado_sentinelone.models.action import Action, Output, Params, Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.plugin import hookimpl

if TYPE_CHECKING:
    from cado_sentinelone.models.collection import Collection


class GetCollectionOutputParams(Params):
    """Which collection, and where to."""

    collection_id: str = Field(min_length=1, description="A collection via=remoteops.")
    folder: str = Field(
        min_length=1,
        description="Existing folder; the files go into one of their own below it, named after "
        "the collection.",
        examples=["outputs"],
    )


class OutputFile(Output):
    """One file that was written."""

    path: str
    size_bytes: int
    digest_sha256: str = Field(json_schema_extra={"soar": "sha256"})
    kind: str = Field(description="archive (as it came) or member (of the archive).")


def get_collection_output(
    asset: Asset, params: GetCollectionOutputParams, run: Run
) -> Iterator[OutputFile]:
    """The task's result file and what is in it. What is there already is not fetched again, and a
    download that broke off goes on where it was.
    """
    from cado_sentinelone.clients.presigned import Link
    from cado_sentinelone.engine.archives import unpack
    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.engine.fetching import fetch_file
    from cado_sentinelone.engine.output import result_link

    desk = Desk(asset, run)
    collection = desk.ledger.get(params.collection_id)
    _check(collection)
    parent = Path(params.folder)
    if not parent.is_dir():
        raise ParamsError(f"folder: {parent} is no folder", remedy="Make it, or name another one.")
    archive = parent / f"{collection.collection_id}.zip"
    if not archive.is_file():
        with Link(result_link(collection, desk).url, asset, run) as link:
            fetched = fetch_file(link, archive, field="folder", progress=run.progress)
        desk.ledger.note(
            collection.collection_id,
            at=run.utcnow(),
            run_id=run.run_id,
            event="output fetched",
            details={"sha256": fetched.sha256, "size_bytes": fetched.size_bytes},
        )
    yield _told(archive, "archive")
    folder = parent / collection.collection_id
    if folder.exists():
        # Unpacked by an earlier run, whole: it appears in one step.
        yield from (_told(path, "member") for path in sorted(folder.rglob("*")) if path.is_file())
        return
    for file in unpack(archive, folder):
        yield OutputFile(
            path=str(file.path),
            size_bytes=file.size_bytes,
            digest_sha256=file.sha256,
            kind="member",
        )


def _check(collection: Collection) -> None:
    if collection.route != "remoteops":
        raise RefusedError(
            f"collection {collection.collection_id} went through Cado, which keeps the script's "
            "output to itself",
            remedy="Look at the steps of get_task_status, or collect with via=remoteops.",
        )
    if not collection.task_id:
        raise RefusedError(
            f"collection {collection.collection_id} has no task yet that could have an output",
            remedy="Look with get_task_status; the output is there when the script has ended.",
        )


def _told(path: Path, kind: str) -> OutputFile:
    import hashlib

    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return OutputFile(
        path=str(path), size_bytes=path.stat().st_size, digest_sha256=digest, kind=kind
    )


@hookimpl
def cado_sentinelone_actions() -> Iterable[Action]:
    yield Action(
        identifier="get_collection_output",
        summary="Fetch what a collection's script wrote on the endpoint.",
        params=GetCollectionOutputParams,
        output=OutputFile,
        run=get_collection_output,
        noun=("file", "files"),
        group="collections",
        uses=("sentinelone",),
        read_only=False,
        columns=("path", "size_bytes", "digest_sha256", "kind"),
    )
