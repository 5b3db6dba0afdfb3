"""How every bundle runs an action: its settings and parameters in, an outcome out.

Runners send forms: empty text for what was not filled in, their own words for TLS and proxies. What
is special about one runner is in its own presenter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cado_sentinelone.engine.states import ENDS
from cado_sentinelone.invoke import invoke
from cado_sentinelone.models.outcome import Outcome
from cado_sentinelone.models.run import Run

# Who waits inside a call keeps a worker busy; a caller looks again instead.
MOST_WAIT_SECONDS = 300


def ask(
    action: str,
    settings: Mapping[str, object],
    parameters: Mapping[str, object],
    *,
    runner: str,
    progress: Callable[[str], None] | None = None,
    asset_file: Path | None = None,
) -> dict[str, Any]:
    """The outcome of `action` as JSON has it (design of the outcome: docs/runners/generic.md).

    Never raises for what a vendor, a setting or a parameter does wrong: that is in the outcome.
    """
    run = Run(runner=runner, progress=progress) if progress else Run(runner=runner)
    request = {"action": action, "asset": given(settings), "parameters": given(parameters)}
    outcome: Outcome = invoke(request, run=run, asset_file=asset_file)
    return outcome.as_dict()


def given(form: Mapping[str, object]) -> dict[str, object]:
    """What was filled in of a form."""
    return {name: value for name, value in form.items() if value is not None and value != ""}


def failure(outcome: Mapping[str, Any]) -> str:
    """Why it failed and what to do, for the operator; "" when it did not fail."""
    error = outcome["error"]
    if error is None:
        return ""
    place = f" [{error['kind']}]"
    return " ".join(part for part in (error["message"] + place, error["remedy"]) if part)


def is_running(outcome: Mapping[str, Any]) -> bool:
    """Whether the outcome's one record is a collection that has not ended: ask again later."""
    records = outcome["data"]
    return len(records) == 1 and records[0].get("state", "completed") not in ENDS
