"""One endpoint that is real: this machine runs what is executed there, in a folder of its own.

What a script calls `/tmp/` and `/var/lib/` lies below that folder: its text is changed to say so
before it runs, as a change of root would do for one that needs no root. Nothing else is written.
"""

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.landmarks import HEALTHY_LINUX
from cado_sentinelone.sandbox.runs import Finished

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.sentinelone.remote_records import Task
    from cado_sentinelone.sandbox.world import World

_MOVED = ("/tmp/", "/var/lib/")  # noqa: S108 - what scripts write
_MOST_OUTPUT = 1024 * 1024


def program() -> bytes:
    """The stand-in for Cado Host, to be run by this very Python."""
    text = Path(__file__).with_name("collector.py").read_text(encoding="utf-8")
    return f"#!{sys.executable}\n{text}".encode()


class LiveEndpoint:
    """The agent of this machine, and the scripts that run on it."""

    def __init__(self, world: "World") -> None:
        """Give one agent this machine's name. Raises ValueError for a world without that agent."""
        if len(world.accounts[0].agents) <= HEALTHY_LINUX:
            raise ValueError("a live endpoint needs a world of two endpoints or more")
        self.agent: Agent = world.agents[HEALTHY_LINUX]
        self.agent.hostname = platform.node().split(".")[0].lower() or "live-endpoint"
        self._world = world
        self._root = Path(tempfile.mkdtemp(prefix="cado-sentinelone-live-"))
        self._runs: dict[str, subprocess.Popen[bytes]] = {}
        for name in _MOVED:
            self._at(name).mkdir(parents=True)

    def start(self, task: "Task") -> None:
        """Run the script as the agent would: with the shell, in a process group of its own."""
        text = task.script
        for name in _MOVED:
            text = text.replace(name, f"{self._at(name)}/")
        script = self._root / f"{task.task_id}.sh"
        script.write_text(text, encoding="utf-8")
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(self._root),
            "CADO_HOST_SANDBOX_FAULT": "capture"
            if self._world.faults.take("capture_fails")
            else "",
        }
        with (self._root / f"{task.task_id}.log").open("wb") as log:
            self._runs[task.task_id] = subprocess.Popen(  # noqa: S603 - what this endpoint is for
                ["/bin/sh", str(script)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd="/",
                start_new_session=True,
            )

    def finished(self, task: "Task") -> Finished | None:
        """What came of the run, None as long as it goes on."""
        run = self._runs[task.task_id]
        if self._world.faults.take("endpoint_reboots"):
            self._kill(run)
        code = run.poll()
        if code is None:
            return None
        log = self._root / f"{task.task_id}.log"
        output = log.read_bytes()[-_MOST_OUTPUT:].decode("utf-8", "replace")
        return Finished(output, code)

    def wait(self) -> None:
        """Return when everything that was started has ended."""
        for run in list(self._runs.values()):
            run.wait()

    def left_behind(self) -> list[str]:
        """What scripts left in the work folder, which should be nothing."""
        return sorted(path.name for path in self._at(_MOVED[0]).iterdir())

    def close(self) -> None:
        """End what still runs and remove everything that was written."""
        for run in self._runs.values():
            self._kill(run)
        shutil.rmtree(self._root, ignore_errors=True)

    def _kill(self, run: "subprocess.Popen[bytes]") -> None:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()

    def _at(self, name: str) -> Path:
        return self._root / name.strip("/")
