"""Sockets that obey the deadline of the call they serve, byte by byte (promise R8).

A socket's own timeout starts anew with every byte, so a server that sends one a minute is never
late, in its headers as in its body. Here every operation gets what the whole call has left.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer
    from typing_extensions import Buffer

_ends_at: ContextVar[float] = ContextVar("ends_at")
# Linux only. A server that writes headers and body apart waits, on a kept-alive connection, for
# the first part to be acknowledged, which Linux would put off by 40 ms.
_QUICK_ACK = getattr(socket, "TCP_QUICKACK", None)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Gives all network operations of this thread `seconds` together."""
    token = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(token)


def seconds_left() -> float:
    """What the current call has left. Raises TimeoutError when that is nothing."""
    left = _ends_at.get() - time.monotonic()
    if left <= 0:
        raise TimeoutError("the call's deadline passed")
    return left


def deadline_passed() -> bool:
    """Whether the current call has nothing left."""
    return time.monotonic() >= _ends_at.get()


class TcpSocket(socket.socket):
    """A TCP socket under the call's deadline, in the operations that http.client uses."""

    def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
        self.settimeout(seconds_left())
        return super().recv_into(buffer, nbytes, flags)

    def sendall(self, data: ReadableBuffer, flags: int = 0) -> None:
        self.settimeout(seconds_left())
        super().sendall(data, flags)
        if _QUICK_ACK is not None:
            self.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)


class TlsSocket(ssl.SSLSocket):
    """A TLS socket under the call's deadline; all its operations end in these three."""

    def do_handshake(self, block: bool = False) -> None:
        self.settimeout(seconds_left())
        super().do_handshake(block)

    def read(self, len: int = 1024, buffer: Buffer | None = None) -> bytes:
        self.settimeout(seconds_left())
        return super().read(len, buffer)

    def send(self, data: ReadableBuffer, flags: int = 0) -> int:
        self.settimeout(seconds_left())
        return super().send(data, flags)
