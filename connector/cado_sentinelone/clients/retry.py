"""Whether a call is tried again, and when: a pure function of what happened to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

Failure = Literal["", "not_sent", "lost"]

SAFE_METHODS = frozenset({"GET", "HEAD"})
# Posted, because they ask with a body; what they answer changes nothing (SentinelOne contract 2, 7.4,
# 7.5).
_QUESTIONS = frozenset(
    f"/web/api/v2.1/{route}"
    for route in (
        "remote-scripts/fetch-files",
        "remote-scripts/guardrails/check",
        "users/api-token-details",
    )
)
MOST_TRIES = 5
LONGEST_PAUSE_SECONDS = 60.0
_FIRST_PAUSE_SECONDS = 0.5
_FIRST_PAUSE_WHEN_THROTTLED_SECONDS = 1.0
_LONGEST_BACKOFF_SECONDS = 15.0
_HAS_NO_SUCH_FUNCTION = 501


def next_try(
    attempt: int,
    method: str,
    status: int | None,
    retry_after: str | None,
    failure: Failure,
    date: str | None = None,
) -> float | None:
    """The seconds to wait before the next try, or None to give up.

    `attempt` counts the tries made, from 1. `status`, `retry_after` and `date` (headers as they
    came) are the answer's; `failure` says that there was none: "not_sent" when no connection was
    made, "lost" when the request may have arrived. Only GET and HEAD are repeated after that
    (SentinelOne contract 1.4); nothing is after a 401, which is ambiguous there (contract 1.2).
    """
    if attempt >= MOST_TRIES or not _may_repeat(method, status, failure):
        return None
    asked = asked_seconds(retry_after, date)
    if asked is not None:
        # Coming back earlier than asked would only be throttled again.
        return asked if asked <= LONGEST_PAUSE_SECONDS else None
    first = _FIRST_PAUSE_WHEN_THROTTLED_SECONDS if status == 429 else _FIRST_PAUSE_SECONDS
    return min(first * 2.0 ** (attempt - 1), _LONGEST_BACKOFF_SECONDS)


def asked_seconds(retry_after: str | None, date: str | None) -> float | None:
    """How long a Retry-After header asks to wait; None when it says nothing usable.

    A date is measured against `date`, the answer's own Date header: only the server's clock
    is in it.
    """
    retry_after = (retry_after or "").strip()
    if retry_after.isascii() and retry_after.isdecimal():
        return float(retry_after[:9])
    at, now = _http_date(retry_after), _http_date(date or "")
    return max(0.0, (at - now).total_seconds()) if at and now else None


def may_have_effect(method: str, path: str) -> bool:
    """Whether doing the request twice may have effect twice."""
    return method not in SAFE_METHODS and path not in _QUESTIONS


def _may_repeat(method: str, status: int | None, failure: Failure) -> bool:
    if failure == "not_sent" or status == 429:
        return True
    if method not in SAFE_METHODS:
        return False
    return failure == "lost" or (
        status is not None and status >= 500 and status != _HAS_NO_SUCH_FUNCTION
    )


def _http_date(text: str) -> datetime | None:
    if not text:
        return None
    from email.utils import parsedate_to_datetime

    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
