"""One budget of calls for every process that shares a ledger and a token (R6)."""

from __future__ import annotations

import hashlib

from cado_sentinelone.clients.rates import SENTINELONE_LIMITS, prefix_of
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.models.run import Rates


class SharedRates(Rates):
    """The budget of the asset's token, kept in the ledger under a digest of the token."""

    def __init__(self, desk: Desk) -> None:
        token = desk.asset.sentinelone_token.get_secret_value()
        self._token = hashlib.sha256(f"{desk.asset.sentinelone_url} {token}".encode()).hexdigest()
        self._desk = desk

    def take(self, path: str) -> float:
        """Waits until a call to `path` may be made; returns the seconds waited."""
        prefix = prefix_of(path, SENTINELONE_LIMITS)
        if prefix is None:
            return 0.0
        limit, run = SENTINELONE_LIMITS[prefix], self._desk.run
        wait = self._desk.ledger.take_budget(
            self._token[:32],
            prefix,
            per_second=limit.per_second,
            burst=limit.burst,
            now=run.utcnow(),
        )
        if wait:
            run.wait(wait)
        return wait
