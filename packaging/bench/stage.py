"""Where it is measured: the wheel in a virtualenv of its own, and servers in processes of their
own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
_LOOK_SECONDS = 0.005


@dataclass(frozen=True)
class Server:
    """A server on loopback that answers already."""

    url: str
    asset_file: Path

    @property
    def asset(self) -> dict[str, str]:
        settings: dict[str, str] = json.loads(self.asset_file.read_text(encoding="utf-8"))
        return settings


@dataclass(frozen=True)
class Stage:
    """One bench run: its folder, its virtualenv, and how many pairs each row takes."""

    folder: Path
    pairs: int

    @property
    def python(self) -> str:
        return str(self.folder / "venv" / "bin" / "python")

    @property
    def command(self) -> str:
        return str(self.folder / "venv" / "bin" / "cado-sentinelone")

    @property
    def environment(self) -> dict[str, str]:
        """Ours without our own settings, and with a ledger that nobody else uses."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CADO_SENTINELONE_", "PYTHON"))
        }
        return kept | {"XDG_STATE_HOME": str(self.folder / "state")}

    def set_up(self) -> None:
        """Builds the wheel and installs it with the locked requirements."""
        dist = self.folder / "dist"
        _run(sys.executable, str(ROOT / "packaging" / "build_dist.py"), str(dist))
        _run(sys.executable, "-m", "venv", str(self.folder / "venv"))
        pip = (self.python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
        _run(*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "run.txt"))
        _run(*pip, "--no-deps", "--no-index", *map(str, dist.glob("*.whl")))

    def script(self, name: str, *arguments: str) -> list[str]:
        """The command that runs a script of peers/ with the virtualenv's Python."""
        return [self.python, str(HERE / "peers" / f"{name}.py"), *arguments]

    @contextmanager
    def sandbox(self, *arguments: str) -> Iterator[Server]:
        """The sandbox of both vendors, with these arguments."""
        file = self.folder / "sandbox.json"
        command = [self.command, "sandbox", "--port", "0", "--write-asset", str(file), *arguments]
        with self._served(command, file) as server:
            yield server

    @contextmanager
    def one_endpoint(self) -> Iterator[Server]:
        """The smallest console: one endpoint, answered as fast as Python can."""
        file = self.folder / "one.json"
        with self._served(self.script("one_endpoint", str(file)), file) as server:
            yield server

    @contextmanager
    def _served(self, command: list[str], file: Path) -> Iterator[Server]:
        """Runs a server that writes `file` as soon as it answers."""
        file.unlink(missing_ok=True)
        log = self.folder / "server.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own arguments
                command, stdout=output, stderr=output, env=self.environment
            )
        try:
            while not (file.is_file() and file.read_bytes().endswith(b"}\n")):
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK_SECONDS)
                    raise SystemExit(log.read_text(encoding="utf-8"))
            yield Server(json.loads(file.read_bytes())["sentinelone_url"], file)
        finally:
            process.terminate()
            process.wait()


def _run(*command: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own arguments
        command, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        raise SystemExit(done.stdout)
