"""What SEKOIA.io hands over and what it wants back: a configuration, arguments, results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from cado_sentinelone.host import find_action
from cado_sentinelone.models.asset import Asset
from cado_sentinelone_manifests.asking import ask, failure


class SekoiaAction(Protocol):
    """What of an action of the SDK is used."""

    def error(self, message: str) -> None:
        """Ends the node with an error in words."""

    def log(self, message: str, level: str) -> None:
        """Writes a line into the node's log."""


def results(
    action: SekoiaAction, identifier: str, configuration: Mapping[str, Any], arguments: object
) -> dict[str, Any]:
    """The outcome as the node's results; a failure ends the node with its reason and remedy."""
    # The SDK's run-action, which people try a module with, hands over settings and arguments as one.
    known = find_action(identifier).params.model_fields.keys()
    parameters = {
        name: value
        for name, value in (arguments.items() if isinstance(arguments, Mapping) else ())
        if name in known or name not in Asset.model_fields
    }
    outcome = ask(identifier, configuration, parameters, runner="sekoia")
    for warning in outcome["warnings"]:
        action.log(warning, level="warning")
    if words := failure(outcome):
        action.error(words)
    return outcome
