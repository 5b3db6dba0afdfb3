"""Celery's worker as it is used here: threads, tenants' queues, nothing that a message could ask for."""

from __future__ import annotations

import logging
import platform
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from cado_sentinelone.fleet.queue import TASK, Hint, hint_in
from cado_sentinelone.log import LOGGER


def listener(
    app: Any,  # noqa: ANN401 - Celery has no types
    take: Callable[[Hint], None],
    *,
    threads: int,
    tell: Callable[[str], None],
) -> Any:  # noqa: ANN401
    """A worker that calls `take` in one of `threads` for every hint of the app's queues."""

    def run_hint(tenant: str, fleet_id: str) -> None:
        take(Hint(tenant, fleet_id))

    app.task(run_hint, name=TASK)
    app.finalize()
    # Celery's own tasks run tasks that a message names; nobody asks for them here.
    for name in set(app.tasks) - {TASK}:
        app.tasks.unregister(name)
    # The pool's threads look a task up in the default app.
    app.set_default()
    app.conf.worker_consumer = _consumer_class(tell)
    return app.WorkController(
        pool_cls="threads",
        concurrency=threads,
        hostname=f"fleet@{platform.node()}",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )


def listen(worker: Any, stop: threading.Event, tell: Callable[[str], None]) -> bool:  # noqa: ANN401
    """Listens until `stop` is set and what is under way has ended; whether RabbitMQ refused it."""
    from celery.worker import state

    def pass_on() -> None:
        stop.wait()
        state.should_stop = 0  # Celery's own word for it, looked at every second

    state.should_stop = None
    passing = threading.Thread(target=pass_on, name="fleet-stop")
    passing.start()
    said = _Said(tell)
    logs = [logging.getLogger(name) for name in ("celery", "kombu", "amqp")]
    for log in logs:
        log.addHandler(said)
    try:
        worker.start()
    finally:
        stop.set()
        passing.join()
        for log in logs:
            log.removeHandler(said)
    return bool(worker.exitcode)


class _Said(logging.Handler):
    """Tells a person the first line of what Celery warns of; the rest goes to our log at debug."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._tell, self._last = tell, ""

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage().strip()
        line = message.splitlines()[0] if message else record.name
        if line != self._last:  # a broker that is down for a night is told of once
            self._last = line
            self._tell(f"queue: {line}")
        LOGGER.debug("queue: %s", message, exc_info=record.exc_info)


def _consumer_class(tell: Callable[[str], None]) -> type:
    from celery.worker.consumer import Consumer

    class HintConsumer(Consumer):  # type: ignore[misc]
        """Celery's, which sees hints alone: their headers are ours, so that no message can ask for
        a later time, another task or an answer, and none that is odd can end the worker.
        """

        def create_task_handler(self, *arguments: Any, **named: Any) -> Callable[[Any], None]:  # noqa: ANN401
            accept = super().create_task_handler(*arguments, **named)

            def take_message(message: Any) -> None:  # noqa: ANN401
                if _hint_of(message) is None:
                    tell("dropped a message that is no hint")
                    message.reject_log_error(LOGGER, self.connection_errors)
                    return
                message.headers = _headers()
                accept(message)

            return take_message

    return HintConsumer


def _hint_of(message: Any) -> Hint | None:  # noqa: ANN401
    try:
        return hint_in(message.payload)
    except Exception:  # noqa: BLE001 - whatever a foreign body does to its decoder
        return None


def _headers() -> dict[str, object]:
    name = str(uuid4())
    return {
        "lang": "py",
        "task": TASK,
        "id": name,
        "root_id": name,
        "retries": 0,
        "timelimit": [None, None],
        "ignore_result": True,
    }
