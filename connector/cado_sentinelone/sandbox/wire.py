"""The outermost layer: faults of the wire on any path, compression, headers and counting."""

import asyncio
import json
import uuid
import zlib
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cado_sentinelone.sandbox.faults import Fault
from cado_sentinelone.sandbox.traffic import Traffic
from cado_sentinelone.sandbox.world import World

_GZIP_FROM_BYTES = 256
_DRIBBLE_BEAT_SECONDS = 0.05


@dataclass(slots=True)
class Reply:
    """A whole answer, before a byte of it is sent."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Wire:
    """ASGI middleware; it must be the outermost, as `_Connection` reaches for the server's own."""

    def __init__(self, app: ASGIApp, world: World, traffic: Traffic) -> None:
        """Wrap the application."""
        self._app = app
        self._world = world
        self._faults = world.faults
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as wrongly as the faults say."""
        if scope["type"] != "http" or scope["path"].startswith("/sandbox/"):
            await self._app(scope, receive, send)
            return
        connection = _Connection(send)
        self._world.settle()
        if fault := self._take("latency", scope):
            await asyncio.sleep(float(fault.value or 0))
        reply = None
        if not self._take("drop_request", scope):
            reply = self._canned(scope) or await self._work(scope, receive)
            if self._take("drop_reply", scope):
                reply = None
        # Counted before anything is sent, so that who has seen the end finds it counted.
        self._traffic.count(scope, reply.status if reply else None)
        if reply is None:
            await connection.abort()
        else:
            await self._send(reply, scope, connection)

    def _take(self, name: str, scope: Scope) -> Fault | None:
        return self._faults.take(name, scope["path"], scope["method"])

    def _canned(self, scope: Scope) -> Reply | None:
        """The answer of whatever stands before the vendor's application, if it is to fail."""
        for name, (status, title) in _PAGES.items():
            if fault := self._take(name, scope):
                reply = html_page(status, title)
                if name == "throttle" and fault.value:
                    reply.headers.append((b"retry-after", fault.value.encode()))
                return reply
        return None

    async def _work(self, scope: Scope, receive: Receive) -> Reply:
        """The application's own answer."""
        reply = Reply(500, [], b"")
        chunks: list[bytes] = []

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                reply.status = message["status"]
                reply.headers = list(message["headers"])
            else:
                chunks.append(message.get("body", b""))

        await self._app(scope, receive, collect)
        reply.body = b"".join(chunks)
        return reply

    async def _send(self, reply: Reply, scope: Scope, connection: "_Connection") -> None:
        if self._take("extra_fields", scope):
            reply.body = with_extra_fields(reply.body)
        truncated = self._take("truncate", scope) is not None
        if not truncated and len(reply.body) >= _GZIP_FROM_BYTES and _accepts_gzip(scope):
            reply.body = _gzip(reply.body)
            reply.headers.append((b"content-encoding", b"gzip"))
        reply.headers = [
            *((name, value) for name, value in reply.headers if name != b"content-length"),
            (b"content-length", str(len(reply.body)).encode()),
            (b"server", b"nginx"),
            (b"vary", b"Origin, Accept-Encoding"),
        ]
        if scope["path"].startswith("/web/api/"):
            reply.headers.append((b"x-rqid", str(uuid.uuid4()).encode()))
            reply.headers.append((b"cache-control", b"no-store"))
        await connection.start(reply)
        if truncated:
            await connection.write(reply.body[: len(reply.body) // 2])
            await connection.close()
        elif fault := self._take("dribble", scope):
            await connection.dribble(reply.body, float(fault.value or 0))
        else:
            await connection.write(reply.body, more=False)


class _Connection:
    """The way to the client; the one place that knows uvicorn's request cycle behind `send`."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._cycle: Any = getattr(send, "__self__", None)

    async def start(self, reply: Reply) -> None:
        await self._send(
            {"type": "http.response.start", "status": reply.status, "headers": reply.headers}
        )

    async def write(self, body: bytes, *, more: bool = True) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def dribble(self, body: bytes, bytes_per_second: float) -> None:
        """Send the body at this speed, as long as the client stays."""
        size = max(1, int(bytes_per_second * _DRIBBLE_BEAT_SECONDS))
        for start in range(0, len(body), size):
            await asyncio.sleep(size / bytes_per_second)
            if self._cycle.disconnected:
                return
            await self.write(body[start : start + size])
        await self.write(b"", more=False)

    async def abort(self) -> None:
        """Close the connection without another byte."""
        self._cycle.transport.abort()
        await self._gone()

    async def close(self) -> None:
        """Close the connection behind what was written."""
        self._cycle.transport.close()
        await self._gone()

    async def _gone(self) -> None:
        # Until uvicorn has noticed, it would answer 500 in our place and log an error.
        while not self._cycle.disconnected:
            await asyncio.sleep(0.001)


_PAGES = {
    "throttle": (429, "429 Too Many Requests"),
    "error_500": (500, "500 Internal Server Error"),
    "error_502": (502, "502 Bad Gateway"),
    "error_503": (503, "503 Service Temporarily Unavailable"),
    "html": (200, "Welcome"),
}


def html_page(status: int, title: str) -> Reply:
    """A page as nginx writes them (SentinelOne contract 1.2)."""
    body = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    return Reply(status, [(b"content-type", b"text/html")], body.encode())


def with_extra_fields(body: bytes) -> bytes:
    """The JSON with an unknown field in every object, as a vendor adds them without notice."""
    try:
        document = json.loads(body)
    except ValueError:
        return body
    return json.dumps(_extended(document)).encode()


def _extended(value: object) -> object:
    if isinstance(value, dict):
        return {name: _extended(item) for name, item in value.items()} | {
            "sandboxUnknownField": {"added": ["without", "notice"]}
        }
    if isinstance(value, list):
        return [_extended(item) for item in value]
    return value


def _accepts_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


def _gzip(body: bytes) -> bytes:
    compressor = zlib.compressobj(1, wbits=31)
    return compressor.compress(body) + compressor.flush()
