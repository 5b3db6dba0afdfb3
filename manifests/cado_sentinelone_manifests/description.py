"""Actions and asset in one neutral description: what every template gets, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cado_sentinelone import __version__
from cado_sentinelone.host import output_schema, params_schema
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.asset import Asset
from cado_sentinelone_manifests.fields import Parameter, Result, parameters, results, title


@dataclass(frozen=True)
class ActionDescription:
    """One action. `columns` are the results that a table shows first."""

    identifier: str
    summary: str
    group: str
    noun: tuple[str, str]
    uses: tuple[str, ...]
    read_only: bool
    long_running: bool
    columns: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    results: tuple[Result, ...]
    params_schema: dict[str, Any]
    output_schema: dict[str, Any]

    @property
    def title(self) -> str:
        """The name for people: "run_collection" is "Run collection"."""
        return title(self.identifier)

    @property
    def class_name(self) -> str:
        """The name for code: "run_collection" is "RunCollection"."""
        return "".join(part.capitalize() for part in self.function_name.split("_"))

    @property
    def function_name(self) -> str:
        """The name for a function: a third party's identifier may hold dots and dashes."""
        return self.identifier.replace("-", "_").replace(".", "_")

    @property
    def example_parameters(self) -> dict[str, Any]:
        """Parameters that a first try needs."""
        return {one.name: one.example for one in self.parameters if one.required}

    @property
    def example_record(self) -> dict[str, Any]:
        """One record with an example in every place."""
        record: dict[str, Any] = {}
        for result in self.results:
            _put(record, result)
        return record


@dataclass(frozen=True)
class Description:
    """Everything that a bundle can say: the version, the asset's settings, the actions."""

    version: str
    asset: tuple[Parameter, ...]
    actions: tuple[ActionDescription, ...]

    def action(self, identifier: str) -> ActionDescription:
        """The action called `identifier`. Raises KeyError."""
        for action in self.actions:
            if action.identifier == identifier:
                return action
        raise KeyError(identifier)


def describe(actions: Sequence[Action]) -> Description:
    """The description of `actions`, which has no clock and no disk in it."""
    return Description(
        version=__version__,
        asset=parameters(Asset.model_json_schema()),
        actions=tuple(_described(action) for action in actions),
    )


def _described(action: Action) -> ActionDescription:
    params, output = params_schema(action), output_schema(action)
    return ActionDescription(
        identifier=action.identifier,
        summary=action.summary,
        group=action.group,
        noun=action.noun,
        uses=tuple(action.uses),
        read_only=action.read_only,
        long_running=action.long_running,
        columns=tuple(action.columns),
        parameters=parameters(params),
        results=results(output),
        params_schema=params,
        output_schema=output,
    )


def _put(record: dict[str, Any], result: Result) -> None:
    place: Any = record
    for name in result.path[:-1]:
        if name.endswith("[]"):
            inner = place.setdefault(name.removesuffix("[]"), [{}])
            place = inner[0]
        else:
            place = place.setdefault(name, {})
    place[result.path[-1].removesuffix("[]")] = result.example
