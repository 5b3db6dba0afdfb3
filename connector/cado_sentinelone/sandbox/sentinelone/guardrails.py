"""Guardrails: which executions need a reviewer, by scope (contract 7.5)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.sentinelone.exclusion_scopes import chain
from cado_sentinelone.sandbox.sentinelone.records import Place


@dataclass(frozen=True, slots=True)
class Guardrail:
    """From how many endpoints on a script of these types needs an approval; None is from one."""

    enabled: bool = False
    endpoints: int | None = None
    script_types: tuple[str, ...] = ()

    def stops(self, script_type: str, endpoints: int) -> bool:
        """Whether so many endpoints are too many."""
        threshold = 1 if self.endpoints is None else self.endpoints
        return self.enabled and script_type in self.script_types and endpoints >= threshold


class Guardrails:
    """The guardrail of every scope; one without its own has that of the scope above it."""

    def __init__(self) -> None:
        """There is none."""
        self._by_place: dict[Place, Guardrail] = {}

    def set(self, place: Place, guardrail: Guardrail) -> None:
        """The place has this one from now on."""
        self._by_place[place] = guardrail

    def remove(self, place: Place) -> bool:
        """The place has the one above it again; whether it had its own."""
        return self._by_place.pop(place, None) is not None

    def at(self, place: Place) -> tuple[Guardrail, Place]:
        """What holds at the place, and whose it is; the tenant's if nobody has one."""
        for step in chain(place):
            if step in self._by_place:
                return self._by_place[step], step
        return Guardrail(), None

    def stop(self, script_type: str, agents: Iterable[Agent]) -> bool:
        """Whether the execution on these endpoints needs an approval.

        The endpoints are counted by guardrail: each knows its own scope's only.
        """
        counts = Counter(agent.group for agent in agents)
        under: Counter[Place] = Counter()
        for group, count in counts.items():
            under[self.at(group)[1]] += count
        return any(self.at(place)[0].stops(script_type, count) for place, count in under.items())
