"""Add, list and remove the exclusions that Cado Host needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator

from cado_sentinelone.errors import ParamsError
from cado_sentinelone.models.action import Action, Params, Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.exclusion import ExclusionRecord
from cado_sentinelone.plugin import hookimpl

if TYPE_CHECKING:
    from cado_sentinelone.engine.exclusions import Place

_COLUMNS = ("pattern", "os", "scope", "scope_id", "state", "reason")


class ExclusionParams(Params):
    """Where, and for which operating system."""

    scope: Literal["site", "account", "tenant", "group"] = Field(
        description="What kind of place the exclusions are for. tenant means every endpoint of"
        " the console.",
        examples=["site"],
    )
    scope_ids: tuple[str, ...] = Field(
        (),
        max_length=500,
        description="Ids of the sites, accounts or groups; none for tenant. Empty takes the ids"
        " that the asset pins.",
        examples=[["1392053568582758390"]],
    )
    os: Literal["windows", "linux", "all"] = Field(
        "all", description="The operating system whose patterns are meant."
    )

    @field_validator("scope_ids")
    @classmethod
    def _ids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(one.isascii() and one.isdecimal() for one in value):
            raise ValueError("must be numbers, as the console shows them")
        return tuple(dict.fromkeys(value))

    def places(self, asset: Asset) -> list[Place]:
        """The places that are meant. Raises ParamsError when they are not said clearly."""
        from cado_sentinelone.engine.exclusions import Place

        if self.scope == "tenant":
            if self.scope_ids:
                raise ParamsError("scope_ids: a tenant has no id; leave them out with scope=tenant")
            return [Place("tenant", "")]
        pinned = {"site": asset.site_ids, "account": asset.account_ids}.get(self.scope, ())
        if not (ids := self.scope_ids or pinned):
            raise ParamsError(f"scope_ids: is required with scope={self.scope}")
        return [Place(self.scope, scope_id) for scope_id in ids]


class AddExclusionsParams(ExclusionParams):
    """Where, for which operating system, and how much the agent looks away."""

    mode: Literal[
        "suppress",
        "suppress_dynamic_only",
        "suppress_dfi_only",
        "suppress_app_control",
        "suppress_drift_detection",
        "disable_in_process_monitor",
        "disable_in_process_monitor_deep",
        "disable_all_monitors",
        "disable_all_monitors_deep",
    ] = Field("suppress", description="SentinelOne's exclusion mode.")
    dry_run: bool = Field(False, description="Say what would be created and create nothing.")


class ListExclusionsParams(ExclusionParams):
    """Where, and for which operating system."""


class RemoveExclusionsParams(ExclusionParams):
    """Where, and for which operating system."""


def add_exclusions(
    asset: Asset, params: AddExclusionsParams, run: Run
) -> Iterator[ExclusionRecord]:
    """What became of each pattern at each place."""
    from cado_sentinelone.clients.sentinelone import SentinelOne
    from cado_sentinelone.engine.exclusions import add, patterns_of

    records = add(
        SentinelOne(asset, run),
        run,
        params.places(asset),
        patterns_of(params.os),
        mode=params.mode,
        ledger=None if params.dry_run else run.ledger(asset),
    )
    return _counted(records, run)


def list_exclusions(
    asset: Asset, params: ListExclusionsParams, run: Run
) -> Iterator[ExclusionRecord]:
    """Whether each pattern is at each place, inherited by it, or missing."""
    from cado_sentinelone.clients.sentinelone import SentinelOne
    from cado_sentinelone.engine.exclusions import listed, patterns_of

    places = params.places(asset)
    return _counted(listed(SentinelOne(asset, run), places, patterns_of(params.os)), run)


def remove_exclusions(
    asset: Asset, params: RemoveExclusionsParams, run: Run
) -> Iterator[ExclusionRecord]:
    """What became of each pattern that was found at a place."""
    from cado_sentinelone.clients.sentinelone import SentinelOne
    from cado_sentinelone.engine.exclusions import patterns_of, remove

    places = params.places(asset)
    ledger = run.ledger(asset)
    client = SentinelOne(asset, run)
    return _counted(remove(client, places, patterns_of(params.os), ledger=ledger), run)


def _counted(records: Iterable[ExclusionRecord], run: Run) -> Iterator[ExclusionRecord]:
    """The records; the summary and the message count them by state."""
    states: Counter[str] = Counter()
    for record in records:
        states[record.state] += 1
        yield record
    run.summary.update(states)
    counts = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in states.items())
    run.message = f"exclusions: {counts or 'none found'}"


@hookimpl
def cado_sentinelone_actions() -> Iterable[Action]:
    noun = ("exclusion", "exclusions")
    yield Action(
        identifier="add_exclusions",
        summary="Exclude Cado Host's three paths, so that the agent does not stop a collection.",
        params=AddExclusionsParams,
        output=ExclusionRecord,
        run=add_exclusions,
        noun=noun,
        group="exclusions",
        uses=("sentinelone",),
        read_only=False,
        columns=_COLUMNS,
    )
    yield Action(
        identifier="list_exclusions",
        summary="Say which of Cado Host's exclusions are there, inherited or missing.",
        params=ListExclusionsParams,
        output=ExclusionRecord,
        run=list_exclusions,
        noun=noun,
        group="exclusions",
        uses=("sentinelone",),
        columns=_COLUMNS,
    )
    yield Action(
        identifier="remove_exclusions",
        summary="Remove the exclusions that this connector created, and no others.",
        params=RemoveExclusionsParams,
        output=ExclusionRecord,
        run=remove_exclusions,
        noun=noun,
        group="exclusions",
        uses=("sentinelone",),
        read_only=False,
        columns=_COLUMNS,
    )
