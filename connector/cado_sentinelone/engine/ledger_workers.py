"""What every backend tells of those who work on fleet collections, for a person who looks after them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple, Protocol


class Worker(NamedTuple):
    """One that works, or did: `owner` names its machine, process and thread."""

    owner: str
    tenant: str
    version: str
    started_at: datetime
    seen_at: datetime


class Lease(NamedTuple):
    """What an owner has reserved: `what` is `launches` or a duty, of one fleet collection."""

    fleet_id: str
    tenant: str
    owner: str
    what: str
    endpoints: int
    until: datetime


class Budget(NamedTuple):
    """The calls of one token to one path: until `full_at` not all of its burst is there."""

    token: str
    prefix: str
    full_at: datetime


Grouping = Literal["site_id", "os", "verdict"]


class Change(NamedTuple):
    """How many endpoints went from one state ("" at first) to another around the same time."""

    at: datetime
    from_state: str
    to_state: str
    endpoints: int


class WorkerLedger(Protocol):
    """The part of a ledger that tells of workers, and of fleets in figures."""

    def see_worker(self, worker: Worker) -> None:
        """Notes that it is there; one that was not seen for a day is forgotten."""
        ...

    def forget_worker(self, owner: str) -> None:
        """Notes that it has ended."""
        ...

    def workers(self) -> list[Worker]:
        """Those that were seen in the last day, the latest first."""
        ...

    def leases(self) -> list[Lease]:
        """What is reserved and not done, by fleet collection and owner; one that ran out is free again."""
        ...

    def budgets(self) -> list[Budget]:
        """The budgets of calls that were used so far."""
        ...

    def fleet_by(self, fleet_id: str, by: Grouping) -> list[tuple[str, str, int]]:
        """How many endpoints have which value and state, as value, state and number."""
        ...

    def fleet_changes(self, fleet_id: str, *, every_seconds: int) -> list[Change]:
        """The steps of a fleet's endpoints, those of so many seconds counted together, in time."""
        ...

    def fleet_durations(self, fleet_id: str, *, every_seconds: int) -> list[tuple[int, int]]:
        """How long it took from the launch to evidence: seconds, rounded down, and endpoints."""
        ...
