"""The body of an answer: whole, decompressed, and never larger than allowed (promise R8)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

_GZIP = 16 + zlib.MAX_WBITS


class BadBody(Exception):
    """The body cannot be used. `lasting` says that asking again would bring the same."""

    def __init__(self, reason: str, *, lasting: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting


def read_body(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """The body that `chunks` make up, decompressed. Raises BadBody.

    Decompression stops at the limit, so a small answer that unpacks to gigabytes never does.
    """
    match encoding.strip().lower():
        case "" | "identity":
            return _joined(chunks, max_bytes)
        case "gzip":
            return _joined(_gunzip(chunks, max_bytes), max_bytes)
        case _:
            raise BadBody("it is encoded in a way that was not asked for", lasting=True)


def _joined(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    parts: list[bytes] = []
    left = max_bytes
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise BadBody(f"it is larger than {max_bytes} bytes", lasting=True)
        parts.append(chunk)
    return b"".join(parts)


def _gunzip(chunks: Iterable[bytes], max_bytes: int) -> Iterable[bytes]:
    """The decompressed chunks; none is more than a byte over the limit, which is enough to tell."""
    stream = zlib.decompressobj(_GZIP)
    started = False
    try:
        for chunk in chunks:
            started = True
            yield stream.decompress(chunk, max_bytes + 1)
    except zlib.error:
        raise BadBody("its compression is broken", lasting=False) from None
    if stream.unused_data:
        raise BadBody("its compression is broken", lasting=False)
    if started and not stream.eof:
        raise BadBody("it is cut off", lasting=False)
