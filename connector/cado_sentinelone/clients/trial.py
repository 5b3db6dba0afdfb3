"""What came of one try of a request, and the error it is when nobody tries again."""

from __future__ import annotations

from dataclasses import dataclass

from cado_sentinelone.clients.reply import NAMES, Reply
from cado_sentinelone.clients.request import Request
from cado_sentinelone.clients.retry import Failure
from cado_sentinelone.errors import (
    AnswerLostError,
    ConnectorError,
    DeadlineError,
    UnavailableError,
    VendorError,
)


@dataclass(frozen=True)
class Trial:
    """One try: an answer, or the reason why there is none.

    `lasting` says that another try would end the same; `deadline` names the setting whose time
    ran out, empty when none did. After a failure, `reply` is the answer as far as it came.
    """

    reply: Reply | None = None
    failure: Failure = ""
    reason: str = ""
    remedy: str = ""
    lasting: bool = False
    deadline: str = ""

    @property
    def status(self) -> int | None:
        """The status of a whole answer."""
        return self.reply.status if self.reply and not self.failure else None

    def header(self, name: str) -> str | None:
        """The answer's header."""
        return self.reply.headers.get(name) if self.reply else None

    def error(self, request: Request) -> ConnectorError:
        """What to raise for a trial that failed."""
        vendor = NAMES[request.vendor]
        if self.failure == "lost" and request.is_write:
            kind: type[ConnectorError] = AnswerLostError
            message = f"{vendor}'s answer to {request} was lost: {self._why}"
        elif self.deadline:
            kind, message = DeadlineError, f"{vendor} did not answer {request}: {self._why}"
        elif self.failure == "not_sent" or not self.lasting:
            kind, message = UnavailableError, f"{vendor} cannot be reached: {self._why} ({request})"
        else:
            kind, message = VendorError, f"{vendor}'s answer to {request} is no use: {self._why}"
        return kind(
            message,
            remedy=self.remedy,
            vendor=request.vendor,
            http_status=self.reply.status if self.reply else None,
            request_id=self.reply.request_id if self.reply else None,
            retryable=kind is not AnswerLostError and not self.lasting,
        )

    @property
    def _why(self) -> str:
        return f"{self.deadline} passed ({self.reason})" if self.deadline else self.reason
