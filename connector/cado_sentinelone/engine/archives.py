"""Zip files from an endpoint: read as something that an attacker may have made (promise S14).

Every name is judged before a byte is written, so an archive is unpacked whole or not at all.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from cado_sentinelone.errors import RefusedError

MOST_MEMBERS = 5000
MOST_BYTES = 2 * 1024**3
MOST_RATIO = 200
_SMALL_BYTES = 1024 * 1024
_LONGEST_NAME = 200
_CHUNK_BYTES = 1024 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


class Unpacked(NamedTuple):
    """One file that was written."""

    path: Path
    size_bytes: int
    sha256: str


def unpack(packed: Path | BinaryIO, folder: Path, *, password: str = "") -> list[Unpacked]:
    """The files of the zip, below `folder`, which must not exist yet; none when one is refused.

    Raises RefusedError for what is no zip or not safe to unpack, naming the member.
    """
    try:
        with zipfile.ZipFile(packed) as archive:
            members = list(_judged(archive))
            return _written(archive, members, folder, password)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise _refusal(f"it is no zip file that can be read ({type(error).__name__})") from None


def _judged(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The members that are files, in order. Raises RefusedError for the first that is not safe."""
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise _refusal(f"it has more than {MOST_MEMBERS} members")
    total, seen = 0, set[str]()
    for info in infos:
        shown = info.filename.encode("unicode_escape").decode()[:100]
        if problem := _problem(info):
            raise _refusal(f"its member {shown!r} {problem}")
        name = str(PurePosixPath(info.filename)).casefold()
        if name in seen:
            raise _refusal(f"its member {shown!r} is there twice")
        seen.add(name)
        total += info.file_size
        if total > MOST_BYTES:
            raise _refusal(f"it unpacks to more than {MOST_BYTES} bytes")
        if not info.is_dir():
            yield info


def _problem(info: zipfile.ZipInfo) -> str:
    # What the archive holds, before zipfile has made it look harmless.
    name = info.orig_filename
    parts = name.rstrip("/").split("/")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if name.startswith("/") or "\\" in name or re.match(r"[A-Za-z]:", name):
        return "has an absolute path, a drive or a backslash"
    if ".." in parts or "." in parts or "" in parts:
        return "leads out of its folder"
    if _CONTROL.search(name) or len(name) > _LONGEST_NAME:
        return "has a name that no file should have"
    if any(_RESERVED.fullmatch(part) or part != part.rstrip(". ") or ":" in part for part in parts):
        return "has a name that means something else on Windows"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or a device"
    if info.file_size > _SMALL_BYTES and info.file_size > MOST_RATIO * max(info.compress_size, 1):
        return "unpacks to far more than it takes up"
    return ""


def _written(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], folder: Path, password: str
) -> list[Unpacked]:
    """The members, unpacked beside `folder` first and moved there as one."""
    staged = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        files = [_one(archive, info, staged, password) for info in members]
        staged.replace(folder)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    return [
        unpacked._replace(path=folder / unpacked.path.relative_to(staged)) for unpacked in files
    ]


def _one(archive: zipfile.ZipFile, info: zipfile.ZipInfo, staged: Path, password: str) -> Unpacked:
    target = staged.joinpath(*info.filename.split("/"))
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        source = archive.open(info, pwd=password.encode() if password else None)
    except RuntimeError:
        raise _refusal("it is encrypted, and the password is missing or wrong") from None
    with source, target.open("xb") as file:
        while chunk := source.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > info.file_size:
                raise _refusal("a member is larger than the archive says")
            digest.update(chunk)
            file.write(chunk)
    return Unpacked(target, size, digest.hexdigest())


def _refusal(why: str) -> RefusedError:
    return RefusedError(
        f"the archive is not unpacked: {why}",
        remedy="The archive itself is kept as it came; open it where nothing can be harmed.",
    )
