"""A RabbitMQ server of the tests' own, from the machine's packages, in a folder of its own."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# Debian's command in /usr/sbin insists on a user and a folder; this one takes what it is told.
_PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
# What docs/operations/fleet.md says is enough.
_ALLOWED, _PERMISSIONS = r"cado_sentinelone\.fleet.*", ("configure", "write", "read")
_START_SECONDS, _STOP_SECONDS = 120, 60


class Server:
    """A server on ports of its own, with one user whose password is new."""

    def __init__(self, folder: Path) -> None:
        """`start` starts it; what it keeps is in `folder`, also when it is started again."""
        self.password = secrets.token_hex(12)
        self._folder = folder
        self._port, node_port, self._names_port = _free_ports(3)
        (folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self._port}\n"
            f"default_user = fleet\ndefault_pass = {self.password}\n"
            + "".join(f"default_permissions.{one} = {_ALLOWED}\n" for one in _PERMISSIONS)
        )
        (folder / "plugins").write_text("[].")
        self._environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "ERL_EPMD_PORT": str(self._names_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"tests-{self._port}@localhost",
            "RABBITMQ_DIST_PORT": str(node_port),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "no-such-file"),
        }
        self._names: subprocess.Popen[bytes] | None = None
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"amqp://fleet:{self.password}@127.0.0.1:{self._port}//"

    def start(self) -> None:
        """Returns when it answers."""
        if self._names is None:
            # Erlang would start one that outlives the server.
            self._names = self._run("epmd", "-port", str(self._names_port))
            self._until(lambda: _answers(self._names_port), self._names)
        self._server = self._run(str(_PROGRAM))
        self._until(self._takes_the_user, self._server)

    def stop(self) -> None:
        """Returns when nobody can reach it; what is durable is kept."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(_STOP_SECONDS)
            self._server = None

    def close(self) -> None:
        self.stop()
        if self._names is not None:
            self._names.terminate()
            self._names.wait(_STOP_SECONDS)

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        with (self._folder / "said").open("ab") as said:
            return subprocess.Popen(  # noqa: S603 - the server's own programs
                command, env=self._environment, cwd=self._folder, stdout=said, stderr=said
            )

    def _until(self, answers: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not answers():
            said = (self._folder / "said").read_text(errors="replace")[-2000:]
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.2)

    def _takes_the_user(self) -> bool:
        import kombu

        if not _answers(self._port):
            return False
        with kombu.Connection(self.url, connect_timeout=5) as connection:
            try:
                connection.connect()
            except (*connection.connection_errors, *connection.channel_errors):
                return False  # it listens before it knows its users
        return True


def missing() -> str:
    """Why no server can be started here, or nothing."""
    try:
        import celery  # noqa: F401
    except ImportError:
        return "celery is not installed"
    if not _PROGRAM.exists() or not shutil.which("epmd"):
        return "RabbitMQ's server is not installed here"
    return ""


@contextmanager
def running_server(folder: Path) -> Iterator[Server]:
    """A server in `folder`, which is new."""
    server = Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.close()


def _free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _answers(port: int) -> bool:
    with socket.socket() as one:
        one.settimeout(5)
        return one.connect_ex(("127.0.0.1", port)) == 0
