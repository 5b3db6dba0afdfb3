"""What RemoteOps kept of a script: its result file, fetched and held against the ledger (S13)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from cado_sentinelone.clients.presigned import Link
from cado_sentinelone.clients.sentinelone_script_records import ResultLink
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.errors import NotFoundError, VendorError
from cado_sentinelone.models.collection import Collection

_MOST_TEXT_BYTES = 1024 * 1024
_MOST_MEMBERS = 100
# Of one call; the vendor takes five thousand (SentinelOne contract 7.4).
_MOST_TASKS = 1000


def result_link(collection: Collection, desk: Desk) -> ResultLink:
    """Where the result file of the collection's own task is.

    Raises NotFoundError with the console's words when there is none, VendorError when it answers
    with another task's.
    """
    links, errors = desk.sentinelone.result_links([collection.task_id])
    for link in links:
        if link.task_id == collection.task_id:
            return link
    if links:
        raise VendorError(
            "SentinelOne answered with the result of another task than was asked for",
            vendor="sentinelone",
        )
    words = errors.get(collection.task_id) or "the task has no result file, or it has expired"
    raise NotFoundError(f"SentinelOne has no output of the task: {words}", vendor="sentinelone")


def result_links(task_ids: Sequence[str], desk: Desk) -> dict[str, ResultLink | None]:
    """Where the result files of many tasks are, None for one that has none, in few calls (R6)."""
    links: dict[str, ResultLink | None] = dict.fromkeys(task_ids)
    for begin in range(0, len(task_ids), _MOST_TASKS):
        found, _ = desk.sentinelone.result_links(task_ids[begin : begin + _MOST_TASKS])
        links |= {link.task_id: link for link in found if link.task_id in links}
    return links


def result_text(collection: Collection, desk: Desk, link: ResultLink | None = None) -> str:
    """The text of the script's output, bounded; empty when the file holds none.

    Asks where the file is when it was not asked before. Raises as `result_link` does.
    """
    with Link((link or result_link(collection, desk)).url, desk.asset, desk.run) as file:
        packed = file.whole()
    texts: list[str] = []
    left = _MOST_TEXT_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            for member in archive.infolist()[:_MOST_MEMBERS]:
                if member.is_dir() or left <= 0 or member.flag_bits & 1:
                    continue
                with archive.open(member) as file:
                    content = file.read(left)
                left -= len(content)
                texts.append(content.decode("utf-8", "replace"))
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError):
        return packed[:_MOST_TEXT_BYTES].decode("utf-8", "replace")
    return "\n".join(texts)
