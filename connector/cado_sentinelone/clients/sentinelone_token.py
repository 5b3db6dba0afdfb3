"""What a 401 of the console means: it says the same for a dead token and a missing permission."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cado_sentinelone.clients.reply import Reply
from cado_sentinelone.clients.sentinelone_errors import BASE, error_of, grant, permission_for
from cado_sentinelone.clients.sentinelone_scope import Query
from cado_sentinelone.clients.transport import Transport
from cado_sentinelone.errors import ConnectorError, ForbiddenError, UnauthorizedError
from cado_sentinelone.models.run import Run

if TYPE_CHECKING:
    from pydantic import SecretStr

TOKEN_DETAILS = f"{BASE}users/api-token-details"
_ANY_ANSWER = frozenset({200, 400, 401, 403, 404})


@dataclass(frozen=True)
class _Finding:
    """`alive` is None when the check itself got no answer."""

    alive: bool | None
    words: str


class TokenCheck:
    """Looks once whether the token lives, and reads every later 401 in that light (S17)."""

    def __init__(self, transport: Transport, token: SecretStr, scope: Query, run: Run) -> None:
        self._transport = transport
        self._token = token
        self._scope = scope
        self._run = run
        self._finding: _Finding | None = None
        self._lock = threading.Lock()

    def meaning_of(self, reply: Reply) -> ConnectorError:
        """ForbiddenError naming the permission for a living token, else UnauthorizedError."""
        with self._lock:
            if self._finding is None:
                self._finding = self._look()
        permission = permission_for(reply.method, reply.path) or "for this route"
        if self._finding.alive:
            return error_of(
                reply,
                ForbiddenError,
                words=f"probably a missing permission, {permission}; {self._finding.words}",
                remedy=grant(permission_for(reply.method, reply.path)),
            )
        if self._finding.alive is None:
            return error_of(
                reply,
                UnauthorizedError,
                words=f"a dead token or a missing permission {permission}; {self._finding.words}",
                remedy="Run test_connectivity: it says which of the two it is.",
            )
        return error_of(reply, UnauthorizedError, words=self._finding.words)

    def _look(self) -> _Finding:
        # Both answers are taken as they come, so a 401 here never asks for another check.
        try:
            details = self._transport.send(
                "POST",
                TOKEN_DETAILS,
                body={"data": {"apiToken": self._token.get_secret_value()}},
                accept=_ANY_ANSWER,
            )
            if details.status in (400, 401):
                return _Finding(False, "the console does not know the token, or no longer")
            expiry = expires_at(details.json()) if details.status == 200 else None
            if expiry and expiry <= self._run.utcnow():
                return _Finding(False, f"the token expired on {expiry:%Y-%m-%d %H:%M} UTC")
            user = self._transport.send(
                "GET", f"{BASE}user", params=self._scope, accept=_ANY_ANSWER
            )
        except ConnectorError as error:
            return _Finding(None, f"the token could not be checked: {error.message}")
        if user.status == 401 and expiry is None:
            return _Finding(False, "the console does not accept the token")
        until = f" until {expiry:%Y-%m-%d}" if expiry else ""
        return _Finding(True, f"the token itself is good{until}")


def expires_at(envelope: object) -> datetime | None:
    """When the token dies, by the answer of `users/api-token-details`; None if it says nothing."""
    details = envelope.get("data") if isinstance(envelope, Mapping) else None
    text = details.get("expiresAt") if isinstance(details, Mapping) else None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
