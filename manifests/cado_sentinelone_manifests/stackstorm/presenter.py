"""What StackStorm hands over and what it wants back: a pack's configuration, an action's result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cado_sentinelone_manifests.asking import ask, failure

# The parameter that says which action an execution is; a rendered action holds it fast.
ACTION = "cado_action"


def result(
    configuration: Mapping[str, Any] | None, parameters: Mapping[str, Any]
) -> tuple[bool, dict[str, Any]]:
    """Whether it succeeded, and the outcome with the reason and remedy of a failure in `reason`.

    `configuration` is the pack's, None when there is none: then the asset comes from the worker's
    environment.
    """
    given = dict(parameters)
    identifier = str(given.pop(ACTION))
    outcome = ask(identifier, configuration or {}, given, runner="stackstorm")
    return outcome["error"] is None, {"reason": failure(outcome)} | outcome
