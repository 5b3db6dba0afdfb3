"""What Splunk SOAR hands over and what it wants back: a configuration, a parameter, an action result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from cado_sentinelone_manifests.asking import ask, failure

_RUNNER = "splunk_soar"


class ActionResult(Protocol):
    """What of the platform's result is used."""

    def add_data(self, item: Mapping[str, Any]) -> None:
        """Adds one record."""

    def set_summary(self, summary: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the platform's own
        """Sets the summary."""

    def set_status(self, status: bool, message: str) -> bool:
        """Ends the action."""


def run(
    action: str,
    configuration: Mapping[str, Any],
    parameter: Mapping[str, Any],
    result: ActionResult,
    progress: Callable[[str], None],
) -> bool:
    """Fills `result` with what came of the action; whether it succeeded."""
    given = {name: value for name, value in parameter.items() if name != "context"}
    if action == "test_connectivity":
        return _connectivity(configuration, result, progress)
    outcome = ask(action, settings(configuration), given, runner=_RUNNER, progress=progress)
    for record in outcome["data"]:
        result.add_data(record)
    result.set_summary(outcome["summary"])
    for warning in outcome["warnings"]:
        progress(warning)
    words = failure(outcome)
    return result.set_status(not words, words or outcome["message"])


def settings(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """The asset's settings among what the platform hands over; its own names begin with a dash or
    are none of ours.
    """
    from cado_sentinelone.models.asset import Asset

    return {name: value for name, value in configuration.items() if name in Asset.model_fields}


def unwell(record: Mapping[str, Any]) -> list[str]:
    """The doctor's findings that are not well, a line each."""
    return [
        f"{check['status']}: {check['name']}: {check['detail']}. {check['remedy']}"
        for check in record["checks"]
        if check["status"] != "ok"
    ]


def _connectivity(
    configuration: Mapping[str, Any], result: ActionResult, progress: Callable[[str], None]
) -> bool:
    outcome = ask(
        "test_connectivity", settings(configuration), {}, runner=_RUNNER, progress=progress
    )
    record: dict[str, Any] = {"health": "red", "checks": []}
    if outcome["data"]:
        record = outcome["data"][0]
    for line in unwell(record):
        progress(line)
    good = not failure(outcome) and record["health"] != "red"
    progress("Test Connectivity Passed" if good else "Test Connectivity Failed")
    return result.set_status(good, failure(outcome) or outcome["message"])
