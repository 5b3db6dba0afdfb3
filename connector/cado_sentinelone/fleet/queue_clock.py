"""The clock of work by a queue: every few seconds a hint for each open fleet collection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

from cado_sentinelone import __version__
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.ledger_workers import Worker
from cado_sentinelone.errors import ConnectorError, LedgerError
from cado_sentinelone.fleet.begin import tenant_of
from cado_sentinelone.fleet.queue import Hint
from cado_sentinelone.fleet.tick import WORKED_ON
from cado_sentinelone.fleet.work import (
    SEEN_EVERY_SECONDS,
    TROUBLE_SECONDS,
    be_seen,
    is_meant,
    owner_name,
)

_LOOK_EVERY_SECONDS = 1.0
_HINT_EVERY, _SENDING_LASTS = timedelta(seconds=5), timedelta(seconds=30)
_DUTY = "hint"


class Clock:
    """Sends the hints of its assets' fleet collections, in turn with every other worker's clock.

    The duty `hint` of the ledger is what they take turns by: a fleet collection has one hint in
    five seconds, however many workers there are.
    """

    def __init__(
        self,
        desks: Sequence[Desk],
        send: Callable[[Hint], bool],
        *,
        stop: threading.Event,
        until_done: bool = False,
        fleet_id: str = "",
        tell: Callable[[str], None] = lambda line: None,
    ) -> None:
        """`send` says whether it reached the queue; `desks` are used by the clock alone."""
        self._desks, self._send, self._stop, self._tell = desks, send, stop, tell
        self._until_done, self._fleet_id = until_done, fleet_id
        self._began = [desk.run.utcnow() for desk in desks]
        self._seen = float("-inf")
        self._rest_until = [float("-inf") for _ in desks]
        self._reached = True

    def run(self) -> None:
        """Turns until told to stop, or, if so wished, until no fleet collection is left open."""
        try:
            while not self._stop.is_set():
                if not self.turn() and self._until_done:
                    break
                self._stop.wait(_LOOK_EVERY_SECONDS)
        finally:
            self._stop.set()  # a worker without a clock would seem to work
            for number, desk in enumerate(self._desks):
                with suppress(LedgerError):  # it would be seen as quiet, and forgotten after a day
                    desk.ledger.forget_worker(owner_name(number))

    def turn(self) -> bool:
        """Sends the hints that are due; whether a fleet collection is open, or that cannot be said."""
        self._be_seen()
        open_ones = [self._send_due(number, desk) for number, desk in enumerate(self._desks)]
        return any(open_ones)

    def _send_due(self, number: int, desk: Desk) -> bool:
        if desk.run.monotonic() < self._rest_until[number]:
            return True
        try:
            tenant = tenant_of(desk.asset)
            fleets = desk.ledger.fleets(states=WORKED_ON, tenant=tenant)
            meant = [fleet.fleet_id for fleet in fleets if is_meant(fleet, self._fleet_id)]
            for fleet_id in meant:
                self._hint(Hint(tenant, fleet_id), desk, owner_name(number))
        except ConnectorError as error:
            self._tell(f"{error.message}. {error.remedy}")
            self._rest_until[number] = desk.run.monotonic() + TROUBLE_SECONDS
            return True
        return bool(meant)

    def _hint(self, hint: Hint, desk: Desk, owner: str) -> None:
        now = desk.run.utcnow()
        ledger, until = desk.ledger, now + _SENDING_LASTS
        if ledger.take_duty(hint.fleet_id, _DUTY, owner, now=now, until=until) is None:
            return
        self._tell_of(self._send(hint))
        # Also when nobody was reached: another worker's clock may fare better.
        due_at = desk.run.utcnow() + _HINT_EVERY
        ledger.end_duty(hint.fleet_id, _DUTY, owner, done_at=now, due_at=due_at)

    def _tell_of(self, reached: bool) -> None:
        if reached != self._reached:
            self._reached = reached
            self._tell(
                "RabbitMQ is there again"
                if reached
                else "RabbitMQ cannot be reached; the ledger keeps everything until it is there again"
            )

    def _be_seen(self) -> None:
        run = self._desks[0].run
        if run.monotonic() - self._seen < SEEN_EVERY_SECONDS:
            return
        self._seen = run.monotonic()
        for number, desk in enumerate(self._desks):
            worker = Worker(owner_name(number), tenant_of(desk.asset), __version__,
                            self._began[number], run.utcnow())  # fmt: skip
            be_seen(desk, worker, self._tell)
