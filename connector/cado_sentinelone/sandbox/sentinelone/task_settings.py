"""When tasks may begin, and how many at once, by scope (contract 7.5)."""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timezone

from cado_sentinelone.sandbox.places import Group
from cado_sentinelone.sandbox.sentinelone.exclusion_scopes import chain
from cado_sentinelone.sandbox.sentinelone.maintenance import (
    Windows,
    open_from,
    windows_of,
    zone_of,
)
from cado_sentinelone.sandbox.sentinelone.records import Place
from cado_sentinelone.sandbox.sentinelone.remote_records import Task

_MOST_AT_ONCE = 100_000
"""The vendor's default is unpublished; this one holds nobody up."""


@dataclass(frozen=True, slots=True)
class TaskSettings:
    """What one scope sets, or what holds there once its parents were asked."""

    most_at_once: int = _MOST_AT_ONCE
    by_day: Mapping[str, object] = field(default_factory=dict)
    zone: str = "GMT+00:00"
    inherits_concurrency: bool = True
    inherits_windows: bool = True
    changed_at: float | None = None
    changed_by: str | None = None


class TaskRules:
    """The settings of every scope; what one does not set it takes from the scope above it."""

    def __init__(self) -> None:
        """Nothing is set anywhere."""
        self._by_place: dict[Place, TaskSettings] = {}

    def set(self, place: Place, settings: TaskSettings) -> None:
        """What the place sets from now on."""
        self._by_place[place] = settings

    def own(self, place: Place) -> TaskSettings:
        """What the place itself sets; by default it inherits everything."""
        return self._by_place.get(place, TaskSettings())

    def held(self, place: Place) -> TaskSettings:
        """What holds at the place."""
        held = TaskSettings()
        for step in reversed(chain(place)):
            own = self.own(step)
            if not own.inherits_concurrency:
                held = replace(held, most_at_once=own.most_at_once)
            if not own.inherits_windows:
                held = replace(held, by_day=own.by_day, zone=own.zone)
        return held

    def limits(self, place: Place) -> list[tuple[Place, int]]:
        """Each place from this one up that sets a limit of its own, and the limit."""
        return [
            (step, self.own(step).most_at_once)
            for step in chain(place)
            if not self.own(step).inherits_concurrency
        ]

    def explicit(self) -> list[Place]:
        """The places that set something of their own."""
        return [
            place
            for place, own in self._by_place.items()
            if not (own.inherits_concurrency and own.inherits_windows)
        ]


class Turns:
    """Whose turn it is, in one look at the tasks: places taken, and since when others are free."""

    def __init__(self, rules: TaskRules, running: Iterable[Task]) -> None:
        """These tasks have begun and not ended."""
        self._rules = rules
        self._hours: dict[Group, tuple[Windows, timezone]] = {}
        self._opens: dict[tuple[Group, float], float] = {}
        self._limits: dict[Group, list[tuple[Place, int]]] = {}
        self._taken: Counter[Place] = Counter()
        self._freed: dict[Place, list[float]] = defaultdict(list)
        for task in running:
            self._taken.update(place for place, _ in self._limits_of(task))

    def opens(self, task: Task, moment: float) -> float:
        """The first moment from this one on at which no maintenance window is in the way."""
        group = task.agent.group
        # An execution's tasks ask for the same moment, a hundred thousand times.
        if (group, moment) not in self._opens:
            if group not in self._hours:
                held = self._rules.held(group)
                self._hours[group] = (windows_of(held.by_day), zone_of(held.zone))
            self._opens[group, moment] = open_from(moment, *self._hours[group])
        return self._opens[group, moment]

    def free_from(self, task: Task, moment: float) -> float:
        """The first moment from this one on at which every limit has a place for the task.

        Infinite if one of them has none as long as nothing more ends.
        """
        for place, most in self._limits_of(task):
            free = most - self._taken[place]
            if free <= 0:
                return float("inf")
            freed = self._freed[place]
            # Places that were free all along come first; there are none if all were given back.
            if free <= len(freed):
                moment = max(moment, freed[len(freed) - free])
        return moment

    def take(self, task: Task) -> None:
        """The task has begun."""
        for place, most in self._limits_of(task):
            free, freed = most - self._taken[place], self._freed[place]
            if free <= len(freed):
                del freed[: len(freed) - free + 1]
            self._taken[place] += 1

    def give_back(self, task: Task) -> None:
        """The task has ended."""
        for place, _ in self._limits_of(task):
            self._taken[place] -= 1
            insort(self._freed[place], task.ended_at or 0.0)

    def _limits_of(self, task: Task) -> list[tuple[Place, int]]:
        group = task.agent.group
        if group not in self._limits:
            self._limits[group] = self._rules.limits(group)
        return self._limits[group]
