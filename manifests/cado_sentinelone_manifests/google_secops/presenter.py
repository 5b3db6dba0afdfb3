"""What SecOps hands over and what it wants back: forms, entities, a message, a result and a state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from cado_sentinelone_manifests.asking import ask, failure, is_running
from cado_sentinelone_manifests.google_secops.words import INTEGRATION

_RUNNER = "google_secops"
_HEALTHY = ("green", "amber")


class Result(Protocol):
    """Where an action's JSON goes."""

    def add_result_json(self, json_data: Any) -> None:  # noqa: ANN401 - the platform's own
        """Adds it."""


class SiemplifyAction(Protocol):
    """What of the platform's action is used."""

    parameters: Mapping[str, Any]
    result: Result

    def extract_configuration_param(self, provider_name: str, param_name: str) -> Any:  # noqa: ANN401
        """A setting of the integration's instance."""

    def extract_action_param(self, param_name: str) -> Any:  # noqa: ANN401
        """What was filled in for a parameter."""

    def end(self, message: str, result_value: object, execution_state: int) -> None:
        """Ends this run of the action."""


def run(
    siemplify: SiemplifyAction,
    action: str,
    settings: Mapping[str, str],
    parameters: Mapping[str, str],
    states: Mapping[str, int],
) -> None:
    """One run of `action`; `settings` and `parameters` say what each is called in the form.

    A collection that goes on ends the run as in progress: the platform runs the action again, with
    the id that is kept for it, until the collection has ended.
    """
    kept = _kept(siemplify)
    asset = _asset(siemplify, settings)
    if kept:
        outcome = ask("get_task_status", asset, kept, runner=_RUNNER)
    else:
        form = {
            name: siemplify.extract_action_param(param_name=title)
            for name, title in parameters.items()
        }
        outcome = ask(action, asset, form, runner=_RUNNER)
    siemplify.result.add_result_json(outcome)
    words = failure(outcome)
    if words and kept and outcome["error"]["retryable"]:
        # One look of many: the next one may find the vendor there again.
        siemplify.end(f"this look failed: {words}", json.dumps(kept), states["inprogress"])
    elif words:
        siemplify.end(words, "false", states["failed"])
    elif "inprogress" in states and is_running(outcome) and outcome["data"][0]["collection_id"]:
        record = outcome["data"][0]
        kept = {"collection_id": record["collection_id"]}
        message = f"collection {record['collection_id']} is {record['state']}"
        siemplify.end(message, json.dumps(kept), states["inprogress"])
    else:
        ended = outcome["data"][0] if kept and outcome["data"] else {}
        good = ended.get("state", "completed") in ("completed", "completed_with_errors")
        state = states["completed"] if good else states["failed"]
        message = outcome["message"] if good else f"{outcome['message']}: {ended.get('error', '')}"
        siemplify.end(message, "true" if good else "false", state)


def ping(
    siemplify: SiemplifyAction, settings: Mapping[str, str], states: Mapping[str, int]
) -> None:
    """The platform's connectivity test: what the doctor finds missing is in the message."""
    outcome = ask("test_connectivity", _asset(siemplify, settings), {}, runner=_RUNNER)
    siemplify.result.add_result_json(outcome)
    record: dict[str, Any] = {"health": "red", "checks": []}
    if outcome["data"]:
        record = outcome["data"][0]
    if not failure(outcome) and record["health"] in _HEALTHY:
        words = (
            "Successfully connected to the SentinelOne console and the Cado platform with the "
            f"provided connection parameters! {outcome['message']}"
        )
        siemplify.end(words, "true", states["completed"])
        return
    missing = [
        f"{check['name']}: {check['detail']}. {check['remedy']}"
        for check in record["checks"]
        if check["status"] == "failed"
    ]
    why = " ".join([failure(outcome), *missing]).strip()
    words = f"Failed to connect to the SentinelOne console and the Cado platform! Error is {why}"
    siemplify.end(words, "false", states["failed"])


def _asset(siemplify: SiemplifyAction, settings: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: siemplify.extract_configuration_param(provider_name=INTEGRATION, param_name=title)
        for name, title in settings.items()
    }


def _kept(siemplify: SiemplifyAction) -> dict[str, Any]:
    """What an earlier run of this action left for this one."""
    try:
        kept = json.loads(siemplify.parameters.get("additional_data") or "{}")
    except (ValueError, TypeError):
        return {}
    return kept if isinstance(kept, dict) and kept.get("collection_id") else {}
