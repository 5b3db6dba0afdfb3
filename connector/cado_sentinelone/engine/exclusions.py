"""Cado's exclusions: added once, listed, and removed only where this connector put them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cado_sentinelone.clients.sentinelone import SentinelOne
from cado_sentinelone.clients.sentinelone_exclusions import PlaceKind
from cado_sentinelone.clients.sentinelone_records import Exclusion
from cado_sentinelone.engine.ledger import Ledger
from cado_sentinelone.engine.patterns import COMMON_PARTS, MARKER, PATTERNS, Pattern
from cado_sentinelone.errors import AnswerLostError, ConflictError, ParamsError
from cado_sentinelone.models.exclusion import ExclusionRecord, ExclusionState
from cado_sentinelone.models.run import Run

_DESCRIPTION = f"Cado Host ({MARKER})"


class Place(NamedTuple):
    """A site, account or group by its id, or the tenant, which has none."""

    scope: PlaceKind
    scope_id: str

    def holds(self, exclusion: Exclusion) -> bool:
        """Whether the exclusion is at this very place."""
        match self.scope:
            case "tenant":
                return exclusion.scope.tenant
            case "account":
                return self.scope_id in exclusion.scope.account_ids
            case "site":
                return self.scope_id in exclusion.scope.site_ids
            case "group":
                return self.scope_id in exclusion.scope.group_ids

    def record(
        self,
        pattern: Pattern,
        state: ExclusionState,
        there: Exclusion | None = None,
        *,
        mode: str = "",
        reason: str = "",
    ) -> ExclusionRecord:
        """What became of `pattern` here; `there` is the exclusion that the console has."""
        return ExclusionRecord(
            pattern=pattern.value,
            os=pattern.os,
            state=state,
            reason=reason,
            exclusion_id=there.exclusion_id if there else "",
            scope=self.scope,
            scope_id=self.scope_id,
            mode=there.mode if there else mode,
        )


def patterns_of(os: str) -> tuple[Pattern, ...]:
    """Cado's patterns for `os`: windows, linux or all."""
    return tuple(pattern for pattern in PATTERNS if os in ("all", pattern.os))


def add(
    client: SentinelOne,
    run: Run,
    places: Sequence[Place],
    patterns: Sequence[Pattern],
    *,
    mode: str,
    ledger: Ledger | None,
) -> Iterator[ExclusionRecord]:
    """What became of each pattern at each place; without a ledger, what would become of it.

    The ledger keeps what was created. Raises RefusedError for a place outside the pin before
    anything is created, and what the console says unless it is about one exclusion.
    """
    _check(client, places)
    refused = _refused(client, run, patterns)
    for place in places:
        there = _there(client, place)
        for pattern in patterns:
            if pattern in there:
                yield place.record(pattern, "already_present", there[pattern])
            elif pattern in refused:
                yield place.record(pattern, "refused", mode=mode, reason=refused[pattern])
            elif ledger is None:
                yield place.record(pattern, "planned", mode=mode)
            else:
                yield _create(client, ledger, run, place, pattern, mode)


def listed(
    client: SentinelOne, places: Sequence[Place], patterns: Sequence[Pattern]
) -> Iterator[ExclusionRecord]:
    """Each pattern at each place: present there, inherited from above, or missing."""
    _check(client, places)
    for place in places:
        found = list(client.exclusions(*place, containing=COMMON_PARTS, with_parents=True))
        here = _by_pattern(exclusion for exclusion in found if place.holds(exclusion))
        anywhere = _by_pattern(found)
        for pattern in patterns:
            if pattern in here:
                yield place.record(pattern, "present", here[pattern])
            elif pattern in anywhere:
                above = anywhere[pattern]
                yield place.record(
                    pattern, "inherited", above, reason=f"from {above.scope_path or 'above'}"
                )
            else:
                yield place.record(pattern, "missing")


def remove(
    client: SentinelOne, places: Sequence[Place], patterns: Sequence[Pattern], *, ledger: Ledger
) -> Iterator[ExclusionRecord]:
    """What became of each pattern that is at a place; where there is none, nothing is said.

    Removed is only what the ledger knows as created here and what still says so itself: an id
    alone could come from another console, a description from anybody.
    """
    _check(client, places)
    kept = ledger.kept_exclusions()
    for place in places:
        there = _there(client, place)
        for pattern in (pattern for pattern in patterns if pattern in there):
            exclusion = there[pattern]
            if exclusion.exclusion_id not in kept:
                reason = "this connector's ledger does not know it"
                yield place.record(pattern, "kept", exclusion, reason=reason)
            elif MARKER not in exclusion.description:
                reason = "its description was changed, so somebody else answers for it now"
                yield place.record(pattern, "kept", exclusion, reason=reason)
            elif client.delete_exclusions([exclusion.exclusion_id]):
                ledger.forget_exclusion(exclusion.exclusion_id)
                yield place.record(pattern, "removed", exclusion)
            else:
                reason = "the console did not delete it"
                yield place.record(pattern, "kept", exclusion, reason=reason)


def _check(client: SentinelOne, places: Sequence[Place]) -> None:
    """Raises RefusedError unless every place is inside the pin; they are of one kind."""
    client.check_places(places[0].scope, [place.scope_id for place in places])


def _refused(client: SentinelOne, run: Run, patterns: Sequence[Pattern]) -> dict[Pattern, str]:
    """The patterns that the console will not take, with its words on why."""
    refused = {}
    for pattern in patterns:
        verdict = client.validate_exclusion(os=pattern.os, value=pattern.value)
        words = "; ".join(problem.error for problem in verdict.details if problem.error)
        if not verdict.allowed:
            refused[pattern] = words or verdict.status
        elif verdict.status == "Not recommended":
            run.warn(f"SentinelOne does not recommend to exclude {pattern.value}: {words}")
    return refused


def _create(
    client: SentinelOne, ledger: Ledger, run: Run, place: Place, pattern: Pattern, mode: str
) -> ExclusionRecord:
    try:
        made = client.create_exclusion(
            *place, os=pattern.os, value=pattern.value, mode=mode, description=_DESCRIPTION
        )
    except ConflictError:
        return place.record(pattern, "already_present", _there(client, place).get(pattern))
    except AnswerLostError:
        # Creating it twice is impossible, so looking is enough to know.
        found = _there(client, place).get(pattern)
        if found is None or MARKER not in found.description:
            raise
        made = found
    except ParamsError as error:
        return place.record(pattern, "refused", mode=mode, reason=error.message)
    ledger.keep_exclusion(
        made.exclusion_id,
        scope=place.scope,
        scope_id=place.scope_id,
        os=pattern.os,
        value=pattern.value,
        at=run.utcnow(),
    )
    return place.record(pattern, "created", made)


def _there(client: SentinelOne, place: Place) -> dict[Pattern, Exclusion]:
    """The exclusions of Cado's patterns at the place itself."""
    found = client.exclusions(*place, containing=COMMON_PARTS)
    return _by_pattern(exclusion for exclusion in found if place.holds(exclusion))


def _by_pattern(exclusions: Iterable[Exclusion]) -> dict[Pattern, Exclusion]:
    return {
        pattern: exclusion
        for exclusion in exclusions
        if (pattern := Pattern(exclusion.os_type, exclusion.value)) in PATTERNS
    }
