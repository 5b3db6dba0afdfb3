"""What an answer means: what the caller asked for, or a typed error."""

from __future__ import annotations

from collections.abc import Callable

from cado_sentinelone.clients.reply import NAMES, Reply
from cado_sentinelone.clients.request import Request
from cado_sentinelone.errors import AnswerLostError, ConnectorError, VendorError

_HAS_NO_SUCH_FUNCTION = 501


def accepted(
    request: Request,
    reply: Reply,
    accept: frozenset[int],
    explain: Callable[[Reply], ConnectorError],
) -> Reply:
    """`reply` when its status is in `accept`.

    Raises what `explain` makes of an error status. A write that a server or gateway broke down
    over, or whose success is not told in JSON, may have been done: AnswerLostError.
    """
    if reply.status in accept:
        if request.is_write and reply.status < 300 and reply.body:
            reply.json()
        return reply
    if reply.status < 400:
        raise unexpected(request, reply, f"status {reply.status}")
    error = explain(reply)
    error.request_id = error.request_id or reply.request_id
    if error.retry_after_seconds is None:
        error.retry_after_seconds = reply.retry_after_seconds
    broke_down = reply.status >= 500 and reply.status != _HAS_NO_SUCH_FUNCTION
    if broke_down and request.is_write and not isinstance(error, AnswerLostError):
        raise unexpected(request, reply, f"status {reply.status}")
    raise error


def unexpected(request: Request, reply: Reply, what: str) -> ConnectorError:
    """The error for an answer that no contract knows; after a write it tells nothing."""
    kind = AnswerLostError if request.is_write else VendorError
    return kind(
        f"{NAMES[request.vendor]} answered {request} with {what}",
        vendor=request.vendor,
        http_status=reply.status,
        request_id=reply.request_id,
    )
