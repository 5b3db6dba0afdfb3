"""How the queues of hints stand, asked of RabbitMQ without changing anything there."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import Any

from cado_sentinelone.errors import ConnectorError, UnavailableError
from cado_sentinelone.fleet.queue import checked_broker_url, connect, errors_of, queue_name


def queue_lines(tenants: Iterable[str]) -> list[str]:
    """One line for each tenant's queue. Raises AssetError, UnavailableError."""
    with closing(connect(checked_broker_url())) as connection:
        try:
            connection.connect()
            return [f"tenant {tenant[:8]}: {_words(connection, tenant)}" for tenant in tenants]
        except errors_of(connection) as error:
            raise _refused(error) from None


def _words(connection: Any, tenant: str) -> str:  # noqa: ANN401 - kombu has no types
    from amqp.exceptions import NotFound

    # RabbitMQ closes a channel on which it was asked for what is not there.
    with closing(connection.channel()) as channel:
        try:
            found = channel.queue_declare(queue=queue_name(tenant), passive=True)
        except NotFound:
            return "no queue yet; the first worker makes it"
    return f"{found.message_count} hints are ready, {found.consumer_count} workers listen"


def _refused(error: Exception) -> ConnectorError:
    # What a broker says of itself ends at its first line; the URL is in none of them.
    words = (str(error).strip() or type(error).__name__).splitlines()[0]
    return UnavailableError(
        f"RabbitMQ cannot be reached or refused: {words}",
        remedy="Start it, or correct the user, password and virtual host; until then fleet "
        "collections that only workers with --celery work on stand still.",
    )
