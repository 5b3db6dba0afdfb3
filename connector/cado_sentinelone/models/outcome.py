"""The outcome: what every request ends in, whatever happened.

No pydantic here: a request that is refused at once must not wait for its import.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from cado_sentinelone.errors import ConnectorError


class Outcome:
    """What came of one request; exactly one of these leaves for every request that came in.

    `data` holds the records as JSON has them; it stays empty when they were written out as they
    came. `error` is None on success only.
    """

    __slots__ = ("action", "data", "error", "message", "run_id", "summary", "warnings")

    def __init__(self, action: str, run_id: str, error: ConnectorError | None = None) -> None:
        self.action = action
        self.message = error.message if error else ""
        self.summary: dict[str, Any] = {}
        self.data: list[dict[str, Any]] = []
        self.error = error
        self.warnings: list[str] = []
        self.run_id = run_id

    @property
    def status(self) -> Literal["success", "failure"]:
        return "success" if self.error is None else "failure"

    @property
    def exit_status(self) -> int:
        """0 success, 1 the action failed, 2 the request was wrong."""
        if self.error is None:
            return 0
        return 2 if self.error.kind in ("params", "asset") else 1

    def fail(self, error: ConnectorError) -> None:
        """Makes this the outcome of `error`; the records that came before it stay."""
        self.error = error
        self.message = error.message

    def as_dict(self) -> dict[str, Any]:
        """The outcome as runners get it (design section 5)."""
        return {
            "action": self.action,
            "status": self.status,
            "message": self.message,
            "summary": self.summary,
            "data": self.data,
            "error": _error(self.error) if self.error else None,
            "warnings": self.warnings,
            "run_id": self.run_id,
        }

    def to_json(self) -> str:
        """The outcome as one JSON document on one line, ASCII only."""
        return _written(self.as_dict())

    def end_json(self) -> str:
        """What follows the records when they were written out as they came."""
        rest = self.as_dict()
        del rest["data"]
        return _written(rest).removeprefix("{")


def _written(document: dict[str, Any]) -> str:
    """`document` as JSON that every parser takes: no NaN, no half of a surrogate pair."""
    try:
        text = json.dumps(document, default=str, allow_nan=False)
    except ValueError:
        text = "\\ud"
    return json.dumps(_portable(document), default=str) if "\\ud" in text else text


def _portable(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    if isinstance(value, list | tuple):
        return [_portable(item) for item in value]
    if isinstance(value, dict):
        return {_portable(name): _portable(item) for name, item in value.items()}
    return value


def _error(error: ConnectorError) -> dict[str, Any]:
    return {
        "kind": error.kind,
        "message": error.message,
        "remedy": error.remedy,
        "vendor": error.vendor,
        "http_status": error.http_status,
        "request_id": error.request_id,
        "retryable": error.retryable,
        "retry_after_seconds": error.retry_after_seconds,
    }
