"""What Cortex hands over and what it wants back: a job's input, a report, short labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cado_sentinelone.models.asset import Asset
from cado_sentinelone_manifests.asking import ask
from cado_sentinelone_manifests.thehive_cortex.flavors import PARAMETER_PREFIX, setting_name

_LEVELS = {"malicious": "malicious", "suspicious": "suspicious", "no_findings": "safe"}
_MOST_LABELS = 5


def outcome_of(config: Mapping[str, Any], subject: str, data: object) -> dict[str, Any]:
    """The outcome of the action that `config` names as its service.

    `data` is an analyzer's observable, or a responder's case, alert or observable; what it is about
    goes into the parameter `subject`. Never raises for what a vendor or a setting does wrong.
    """
    settings = {
        name: value
        for name, known in Asset.model_fields.items()
        if (value := config.get(setting_name(name, secret="SecretStr" in str(known.annotation))))
        not in (None, [])
    }
    parameters = {
        name.removeprefix(PARAMETER_PREFIX): value
        for name, value in config.items()
        if name.startswith(PARAMETER_PREFIX) and value not in (None, "", [])
    }
    parameters = {
        name.removesuffix("_key") if name.endswith("_key") else name: value
        for name, value in parameters.items()
    }
    if subject and (about := _about(data)):
        parameters[subject] = about
    # Cortex blocks a worker for as long as a job runs: whoever waits, waits with the next job.
    case = _case_title(data)
    if config["service"] == "run_collection" and case:
        parameters.setdefault("investigation", case)
    return ask(str(config["service"]), settings, parameters, runner="thehive_cortex")


def labels(outcome: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Level, predicate and value of each short label: verdicts and states, else how many records."""
    found = []
    for record in outcome["data"][:_MOST_LABELS]:
        for name in ("verdict", "state", "health"):
            value = record.get(name)
            if isinstance(value, str) and value:
                found.append((_LEVELS.get(value, "info"), name, value))
    return found or [("info", "records", str(len(outcome["data"])))]


def tags(outcome: Mapping[str, Any]) -> list[str]:
    """What a responder leaves on what it was run on, so that the next job finds it."""
    return [
        f"cado-sentinelone:{name}={record[name]}"
        for record in outcome["data"][:_MOST_LABELS]
        for name in ("collection_id", "verdict")
        if record.get(name)
    ]


def _about(data: object) -> str:
    """The observable's own text, or the name of a case or an alert."""
    if isinstance(data, Mapping):
        return str(data.get("data") or data.get("title") or "")
    return str(data or "")


def _case_title(data: object) -> str:
    if not isinstance(data, Mapping):
        return ""
    case = data.get("case")
    return str(case.get("title") or "") if isinstance(case, Mapping) else ""
