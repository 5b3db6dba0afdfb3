"""A PostgreSQL server of the tests' own, from the machine's packages, in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

_NUMBERS = count(1)


class Server:
    """A running server, which trusts whoever reaches its port on this machine."""

    def __init__(self, programs: Path, folder: Path, port: int, owner: dict[str, object]) -> None:
        """`start` starts it."""
        self._control = [str(programs / "pg_ctl"), "-D", str(folder / "server"), "-w", "-s"]
        self._folder, self._port, self._owner = folder, port, owner

    def start(self) -> None:
        settings = (
            f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
            f"{self._folder} -c fsync=off -c max_connections=60"
        )
        log = str(self._folder / "log")
        self._run([*self._control, "-l", log, "-o", settings, "start"])

    def stop(self, *, mode: str = "immediate") -> None:
        self._run([*self._control, "-m", mode, "stop"])

    def database(self) -> str:
        """The URL of a new, empty database."""
        import psycopg

        name = f"ledger_{next(_NUMBERS)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self._port}/{database}"

    def _run(self, command: list[str]) -> None:
        subprocess.run(  # noqa: S603 - the server's own programs
            command, check=True, stdout=subprocess.DEVNULL, cwd="/", **self._owner
        )


def missing() -> str:
    """Why no server can be started here, or nothing."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed"
    if _programs() is None:
        return "PostgreSQL's server is not installed here"
    if os.geteuid() == 0 and not _unprivileged():
        return "there is no user `postgres`, and the server does not run as root"
    return ""


@contextmanager
def running_server(folder: Path) -> Iterator[Server]:
    """A server in `folder`, which is new and short enough for a socket's name."""
    programs = _programs()
    assert programs is not None
    owner: dict[str, object] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        owner = {"user": user.pw_uid, "group": user.pw_gid}
        os.chown(folder, user.pw_uid, user.pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    subprocess.run(  # noqa: S603 - the server's own program
        [str(programs / "initdb"), "-D", str(folder / "server"), "-U", "postgres",
         "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True, stdout=subprocess.DEVNULL, cwd="/", **owner,
    )  # fmt: skip
    server = Server(programs, folder, port, owner)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _programs() -> Path | None:
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).resolve().parent
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return newest[-1].parent if newest else None


def _unprivileged() -> bool:
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return False
    return True
