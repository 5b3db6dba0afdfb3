"""`fleet doctor`: who works, what is reserved, what is left of the budgets, by the ledger alone.

Where a queue is used, how it stands is asked of RabbitMQ.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cado_sentinelone.console.fleet import say
from cado_sentinelone.console.fleet_view import line_of, without_secrets
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.fleet.begin import tenant_of
from cado_sentinelone.fleet.checkup import checkup
from cado_sentinelone.fleet.queue import broker_url
from cado_sentinelone.fleet.queue_state import queue_lines
from cado_sentinelone.fleet.status import status_of
from cado_sentinelone.fleet.tick import WORKED_ON
from cado_sentinelone.log import printable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.log import Mask


def command(parsed: argparse.Namespace, desks: Sequence[Desk], mask: Mask) -> int:
    """Prints what there is; 1 when something needs a person."""
    troubles: list[str] = []
    seen: set[str] = set()
    for desk in desks:
        fleets = desk.ledger.fleets(states=WORKED_ON, tenant=tenant_of(desk.asset))
        told = [line_of(without_secrets(status_of(fleet, desk), mask)) for fleet in fleets]
        _print("fleet collections", told)
        found = checkup(desk)
        troubles += [one for one in found.troubles if one not in troubles]
        url = desk.asset.ledger_url.get_secret_value()
        if url not in seen:
            seen.add(url)
            _print("workers", found.workers)
            _print("leases", found.leases)
            _print("budgets", found.budgets)
    if broker_url():
        try:
            _print("queues", queue_lines({tenant_of(desk.asset): None for desk in desks}))
        except ConnectorError as error:
            troubles.append(f"{error.message}. {error.remedy}")
    sys.stdout.flush()
    for trouble in troubles:
        say(printable(mask(trouble)))
    return int(bool(troubles))


def _print(title: str, lines: Sequence[str]) -> None:
    print(f"{title}:")
    for line in lines or ["none"]:
        print(f"  {printable(line)}")
