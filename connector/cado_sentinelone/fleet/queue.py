"""The queue that tells workers of fleet collections: where it is, what its messages hold, its settings.

The ledger is the only truth. A message is a hint that it is worth a look: one that is lost, doubled
or forged changes nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from cado_sentinelone.errors import AssetError

BROKER = "CADO_SENTINELONE_BROKER_URL"
TASK = "cado_sentinelone.fleet.hint"
# Whatever is made in RabbitMQ begins with it, so that a user's permissions can say so.
_PREFIX = "cado_sentinelone.fleet"
_SCHEMES = ("amqp", "amqps")
# What waits is no more than threads can take soon, and nothing is left of it after a night without
# workers: whatever was dropped, the clock says again.
_MOST_WAITING = 64
_HINT_LASTS_SECONDS = 60.0
_CONNECT_SECONDS = 5.0
_TENANT, _FLEET_ID = re.compile(r"[0-9a-f]{32}"), re.compile(r"fleet-[0-9a-f]{16}")


class Hint(NamedTuple):
    """That a fleet collection of a tenant is worth a look: all that a message says."""

    tenant: str
    fleet_id: str


def broker_url() -> str:
    """Where RabbitMQ is, or nothing; it may hold a password, so no error and no line repeats it."""
    return os.environ.get(BROKER, "")


def checked_broker_url() -> str:
    """Where RabbitMQ is. Raises AssetError when that is not said, or said of something else."""
    url = broker_url()
    if not url:
        raise AssetError(
            f"{BROKER} is not set: nobody says where RabbitMQ is",
            remedy=f"Set {BROKER}=amqps://USER:PASSWORD@HOST/VHOST in the worker's environment.",
        )
    if not _is_one_broker(url):
        raise AssetError(
            f"{BROKER} is no URL of one RabbitMQ",
            remedy="Make it amqp://USER:PASSWORD@HOST:PORT/VHOST or amqps://...; other schemes, a list "
            "and options after a question mark are not taken, and signs in the password are "
            "percent-encoded.",
        )
    return url


def _is_one_broker(url: str) -> bool:
    with suppress(ValueError):
        parts: SplitResult = urlsplit(url)
        _ = parts.port  # raises for what is no number
        plain = not (parts.query or parts.fragment or set(";, \t\r\n") & set(url))
        return plain and parts.scheme in _SCHEMES and bool(parts.hostname)
    return False


def tls_of(url: str) -> dict[str, str] | bool:
    """How the broker's certificate is verified: by its name, against the machine's authorities."""
    parts = urlsplit(url)
    return {"server_hostname": parts.hostname or ""} if parts.scheme == "amqps" else False


def queue_name(tenant: str) -> str:
    """The queue of one tenant: workers take from those of their own assets only (S10)."""
    return f"{_PREFIX}.{tenant}"


def hint_in(payload: object) -> Hint | None:
    """The hint that a message's decoded body is, or None for anything else.

    Celery's form is [arguments, named arguments, what follows]; a hint has two ids and no more.
    """
    if not (isinstance(payload, list) and len(payload) == 3):
        return None
    arguments, named, follows = payload
    if named or not isinstance(follows, dict) or any(follows.values()):
        return None
    if not (isinstance(arguments, list) and [type(one) for one in arguments] == [str, str]):
        return None
    hint = Hint(*arguments)
    known = _TENANT.fullmatch(hint.tenant) and _FLEET_ID.fullmatch(hint.fleet_id)
    return hint if known else None


def require_celery() -> None:
    """Raises AssetError when the packages of the extra are not installed."""
    try:
        import celery  # noqa: F401
    except ImportError:
        raise AssetError(
            "work by a queue needs a package that is not installed",
            remedy='Run: pip install "cado-sentinelone[celery]"',
        ) from None


def make_app(url: str, tenants: Iterable[str]) -> Any:  # noqa: ANN401 - Celery has no types
    """Celery with the tenants' queues and nothing else: ids in JSON, no results, nothing for later.

    Raises AssetError when Celery is not installed.
    """
    require_celery()
    from celery import Celery
    from kombu import Exchange, Queue

    # Celery would prefer these to what it is told here.
    for name in [name for name in os.environ if name.startswith("CELERY_")]:
        del os.environ[name]
    app = Celery("cado_sentinelone", broker=url, set_as_current=False, fixups=[])
    exchange = Exchange(_PREFIX, "direct", durable=True)
    bounds = {"x-max-length": _MOST_WAITING, "x-overflow": "drop-head"}
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        event_serializer="json",
        result_serializer="json",
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_create_missing_queues=False,
        task_default_exchange=_PREFIX,
        task_queues=[
            Queue(name, exchange, routing_key=name, durable=True, queue_arguments=bounds)
            for name in map(queue_name, tenants)
        ],
        worker_prefetch_multiplier=1,
        worker_enable_prefetch_count_reduction=False,
        worker_detect_quorum_queues=False,
        worker_enable_remote_control=False,
        worker_disable_rate_limits=True,
        worker_send_task_events=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_use_ssl=tls_of(url),
        broker_connection_timeout=_CONNECT_SECONDS,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0},
    )
    return app


def send(app: Any, hint: Hint) -> bool:  # noqa: ANN401
    """Whether RabbitMQ could be reached to put the hint into its tenant's queue."""
    name = queue_name(hint.tenant)
    try:
        app.send_task(
            TASK,
            args=list(hint),
            queue=name,
            exchange=_PREFIX,
            routing_key=name,
            expiration=_HINT_LASTS_SECONDS,
        )
    except errors_of(app.connection_for_write()):
        return False
    return True


def errors_of(connection: Any) -> tuple[type[Exception], ...]:  # noqa: ANN401
    """What talking to RabbitMQ may raise."""
    from kombu.exceptions import KombuError

    return (KombuError, *connection.connection_errors, *connection.channel_errors)


def connect(url: str) -> Any:  # noqa: ANN401
    """A connection that opens at its first use. Raises AssetError when Celery is not installed."""
    require_celery()
    from kombu import Connection

    return Connection(url, ssl=tls_of(url), connect_timeout=_CONNECT_SECONDS)
