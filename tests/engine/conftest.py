"""One conformance suite for every ledger backend (promise R10)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.engine.postgres import Server, missing, running_server

import cado_sentinelone
from cado_sentinelone.engine.ledger import Ledger, open_ledger
from cado_sentinelone.models.collection import Collection

HERE = Path(__file__).parent
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for all tests of a run; a test that cannot have one says why."""
    if why := missing():
        pytest.skip(why)
    # Not pytest's folder: only root may enter it, and the server runs as another user.
    with TemporaryDirectory(prefix="ledger-") as folder, running_server(Path(folder)) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty ledger of each backend."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres").database()
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    ledger = open_ledger(ledger_url)
    yield ledger
    ledger.close()


@pytest.fixture
def make_draft() -> Callable[..., Collection]:
    """Planned collections, alike but for their number and what is given."""

    def make(number: int = 1, **fields: object) -> Collection:
        return Collection.model_validate(
            {
                "collection_id": f"col-{number}",
                "dedupe_key": f"key-{number}",
                "state": "planned",
                "route": "cado",
                "agent_id": f"agent-{number}",
                "investigation_id": 12,
                "created_at": NOW,
                "updated_at": NOW,
                **fields,
            }
        )

    return make


@pytest.fixture
def run_script(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Starts one of the scripts beside this file in a process of its own."""

    def run(name: str, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - this Python, our own script
            [sys.executable, "-W", "error", str(HERE / name), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={"PYTHONPATH": str(Path(cado_sentinelone.__file__).parents[1])},
        )

    return run


@pytest.fixture
def run_at_once(run_script: Callable[..., subprocess.Popen[str]]) -> Callable[..., list[list]]:
    """What each of several processes answers when all begin the same calls at one moment.

    `NUMBER` in a call stands for the number of the process.
    """

    def run(processes: int, url: str, calls: list[dict[str, object]]) -> list[list]:
        workers = [run_script("ledger_worker.py", url) for _ in range(processes)]
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        for number, worker in enumerate(workers):
            assert worker.stdin is not None
            worker.stdin.write(json.dumps(calls).replace("NUMBER", str(number)) + "\n")
            worker.stdin.flush()
        answers = [worker.communicate()[0] for worker in workers]
        assert [worker.returncode for worker in workers] == [0] * processes
        return [json.loads(answer) for answer in answers]

    return run
