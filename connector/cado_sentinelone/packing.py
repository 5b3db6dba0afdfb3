"""Bundles on disk: folders and archives, the same bytes for the same files."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from cado_sentinelone.engine.files import unwritable, write_bytes
from cado_sentinelone.errors import InternalError
from cado_sentinelone.models.runner import Bundle, File

# The earliest moment that a zip can tell.
_ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)


def write_files(files: Iterable[File], folder: Path, *, field: str) -> list[Path]:
    """The paths of `files`, written below `folder`; what else lies there is left alone.

    Raises ParamsError naming `field` for a place that cannot be written to.
    """
    written = []
    for file in sorted_files(files):
        path = folder / file.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(path.parent, field, error) from None
        write_bytes(path, file.content, field=field)
        # Whoever serves or packs a bundle reads it as another user; nothing in it is secret.
        path.chmod(0o755 if file.executable else 0o644)
        written.append(path)
    return written


def sorted_files(files: Iterable[File]) -> list[File]:
    """`files` by path. Raises InternalError for a path that leads elsewhere or is there twice."""
    ordered = sorted(files, key=lambda file: file.path)
    for before, file in zip([None, *ordered], ordered, strict=False):
        parts = PurePosixPath(file.path).parts
        if not parts or parts[0] == "/" or ".." in parts or "\\" in file.path:
            raise InternalError(f"a bundle's file would lie outside of it: {file.path}")
        if before and before.path == file.path:
            raise InternalError(f"a bundle has {file.path} twice")
    return ordered


def packed(files: Iterable[File], bundle: Bundle) -> bytes:
    """The archive that a user uploads: no clock, no owner, sorted. Raises InternalError."""
    ordered = [
        File(
            f"{bundle.top}/{file.path}" if bundle.top else file.path, file.content, file.executable
        )
        for file in sorted_files(files)
    ]
    match bundle.archive:
        case "tgz":
            return _tgz(ordered)
        case "zip":
            return _zip(ordered)
        case "folder":
            raise InternalError("a folder is not packed")


def _tgz(files: Iterable[File]) -> bytes:
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for file in files:
            member = tarfile.TarInfo(file.path)
            member.size, member.mode = len(file.content), 0o755 if file.executable else 0o644
            archive.addfile(member, io.BytesIO(file.content))
    return packed.getvalue()


def _zip(files: Iterable[File]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            member = zipfile.ZipInfo(file.path, _ZIP_MOMENT)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = (0o100755 if file.executable else 0o100644) << 16
            archive.writestr(member, file.content)
    return packed.getvalue()
