"""What an SDK app hands over and what it wants back: models of the asset and the parameters, a list of
records, an exception for a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from cado_sentinelone_manifests.asking import ask, failure
from cado_sentinelone_manifests.splunk_soar.presenter import settings, unwell

_RUNNER = "splunk_soar_sdk"
_Record = TypeVar("_Record")


class Form(Protocol):
    """What of the SDK's models is used."""

    def model_dump(self) -> dict[str, Any]:
        """The values by their names."""


class Client(Protocol):
    """What of the platform's client is used."""

    def set_message(self, message: str) -> None:
        """Sets what the operator reads."""

    def set_summary(self, summary: Any) -> None:  # noqa: ANN401 - the SDK's own
        """Sets the summary."""


class Failure(Exception):
    """The action failed; `is_asset` when the settings are to blame."""

    def __init__(self, words: str, *, is_asset: bool) -> None:
        super().__init__(words)
        self.is_asset = is_asset


def run(
    action: str,
    asset: Form,
    params: Form,
    soar: Client,
    record: Callable[..., _Record],
    summary: Callable[..., Any],
    progress: Callable[[str], None],
) -> list[_Record]:
    """What came of the action, each record as the app's class has it. Raises Failure."""
    outcome = ask(
        action, settings(asset.model_dump()), params.model_dump(), runner=_RUNNER, progress=progress
    )
    for warning in outcome["warnings"]:
        progress(warning)
    _raise(outcome)
    soar.set_message(outcome["message"])
    soar.set_summary(summary(**outcome["summary"]))
    return [record(**one) for one in outcome["data"]]


def connect(asset: Form, progress: Callable[[str], None]) -> None:
    """Tells what a collection would miss. Raises Failure when nothing would work."""
    outcome = ask(
        "test_connectivity", settings(asset.model_dump()), {}, runner=_RUNNER, progress=progress
    )
    _raise(outcome)
    [record] = outcome["data"]
    for line in unwell(record):
        progress(line)
    if record["health"] == "red":
        raise Failure(outcome["message"], is_asset=True)


def _raise(outcome: Mapping[str, Any]) -> None:
    if words := failure(outcome):
        raise Failure(words, is_asset=outcome["error"]["kind"] == "asset")
