"""The surface as a process: listens until SIGTERM, then lets running actions end."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

import uvicorn

from cado_sentinelone.host import load_catalogue
from cado_sentinelone_manifests.serve.surface import application
from cado_sentinelone_manifests.serve.workers import Workers


def serve(
    *,
    host: str,
    port: int,
    key: str,
    workers: int,
    asset_file: Path | None,
    certfile: str,
    keyfile: str,
) -> int:
    """Serves until SIGTERM or Ctrl-C; the exit status."""
    catalogue = load_catalogue()
    catalogue.build()
    pool = Workers(workers)
    server = uvicorn.Server(
        uvicorn.Config(
            application(catalogue.actions(), key, pool, asset_file),
            ssl_certfile=certfile or None,
            ssl_keyfile=keyfile or None,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            http="h11",
            # Callers that are told 503 at once, and ones that only hold a connection open.
            limit_concurrency=max(64, 8 * workers),
            loop="asyncio",
        )
    )

    def stop(_: int, __: FrameType | None) -> None:
        # uvicorn raises the signal again when it is done: it must find somebody here then.
        server.should_exit = True

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        with _listening(host, port) as listening:
            server.config.load()
            scheme = "https" if certfile else "http"
            _say(
                f"{scheme}://{host}:{listening.getsockname()[1]}, GET /openapi.json tells the rest"
            )
            asyncio.run(server.serve(sockets=[listening]))
    except OSError as problem:
        _say(f"cannot serve on {host}:{port}: {problem.strerror or problem}")
        return 1
    finally:
        pool.close()
        for one, previous in before.items():
            signal.signal(one, previous)
    _say("stopped")
    return 0


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def _say(text: str) -> None:
    print(f"serve: {text}", file=sys.stderr, flush=True)
