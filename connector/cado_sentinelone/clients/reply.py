"""A vendor's answer, complete, before anybody has decided what it means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from cado_sentinelone.clients.retry import asked_seconds, may_have_effect
from cado_sentinelone.errors import AnswerLostError, UnavailableError, VendorError
from cado_sentinelone.log import printable

NAMES = {"sentinelone": "SentinelOne", "cado": "Cado"}
_REQUEST_ID_HEADERS = ("X-RQID", "X-Request-ID", "X-Correlation-ID", "X-Amzn-Trace-Id")
_LONGEST_REQUEST_ID = 100


@dataclass(frozen=True)
class Reply:
    """One answer. `headers` is case-insensitive; `path` has no query; `body` is decompressed."""

    vendor: str
    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def request_id(self) -> str | None:
        """The id under which the vendor can find the call (SentinelOne contract 1.1)."""
        for name in _REQUEST_ID_HEADERS:
            if value := self.headers.get(name):
                return printable(value)[:_LONGEST_REQUEST_ID]
        return None

    @property
    def retry_after_seconds(self) -> float | None:
        """How long the vendor asks to wait, None when it does not."""
        return asked_seconds(self.headers.get("Retry-After"), self.headers.get("Date"))

    def json(self) -> Any:  # noqa: ANN401 - whatever the vendor sent
        """The decoded body. Raises VendorError for what is not JSON, AnswerLostError on a write.

        The error says what kind of thing came instead, never what was in it.
        """
        try:
            return json.loads(self.body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            pass
        # Raised out here so that the parser's error, which holds the body, is not chained to it.
        kind: type[UnavailableError] = VendorError if self._is_read else AnswerLostError
        raise kind(
            f"{NAMES[self.vendor]} answered {self.status} to {self.method}"
            f" {printable(self.path)} with {self._kind_of_body()} instead of JSON",
            vendor=self.vendor,
            http_status=self.status,
            request_id=self.request_id,
            retryable=self._is_read,
        )

    @property
    def _is_read(self) -> bool:
        return not may_have_effect(self.method, self.path)

    def _kind_of_body(self) -> str:
        start = self.body[:64].lstrip()
        if not start:
            return "an empty body"
        if start.startswith(b"<"):
            return "a page of HTML or XML"
        if start.startswith((b"{", b"[", b'"')):
            return "cut off or broken JSON"
        return "text or binary content"


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
