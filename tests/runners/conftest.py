"""What every proof of a runner needs: a sandbox, the rendered bundle, the runner's own Python.

Without nox there are no environments: then nothing of this folder is collected, and the table of
`nox -s runners` is what says what was proven.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cado_sentinelone.sandbox import landmarks
from cado_sentinelone.sandbox.running import RunningSandbox

RESULT = os.environ.get("CADO_SENTINELONE_PROOF", "")
if not RESULT:
    collect_ignore_glob = ["*/*"]

# A collection of an hour takes seconds; the gaps between looks are the runner's own.
SPEED = 3000.0


class Environment:
    """A Python with a runner's packages."""

    def __init__(self, name):
        self.python = Path(os.environ[f"CADO_SENTINELONE_PROOF_{name.upper()}"])

    def run(self, *command, cwd, given=None, variables=None, seconds=300):
        """The finished process of `command`: a path, one of the environment's programs, or options
        of its Python.
        """
        first, *rest = map(str, command)
        if first.startswith("-"):
            program = [str(self.python), first]
        elif "/" in first:
            program = [first]
        else:
            program = [str(self.python.parent / first)]
        return subprocess.run(  # noqa: S603 - the proof's own commands
            [*program, *rest],
            cwd=cwd,
            input=given,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            # Nothing of this checkout may stand in for what the bundle brings.
            env={
                "PATH": f"{self.python.parent}:{os.environ['PATH']}",
                "HOME": str(cwd),
                "LANG": "C.UTF-8",
                **(variables or {}),
            },
        )

    def version(self, *distributions):
        """Name and version of what is installed."""
        code = (
            "import importlib.metadata as m, sys;"
            "print(', '.join(f'{n} {m.version(n)}' for n in sys.argv[1:]))"
        )
        return self.run("-c", code, *distributions, cwd="/").stdout.strip()


class Told:
    """What the proof has to say in the table."""

    def __init__(self):
        self.version, self.validator, self.executed = "", "none of its own", []


@pytest.fixture(scope="session")
def environment():
    return Environment


@pytest.fixture(scope="session")
def sandbox():
    with RunningSandbox(endpoints=40, speed=SPEED) as running:
        yield running


@pytest.fixture(scope="session")
def hostname(sandbox):
    """A healthy Windows endpoint."""
    return sandbox.world.agents[landmarks.HEALTHY_WINDOWS].hostname


@pytest.fixture(scope="session")
def settings(sandbox, tmp_path_factory):
    """The asset of the sandbox, with a ledger of the proof's own."""
    folder = tmp_path_factory.mktemp("ledger")
    return sandbox.asset | {"ledger_url": f"sqlite:///{folder / 'ledger.db'}"}


@pytest.fixture(scope="session")
def render(tmp_path_factory):
    """The folder that `cado-sentinelone render RUNNER` wrote, as a user gets it."""

    def rendered(runner):
        out = tmp_path_factory.mktemp("rendered")
        command = [sys.executable, "-m", "cado_sentinelone", "render", runner, "--out", str(out)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        command[3:] = ["check", str(out)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        return out / runner

    return rendered


KEY = "a-key-for-nothing-but-this-proof"


@pytest.fixture(scope="session")
def surface(settings, tmp_path_factory, told):
    """Base URL and key of `cado-sentinelone serve`, for the sandbox."""
    for module in ("cado_sentinelone_manifests.serve", "uvicorn", "starlette"):
        if importlib.util.find_spec(module) is None:
            told.not_proven = f"{module} is not installed"
            pytest.skip(f"not proven here: {told.not_proven}")
    asset = tmp_path_factory.mktemp("asset") / "asset.json"
    asset.write_text(json.dumps(settings))
    asset.chmod(0o600)
    command = ["-m", "cado_sentinelone", "serve", "--port", "0", "--asset", str(asset)]
    environment = {"PATH": os.environ["PATH"], "CADO_SENTINELONE_SERVE_KEY": KEY}
    with subprocess.Popen(  # noqa: S603 - the proof's own command
        [sys.executable, *command], env=environment, stderr=subprocess.PIPE, text=True
    ) as server:
        said = next((line for line in server.stderr if line.startswith("serve:")), "")
        # Its log must not fill the pipe.
        reader = threading.Thread(target=server.stderr.read)
        reader.start()
        try:
            url = re.search(r"http://[\w.]+:\d+", said)
            assert url, said
            yield url[0], KEY
        finally:
            server.terminate()
            reader.join()


_told = Told()


@pytest.fixture(scope="session")
def told():
    return _told


def pytest_sessionfinish(session, exitstatus):
    if RESULT:
        record = {"runner": Path(RESULT).stem, "passed": exitstatus == 0, **vars(_told)}
        Path(RESULT).write_text(json.dumps(record), encoding="utf-8")
