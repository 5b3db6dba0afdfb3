"""What every backend keeps of fleet collections; the rest of the ledger's promises hold here as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from cado_sentinelone.models.collection import Collection
from cado_sentinelone.models.fleet import Fleet, FleetCounts, FleetState


class Draft(NamedTuple):
    """An endpoint of a fleet collection to be: when it is due, and why it never will be, if so."""

    collection: Collection
    due_at: datetime
    refusal: str = ""


class FleetLedger(Protocol):
    """The part of a ledger that keeps fleet collections."""

    def add_fleet(self, fleet: Fleet) -> None:
        """Keeps a new fleet collection."""
        ...

    def fleet(self, fleet_id: str) -> Fleet:
        """The fleet collection of that id. Raises NotFoundError."""
        ...

    def fleets(
        self, *, states: Iterable[FleetState] = (), tenant: str = "", group_id: str = ""
    ) -> list[Fleet]:
        """The fleet collections that pass every filter given, newest first."""
        ...

    def step_fleet(
        self,
        fleet_id: str,
        from_states: Iterable[FleetState],
        to_state: FleetState,
        *,
        at: datetime,
        **changes: object,
    ) -> Fleet:
        """The fleet collection after a step from one of `from_states`.

        Raises ConflictError when it is in another state by now, NotFoundError.
        """
        ...

    def enroll(self, fleet_id: str, drafts: Iterable[Draft], *, at: datetime) -> int:
        """Adds an endpoint for each draft, all in one transaction; how many were new to the fleet.

        A draft whose key another collection holds brings that one in: the endpoint was asked for
        already. One with a refusal ends at once, with the reason.
        """
        ...

    def drop_fleet(self, fleet_id: str) -> None:
        """Forgets a fleet collection that is still `planning`, with the endpoints that only it
        brought in: nothing was launched for it. Raises ConflictError for any other.
        """
        ...

    def fleet_counts(self, fleet_id: str) -> FleetCounts:
        """How many endpoints are in which state, as of one instant. Raises NotFoundError."""
        ...

    def fleet_sites(self, fleet_id: str, *, states: Sequence[str] = ()) -> dict[str, int]:
        """How many endpoints of each site are in one of `states`, or in any."""
        ...

    def fleet_errors(self, fleet_id: str, *, most: int = 20) -> list[tuple[str, str, int]]:
        """The commonest errors as state, words and number of endpoints, the commonest first."""
        ...

    def launched_of(self, fleet_id: str) -> FleetCounts:
        """How many endpoints the fleet collection itself has launched, by their state now."""
        ...

    def ended_since(self, fleet_id: str, since: datetime) -> FleetCounts:
        """How many endpoints that were launched ended since then, by state."""
        ...

    def lease_due(
        self,
        fleet_id: str,
        owner: str,
        *,
        states: Sequence[str],
        now: datetime,
        until: datetime,
        limit: int,
    ) -> list[Collection]:
        """At most `limit` of the endpoints that are due in one of `states`, leased to `owner`.

        Nobody else gets them before `until`, or before they were released. Clocks may differ: a
        lease saves work, and only a step decides who sends.
        """
        ...

    def reserved_sites(
        self, fleet_id: str, *, states: Sequence[str], now: datetime
    ) -> dict[str, int]:
        """How many endpoints of each site are leased and still in one of `states`."""
        ...

    def set_due(self, fleet_id: str, collection_ids: Sequence[str], due_at: datetime) -> None:
        """Has these endpoints wait until `due_at`, or go on then, and releases their leases."""
        ...

    def release_members(self, collection_ids: Sequence[str]) -> None:
        """Ends the leases of these collections; when they are due stays."""
        ...

    def members(
        self,
        fleet_id: str,
        *,
        states: Sequence[str] = (),
        agent_ids: Sequence[str] = (),
        page_rows: int = 500,
    ) -> Iterator[Collection]:
        """The endpoints of a fleet collection, in the order of their enrolment, read by pages."""
        ...

    def give_allowance_back(self, fleet_id: str, count: int) -> None:
        """Puts back what was taken and not launched."""
        ...

    def learn_device(self, fleet_id: str, device_id: str, hostname: str) -> None:
        """Notes what Cado calls the endpoint of the fleet collection that has this id as its agent's
        id, or this hostname and the id as its agent's UUID; nothing for one that it has not.
        """
        ...

    def take_allowance(self, fleet_id: str, most: int, *, least: int = 1, now: datetime) -> int:
        """How many may be launched now of the `most` that wait, taken off what is allowed; none
        while that is not `least`.

        What is saved up while nothing waits is a minute's worth at most.
        """
        ...

    def take_duty(
        self, fleet_id: str, duty: str, owner: str, *, now: datetime, until: datetime
    ) -> datetime | None:
        """When the duty was done last (1970 for never), if it is due and `owner` has it now; else
        None. Of all workers one at a time has it, until `until` or until it is done.
        """
        ...

    def end_duty(
        self, fleet_id: str, duty: str, owner: str, *, done_at: datetime, due_at: datetime
    ) -> None:
        """Notes that the duty was done, and when it is due again; another's stays as it is."""
        ...

    def take_budget(
        self, token: str, prefix: str, *, per_second: float, burst: int, now: datetime
    ) -> float:
        """How many seconds to wait before a call of `token` to `prefix`: the place is taken.

        One budget for every process that shares this ledger (R6); `token` is a digest of one.
        """
        ...

    def members_to_retry(
        self, fleet_id: str, *, ended_before: datetime, most_attempts: int
    ) -> list[Collection]:
        """The endpoints that failed before then and were tried at most so often, 500 at most."""
        ...

    def replace_member(
        self, fleet_id: str, ended: Collection, draft: Collection, *, due_at: datetime
    ) -> bool:
        """Puts `draft` in the place of a collection that has ended; whether its key was free."""
        ...
