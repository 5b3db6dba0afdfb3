"""A secret in a file of its own, as containers and service managers mount them."""

from __future__ import annotations

import os
import stat

from cado_sentinelone.errors import AssetError
from cado_sentinelone.secret_sources import MOST_BYTES

_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
# A pipe would be waited for, and a terminal would become ours.
_NO_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def secret_in_file(path: str) -> str:
    """The text of the file without its last line break.

    Links are followed: Kubernetes mounts secrets behind them. What is looked at is the open file,
    so that it is the one that is read. Raises AssetError that names the file.
    """
    try:
        with open(path, "rb", opener=_opened) as file:
            _check(path, os.fstat(file.fileno()))
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise AssetError(f"the file {path} cannot be read: {error.strerror}") from None
    if len(content) > MOST_BYTES:
        raise AssetError(f"the file {path} is larger than {MOST_BYTES // 1024} KiB")
    try:
        text = content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise AssetError(f"the file {path} is not UTF-8") from None
    return text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | _NO_WAITING)


def _check(path: str, facts: os.stat_result) -> None:
    if not stat.S_ISREG(facts.st_mode):
        raise AssetError(f"the file {path} is not a regular file")
    if os.name == "posix" and facts.st_mode & _WRITABLE_BY_OTHERS:
        raise AssetError(
            f"the file {path} can be written by its group or by others",
            remedy=f"Take that right away (chmod go-w {path}) once you know what it holds.",
        )
