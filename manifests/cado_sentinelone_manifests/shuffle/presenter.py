"""What Shuffle's app does with a call: every argument is text, the answer is a text of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cado_sentinelone.models.asset import Asset
from cado_sentinelone_manifests.asking import ask, failure

SETTING_PREFIX = "asset_"


def answer(action: str, arguments: Mapping[str, object]) -> str:
    """The outcome of `action` as Shuffle's workflows read it: `success` and the outcome's fields.

    `arguments` are the function's own, the asset's settings among them.
    """
    settings: dict[str, object] = {}
    parameters: dict[str, object] = {}
    for name, value in arguments.items():
        bare = name.removeprefix(SETTING_PREFIX)
        if name in Asset.model_fields and not _is_shadowed(name, arguments):
            settings[name] = value
        elif bare != name and bare in Asset.model_fields:
            settings[bare] = value
        else:
            parameters[name] = value
    outcome = ask(action, settings, parameters, runner="shuffle")
    return json.dumps({"success": outcome["error"] is None, "reason": failure(outcome)} | outcome)


def _is_shadowed(name: str, arguments: Mapping[str, object]) -> bool:
    return f"{SETTING_PREFIX}{name}" in arguments
