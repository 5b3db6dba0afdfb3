"""Why Cado said no, in words that tell what to do about it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from cado_sentinelone.clients.reply import Reply
from cado_sentinelone.errors import (
    AnswerLostError,
    ConflictError,
    ConnectorError,
    ForbiddenError,
    NotFoundError,
    ParamsError,
    ThrottledError,
    UnauthorizedError,
    UnavailableError,
    VendorError,
)
from cado_sentinelone.log import printable

_LONGEST_MESSAGE = 300
_PAGE_HEAD = 2000
_ADMINISTRATORS = ("Administrator", "Platform Administrator")
_LEADS = ("Administrator", "Lead Analyst")
_ANALYSTS = (*_LEADS, "Analyst")
_READERS = (*_ANALYSTS, "Read Only Analyst")

# The first row that fits decides (Cado contract 0.3 and appendix A).
_ROLES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("GET", r"/accounts", (*_ADMINISTRATORS, "Lead Analyst", "Analyst")),
    ("POST|DELETE", r"/accounts", _ADMINISTRATORS),
    ("GET|POST", r"/import/", _ANALYSTS),
    ("POST|PATCH|DELETE", r"/projects", _LEADS),
    ("POST|PATCH", r"/pipelines", _ANALYSTS),
    ("GET", r"/(projects|pipelines|evidences|alarms|indicators|timeline)", _READERS),
)


def roles_for(method: str, path: str) -> tuple[str, ...]:
    """The roles that the route needs; empty when any role will do or none is documented."""
    route = path.partition("/api/v3")[2] or path
    for methods, prefix, roles in _ROLES:
        if re.fullmatch(methods, method) and re.match(prefix, route):
            return roles
    return ()


def explain(reply: Reply, mask: Callable[[str], str]) -> ConnectorError:
    """The typed error that an error reply of Cado means (Cado contract 0.2).

    `mask` hides the secrets that went out, should the answer echo one: before it is cut short,
    so that no part of one is left. No list of codes is published, so the code is kept in words
    and decides nothing.
    """
    kind, remedy = _meaning(reply)
    words = printable(mask(_words(reply.body)))[:_LONGEST_MESSAGE] or "no reason given"
    return kind(
        f"Cado answered {reply.status} to {reply.method} {printable(reply.path)}: {words}",
        remedy=remedy,
        vendor="cado",
        http_status=reply.status,
        request_id=reply.request_id,
        retryable=reply.status == 429 or (reply.method == "GET" and reply.status >= 500),
    )


def _meaning(reply: Reply) -> tuple[type[ConnectorError], str]:
    match reply.status:
        case 400 | 422:
            return ParamsError, ""
        case 401:
            return UnauthorizedError, (
                "The API key was revoked or is not this platform's: create a new one under"
                " Settings > API and put its secret key into cado_api_key."
            )
        case 403:
            roles = roles_for(reply.method, reply.path)
            return ForbiddenError, (
                f"The key's role must be {' or '.join(roles)}: create a key with such a role"
                " under Settings > API."
                if roles
                else "Create a key with a role that may do this under Settings > API."
            )
        case 404:
            return NotFoundError, (
                "Check the name or id; a key sees only the investigations that its user or the"
                " user's groups are assigned to."
            )
        case 409:
            return ConflictError, ""
        case 429:
            return ThrottledError, ""
        case 501:
            return VendorError, ""
        case status if status >= 500 and reply.method != "GET":
            return AnswerLostError, "Cado may have done it: look there before you run this again."
        case status if status >= 500:
            return UnavailableError, ""
        case _:
            return VendorError, ""


def _words(body: bytes) -> str:
    """What the body says: Cado's envelope, the older `msg`, or the title of a proxy's page."""
    text = body.decode("utf-8", "replace")
    try:
        content: Any = json.loads(text)
    except (ValueError, RecursionError):
        title = re.search(r"<title>(.*?)</title>", text[:_PAGE_HEAD], re.IGNORECASE | re.DOTALL)
        return f"a page, not an answer of the API: {title[1].strip()}" if title else ""
    if not isinstance(content, dict):
        return ""
    message = str(content.get("message") or content.get("msg") or "")
    code = content.get("code")
    return f"{message} (code {code})".strip() if code else message
