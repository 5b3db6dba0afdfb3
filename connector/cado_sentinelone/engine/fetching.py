"""A large file behind a pre-signed link, fetched part by part and gone on with after a break (S13).

A part file lies beside the target until it is whole. Its name holds a mark of what the server called
the content, so that parts of two different files never become one.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cado_sentinelone.clients.presigned import Link, Part
from cado_sentinelone.engine.files import unwritable
from cado_sentinelone.errors import RefusedError, VendorError

if TYPE_CHECKING:
    from collections.abc import Callable

PART_BYTES = 8 * 1024 * 1024
MOST_BYTES = 2 * 1024**3
_MOST_RESTARTS = 2


class Fetched(NamedTuple):
    """What was written."""

    size_bytes: int
    sha256: str


def fetch_file(link: Link, target: Path, *, field: str, progress: Callable[[str], None]) -> Fetched:
    """`target`, whole and with the digest of what came over the wire.

    Raises what the link raises, ParamsError naming `field` when it cannot be written, RefusedError
    for one that is too large; what had come by then is kept, and the next call goes on from there.
    """
    try:
        return _fetched(link, target, progress)
    except OSError as error:
        raise unwritable(target, field, error) from None


def _fetched(link: Link, target: Path, progress: Callable[[str], None]) -> Fetched:
    path = _kept(target)
    size, digest = (path.stat().st_size, _digest_of(path)) if path else (0, hashlib.sha256())
    restarts = 0
    while True:
        part = link.part(size, PART_BYTES)
        if part and part.total_bytes > MOST_BYTES:
            raise RefusedError(f"the result file is larger than {MOST_BYTES} bytes")
        if path and (part is None or path != _part_path(target, part.tag) or part.start != size):
            # Another file lies there by now, or the server knows no parts.
            restarts += 1
            if restarts > _MOST_RESTARTS:
                raise VendorError("the result file changes while it is fetched")
            path.unlink(missing_ok=True)
            path, size, digest = None, 0, hashlib.sha256()
            if part is None or part.start:
                continue
        if part is None:
            raise VendorError("the result file is empty", vendor="sentinelone")
        path = _part_path(target, part.tag)
        _append(path, part)
        digest.update(part.content)
        size = part.start + len(part.content)
        progress(f"fetched {size} of {part.total_bytes} bytes")
        if size >= part.total_bytes:
            return _moved(path, target, Fetched(size, digest.hexdigest()))


def _kept(target: Path) -> Path | None:
    """What an earlier call left, if there is one way to go on; parts without a mark are none."""
    parts = sorted(target.parent.glob(f".{target.name}.*.part"))
    for part in parts:
        if not _is_own(part):
            raise RefusedError(
                f"{part} is a link or another user's: it may lead somewhere else",
                remedy="Remove it, or fetch into a folder that only you can write.",
            )
    unnamed = _part_path(target, "")
    if len(parts) == 1 and parts != [unnamed]:
        return parts[0]
    for part in parts:
        part.unlink(missing_ok=True)
    return None


def _is_own(path: Path) -> bool:
    status = path.lstat()
    return stat.S_ISREG(status.st_mode) and status.st_uid == getattr(os, "geteuid", lambda: 0)()


def _append(path: Path, part: Part) -> None:
    # A link that somebody lays here meanwhile is not followed.
    flags = os.O_CREAT | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.truncate(part.start)
        file.seek(part.start)
        file.write(part.content)
        file.flush()
        os.fsync(file.fileno())


def _moved(path: Path, target: Path, fetched: Fetched) -> Fetched:
    """Raises VendorError when the disk does not hold what came over the wire."""
    if _digest_of(path).hexdigest() != fetched.sha256:
        path.unlink(missing_ok=True)
        raise VendorError(
            f"{target.name} was written by somebody else at the same time, or the disk is faulty",
            remedy="Fetch it again.",
            vendor="sentinelone",
        )
    path.replace(target)
    return fetched


def _digest_of(path: Path) -> hashlib._Hash:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256")


def _part_path(target: Path, tag: str) -> Path:
    mark = hashlib.sha256(tag.encode()).hexdigest()[:16] if tag else "unnamed"
    return target.parent / f".{target.name}.{mark}.part"
