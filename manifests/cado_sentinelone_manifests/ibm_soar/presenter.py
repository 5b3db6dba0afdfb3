"""What IBM SOAR hands over and what it wants back: a section of app.config, inputs, a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cado_sentinelone.models.asset import Asset
from cado_sentinelone_manifests.asking import ask, failure

_RUNNER = "ibm_soar"


def result(
    action: str,
    section: Mapping[str, Any],
    inputs: Mapping[str, Any],
    names: Mapping[str, str],
) -> tuple[dict[str, Any], str]:
    """The outcome, and why it failed in words ("" when it did not).

    `section` is the app's section of app.config, `names` the input field of each parameter.
    """
    parameters = {name: _value(inputs.get(field)) for name, field in names.items()}
    outcome = ask(action, settings(section), parameters, runner=_RUNNER)
    return outcome, failure(outcome)


def settings(section: Mapping[str, Any]) -> dict[str, Any]:
    """The asset's settings in the section; what else stands there is the platform's own."""
    return {name: section[name] for name in Asset.model_fields if section.get(name)}


def selftest(section: Mapping[str, Any]) -> dict[str, str]:
    """The platform's connectivity test: what the doctor finds missing is its reason."""
    outcome = ask("test_connectivity", settings(section), {}, runner=_RUNNER)
    if words := failure(outcome):
        return {"state": "failure", "reason": words}
    record = outcome["data"][0]
    if record["health"] == "red":
        missing = [
            f"{check['name']}: {check['detail']}. {check['remedy']}"
            for check in record["checks"]
            if check["status"] == "failed"
        ]
        return {"state": "failure", "reason": " ".join(missing)}
    return {"state": "success", "reason": outcome["message"]}


def _value(given: Any) -> Any:  # noqa: ANN401 - JSON
    """What was filled in: a choice comes as an object, a text area with its format."""
    if isinstance(given, Mapping):
        return given.get("name") or given.get("content")
    return given
