"""Which HTTP status an outcome is sent with; the outcome itself is in the body either way."""

from __future__ import annotations

from cado_sentinelone.errors import ConnectorError

# The vendor's 401 is not this surface's: a caller would renew the wrong key.
STATUSES: dict[str, int] = {
    "params": 400,
    "asset": 500,
    "unauthorized": 502,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "throttled": 429,
    "unavailable": 502,
    "timeout": 504,
    "approval": 409,
    "refused": 422,
    "ledger": 500,
    "plugin": 500,
    "internal": 500,
}


def status_of(error: ConnectorError | None) -> int:
    """200 when nothing failed, else the status of the error's kind."""
    return 200 if error is None else STATUSES[error.kind]
