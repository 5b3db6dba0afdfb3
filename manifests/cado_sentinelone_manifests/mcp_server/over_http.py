"""The server over streamable HTTP: a key for whoever calls, names that it answers to, TLS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings

from cado_sentinelone_manifests.listening import LOOPBACK, is_shown

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server
    from starlette.types import ASGIApp, Receive, Scope, Send


def serve(
    server: Server[dict[str, Any]],
    key: str,
    *,
    host: str,
    port: int,
    names: Sequence[str],
    certfile: str,
    keyfile: str,
) -> None:
    """Serves until it is told to stop. `names` are the hosts that it may be called by."""
    allowed = [f"{name}:*" for name in (*LOOPBACK, *names)] + list(names)
    schemes = ("http", "https")
    app = server.streamable_http_app(
        host=host,
        transport_security=TransportSecuritySettings(
            enable_dns_rebinding_protection=True,
            allowed_hosts=allowed,
            allowed_origins=[f"{scheme}://{name}" for scheme in schemes for name in allowed],
        ),
    )
    uvicorn.run(
        KeyRequired(app, key),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        ssl_certfile=certfile or None,
        ssl_keyfile=keyfile or None,
        timeout_graceful_shutdown=30,
    )


class KeyRequired:
    """Lets nobody through without the bearer key."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        """The key is compared in constant time."""
        self._app = app
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 401 or hands the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"authorization", b"")
        if is_shown(self._key, given):
            await self._app(scope, receive, send)
            return
        headers = [(b"content-type", b"text/plain"), (b"www-authenticate", b"Bearer")]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send({"type": "http.response.body", "body": b"the bearer key is missing or wrong\n"})
