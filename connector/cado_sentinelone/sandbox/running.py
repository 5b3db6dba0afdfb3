"""A sandbox in a thread of this process."""

import asyncio
import socket
import threading
import time
from types import TracebackType
from typing import Self

import uvicorn

from cado_sentinelone.sandbox.app import create_app
from cado_sentinelone.sandbox.asset import sandbox_asset
from cado_sentinelone.sandbox.clock import Clock
from cado_sentinelone.sandbox.faults import Faults
from cado_sentinelone.sandbox.live import LiveEndpoint
from cado_sentinelone.sandbox.places import SITES
from cado_sentinelone.sandbox.world import World

_HOST = "127.0.0.1"
_START_SECONDS = 10.0


class RunningSandbox:
    """A sandbox that listens on loopback as long as the context is open; several may at once."""

    def __init__(
        self,
        *,
        port: int = 0,
        seed: int = 1,
        endpoints: int = 50,
        faults: str = "",
        speed: float = 600.0,
        start: float | None = None,
        live_endpoint: bool = False,
        sites: int = SITES,
        presence: bool = False,
    ) -> None:
        """Build its world and take its port (a free one for 0).

        Raises:
            ValueError: a fault is unknown, or a number makes no sense.
            OSError: the port is taken.
        """
        self.world = World(
            seed,
            endpoints,
            Clock(speed, start),
            Faults(faults, seed),
            sites=sites,
            presence=presence,
        )
        # Named in full: asyncio sets TCP_NODELAY only on a socket that says it is TCP.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((_HOST, port))
        except OSError:
            self._socket.close()
            raise
        self.url = f"http://{_HOST}:{self._socket.getsockname()[1]}"
        self.world.url = self.url
        self.asset = sandbox_asset(self.url)
        if live_endpoint:
            self.world.live = LiveEndpoint(self.world)
        self._server = uvicorn.Server(
            uvicorn.Config(
                create_app(self.world),
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                interface="asgi3",
                proxy_headers=False,
                lifespan="off",
                ws="none",
                http="h11",
                loop="asyncio",
                timeout_keep_alive=75,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self._serve, name="sandbox", daemon=True)

    def __enter__(self) -> Self:
        """Start listening.

        Raises:
            RuntimeError: the server did not start.
        """
        self._thread.start()
        deadline = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the sandbox did not start")
            time.sleep(0.002)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop, with open connections closed."""
        self._server.should_exit = True
        self._thread.join()
        if self.world.live is not None:
            self.world.live.close()

    def _serve(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))
