"""The servers of a chaos run, and what is done to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.chaos.chaos import Scene
from tests.engine import postgres, rabbitmq


class Ground(NamedTuple):
    """What a fleet collection stands on."""

    backend: str
    queue: str

    @property
    def name(self) -> str:
        return f"{self.backend}, {'Celery on RabbitMQ' if self.queue else 'its own threads'}"


GROUNDS = (
    Ground("sqlite", ""),
    Ground("postgres", ""),
    Ground("sqlite", "rabbitmq"),
    Ground("postgres", "rabbitmq"),
)


def missing(ground: Ground) -> str:
    """Why this cannot be had here, or nothing."""
    return (postgres.missing() if ground.backend == "postgres" else "") or (
        rabbitmq.missing() if ground.queue else ""
    )


@contextmanager
def standing(ground: Ground, folder: Path, scene: Scene) -> Iterator[Scene]:
    """`scene` on its servers, with what can be done to them."""
    with ExitStack() as stack:
        scene.ledger_url = f"sqlite:///{folder / 'ledger.db'}"
        if ground.backend == "postgres":
            own = Path(stack.enter_context(TemporaryDirectory(prefix="ledger-")))
            database = stack.enter_context(postgres.running_server(own)).database()
            scene.ledger_url = database
            scene.cut = lambda: cut_connections(database)
        if ground.queue:
            own = Path(stack.enter_context(TemporaryDirectory(prefix="queue-")))
            broker = stack.enter_context(rabbitmq.running_server(own))
            scene.broker_url = broker.url

            def restart() -> None:
                broker.stop()
                broker.start()

            scene.restart = restart
        yield scene


def cut_connections(database: str) -> int:
    """How many connections to the ledger were broken off, whatever they were doing."""
    import psycopg

    with psycopg.connect(database, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    return len(rows)
