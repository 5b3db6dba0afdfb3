"""What InsightConnect hands over and what it wants back: a connection, inputs, outputs, or an error in
two parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cado_sentinelone_manifests.asking import ask

_RUNNER = "insightconnect"


class Failed(Exception):
    """An action failed: `cause` is why, `assistance` is what to do, as the product shows them."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(error["message"])
        self.cause = f"{error['message']} [{error['kind']}]"
        self.assistance = str(error["remedy"])


def settings(connection: Mapping[str, Any]) -> dict[str, Any]:
    """The asset of a connection's parameters, whose secrets come in an object each."""
    return {
        name: value.get("secretKey", "") if isinstance(value, Mapping) else value
        for name, value in connection.items()
    }


def outputs(action: str, asset: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What the step gives. Raises Failed.

    What a record does not have is left out: the product holds every value to its type.
    """
    outcome = ask(action, asset, inputs, runner=_RUNNER)
    if outcome["error"] is not None:
        raise Failed(outcome["error"])
    return {
        "message": outcome["message"],
        "summary": outcome["summary"],
        "records": [_without_nothing(record) for record in outcome["data"]],
        "warnings": outcome["warnings"],
        "run_id": outcome["run_id"],
    }


def test(asset: Mapping[str, Any]) -> dict[str, Any]:
    """The connection's test. Raises Failed with what the doctor finds missing."""
    found = outputs("test_connectivity", asset, {})
    record = found["records"][0]
    if record["health"] == "red":
        failed = [check for check in record["checks"] if check["status"] == "failed"]
        raise Failed(
            {
                "message": "; ".join(f"{check['name']}: {check['detail']}" for check in failed),
                "kind": "asset",
                "remedy": " ".join(check["remedy"] for check in failed),
            }
        )
    return {"success": True, "message": found["message"]}


def _without_nothing(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {name: _without_nothing(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_nothing(one) for one in value]
    return value
