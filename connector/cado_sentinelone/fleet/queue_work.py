"""Working on fleet collections by hints from a queue: one hint, one tick, and the next hint."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import count

from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.errors import ConnectorError, LedgerError, NotFoundError, UnavailableError
from cado_sentinelone.fleet.begin import tenant_of
from cado_sentinelone.fleet.queue import Hint, checked_broker_url, make_app, send
from cado_sentinelone.fleet.queue_celery import listen, listener
from cado_sentinelone.fleet.queue_clock import Clock
from cado_sentinelone.fleet.tick import tick
from cado_sentinelone.fleet.work import TROUBLE_SECONDS, is_meant, owner_name, share_budget


def work_by_queue(
    make_desks: Sequence[Callable[[], Desk]],
    *,
    stop: threading.Event,
    threads: int = 4,
    until_done: bool = False,
    fleet_id: str = "",
    tell: Callable[[str], None] = lambda line: None,
) -> None:
    """Works as fleet.work.work does, on what RabbitMQ's hints name; must run in the main thread.

    A clock in a thread of its own sends hints. Whatever happens to RabbitMQ, it is connected to
    anew. Raises AssetError when it is not said where RabbitMQ is, when Celery is not installed,
    and UnavailableError when RabbitMQ refuses the worker.
    """
    url = checked_broker_url()
    desks = [make() for make in make_desks]
    makers = {tenant_of(desk.asset): make for desk, make in zip(desks, make_desks, strict=True)}
    work = HintedWork(makers, fleet_id, stop, tell)
    try:
        app = make_app(url, makers)
        work.send = lambda hint: send(app, hint)
        worker = listener(app, work.take, threads=max(threads, 1), tell=tell)
        clock = Clock(desks, work.send, stop=stop, until_done=until_done, fleet_id=fleet_id,
                      tell=tell)  # fmt: skip
        turning = threading.Thread(target=clock.run, name="fleet-clock")
        turning.start()
        try:
            refused = listen(worker, stop, tell)
        finally:
            stop.set()
            turning.join()
    finally:
        work.close()
        for desk in desks:
            desk.run.close()
    if refused:
        raise UnavailableError(
            "RabbitMQ refused this worker",
            remedy="The lines above say why: a wrong user, password or virtual host, or a queue of "
            "that name that was made with other settings (delete that one).",
        )


_MOST_DESKS = 8


class HintedWork:
    """What is done for a hint; every thread has a desk of its own for each tenant.

    A hint is believed in nothing: the ledger says whether there is such a fleet collection, whose
    it is and what is due.
    """

    def __init__(
        self,
        makers: Mapping[str, Callable[[], Desk]],
        fleet_id: str,
        stop: threading.Event,
        tell: Callable[[str], None],
    ) -> None:
        """`makers` are the desks by tenant; `fleet_id` the only one that is meant, or any."""
        self.send: Callable[[Hint], object] = lambda hint: None
        self._makers, self._fleet_id, self._stop, self._tell = makers, fleet_id, stop, tell
        self._own = threading.local()
        self._numbers = count()
        self._desks: list[Desk] = []
        self._rest_until: dict[str, float] = {}

    def take(self, hint: Hint) -> None:
        """One tick of what the hint names, and a hint for the next when something was done."""
        if hint.tenant not in self._makers:
            self._tell(f"dropped a hint for tenant {hint.tenant[:8]}, of which no asset is here")
            return
        try:
            done = self._tick(hint)
        except ConnectorError as error:
            self._tell(f"{error.message}. {error.remedy}")
            return
        if done and not self._stop.is_set():
            self.send(hint)

    def close(self) -> None:
        """Closes all desks; no thread may be using one any more."""
        for desk in self._desks:
            with suppress(LedgerError):
                desk.run.close()

    def _tick(self, hint: Hint) -> bool:
        desk, owner = self._desk(hint.tenant)
        try:
            fleet = desk.ledger.fleet(hint.fleet_id)
        except NotFoundError:
            self._tell(f"dropped a hint for {hint.fleet_id}, which the ledger does not have")
            return False
        if fleet.tenant != hint.tenant:
            self._tell(f"dropped a hint for {hint.fleet_id}, which is of another tenant")
            return False
        now = desk.run.monotonic()
        if not is_meant(fleet, self._fleet_id) or now < self._rest_until.get(hint.fleet_id, now):
            return False
        try:
            return tick(hint.fleet_id, desk, owner)
        except ConnectorError as error:
            # What it had leased is free again after a while; hints come sooner than this helps.
            pause = max(error.retry_after_seconds or 0.0, TROUBLE_SECONDS)
            self._rest_until[hint.fleet_id] = now + pause
            raise
        finally:
            for warning in desk.run.warnings:
                self._tell(warning)
            desk.run.warnings.clear()

    def _desk(self, tenant: str) -> tuple[Desk, str]:
        """This thread's desk for the tenant, and who it is to the ledger.

        A desk holds connections, so that a thread keeps those of the tenants it worked for last.
        """
        if not hasattr(self._own, "desks"):
            self._own.desks, self._own.owner = {}, owner_name(next(self._numbers))
        desks: dict[str, Desk] = self._own.desks
        desk = desks.pop(tenant, None)
        if desk is None:
            if len(desks) >= _MOST_DESKS:
                oldest = desks.pop(next(iter(desks)))
                self._desks.remove(oldest)
                oldest.run.close()
            desk = self._makers[tenant]()
            share_budget(desk)
            self._desks.append(desk)
        desks[tenant] = desk
        return desk, self._own.owner
