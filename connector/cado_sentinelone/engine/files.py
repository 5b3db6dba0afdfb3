"""Files that a person asked for: whole or not at all, and readable by their owner alone."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cado_sentinelone.errors import ParamsError


def write_text(name: str, text: str, *, field: str) -> str:
    """The path that `text` was written to. Raises ParamsError naming `field`."""
    return str(write_bytes(Path(name), text.encode("utf-8", "backslashreplace"), field=field))


def write_bytes(path: Path, content: bytes, *, field: str) -> Path:
    """`path`, which holds `content` now: it appears whole, in one step. Raises ParamsError."""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}-", dir=path.parent)
    except OSError as error:
        raise unwritable(path, field, error) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        with suppress(OSError):
            Path(temporary).unlink()
        raise unwritable(path, field, error) from None
    return path


def unwritable(path: Path, field: str, error: OSError) -> ParamsError:
    """The error for a file of the parameter `field` that the system does not let us write."""
    return ParamsError(
        f"{field}: {path} cannot be written: {error.strerror}",
        remedy="Name a file in a folder that exists and that this user may write to.",
    )
