"""What a person who looks after workers wants to know, by the ledger alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cado_sentinelone.clients.rates import SENTINELONE_LIMITS
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.fleet.begin import tenant_of
from cado_sentinelone.fleet.tick import WORKED_ON

# A worker tells of itself every half minute; a long look may keep it from that for a while.
_QUIET_SECONDS = 300


@dataclass
class Checkup:
    """One line for each worker, lease and budget, and what needs a person."""

    workers: list[str] = field(default_factory=list)
    leases: list[str] = field(default_factory=list)
    budgets: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def checkup(desk: Desk) -> Checkup:
    """How the ledger's workers do. Raises LedgerError."""
    ledger, now, tenant = desk.ledger, desk.run.utcnow(), tenant_of(desk.asset)
    told = Checkup()
    working = 0
    for worker in ledger.workers():
        quiet = (now - worker.seen_at).total_seconds()
        words = "working" if quiet < _QUIET_SECONDS else "quiet: stopped, killed or stuck"
        working += worker.tenant == tenant and quiet < _QUIET_SECONDS
        told.workers.append(
            f"{worker.owner}, version {worker.version}, for tenant {worker.tenant[:8]}: seen "
            f"{quiet:.0f} s ago, {words}"
        )
    for lease in ledger.leases():
        left = (lease.until - now).total_seconds()
        words = f"for {left:.0f} s more" if left > 0 else f"ran out {-left:.0f} s ago: free again"
        told.leases.append(
            f"{lease.fleet_id} {lease.what} ({lease.endpoints}) held by {lease.owner} {words}"
        )
    told.budgets = [
        f"{budget.prefix} of token {budget.token[:8]}: {_budget_words(budget.prefix, budget.full_at, now)}"
        for budget in ledger.budgets()
    ]
    open_fleets = ledger.fleets(states=WORKED_ON, tenant=tenant)
    if open_fleets and not working:
        told.troubles.append(
            f"no worker of tenant {tenant[:8]} was seen in the last {_QUIET_SECONDS // 60} minutes, "
            f"and {len(open_fleets)} of its fleet collections are open; run: cado-sentinelone fleet work"
        )
    told.troubles += [
        f"{fleet.fleet_id} is paused: {fleet.paused_reason}"
        for fleet in open_fleets
        if fleet.state == "paused"
    ]
    return told


def _budget_words(prefix: str, full_at: datetime, now: datetime) -> str:
    """How much of the burst is left; a budget that is full again needs no wait."""
    limit = SENTINELONE_LIMITS.get(prefix)
    if limit is None:
        return "of a limit that this version does not know"
    owed = max(0.0, (full_at - now).total_seconds() * limit.per_second)
    left = limit.burst - owed
    if left >= 1:
        return f"{left:.0f} of {limit.burst} calls at once are left"
    return f"used up; the next call waits {(1 - left) / limit.per_second:.1f} s"
