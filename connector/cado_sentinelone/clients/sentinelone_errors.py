"""Why SentinelOne said no, in words that tell what to do about it (contract 1.2)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
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
    UnavailableError,
    VendorError,
)
from cado_sentinelone.log import printable

BASE = "/web/api/v2.1/"
_LONGEST_WORDS = 300

# What the role needs for a route, by verb and first segments (contract 3, x-s1-required-permissions).
_PERMISSIONS: Mapping[tuple[str, str], str] = {
    ("GET", "accounts"): "Accounts.view",
    ("GET", "activities"): "Activity Page.view",
    ("GET", "agents"): "Endpoints.view",
    ("GET", "exclusions"): "Exclusions.view",
    ("POST", "exclusions"): "Exclusions.create",
    ("DELETE", "exclusions"): "Exclusions.delete",
    ("GET", "groups"): "Groups.view",
    ("GET", "rbac"): "Roles.view",
    ("GET", "remote-scripts"): "Remote Script Orchestration.view",
    ("POST", "remote-scripts"): "Remote Script Orchestration.upload",
    ("DELETE", "remote-scripts"): "Remote Script Orchestration.delete",
    ("GET", "remote-scripts/status"): "Task Management.view",
    (
        "POST",
        "remote-scripts/execute",
    ): "Remote Script Orchestration.view and .runArtifactCollectionScript",
    ("POST", "remote-scripts/fetch-files"): "Remote Script Orchestration.view",
    ("POST", "remote-scripts/guardrails"): "Remote Script Orchestration.view",
    ("PUT", "remote-scripts/pending-executions"): (
        "Remote Script Orchestration.reviewPendingExecutions"
    ),
    ("GET", "sites"): "Sites.view",
    ("GET", "user"): "Users.view",
    ("GET", "users"): "Users.view",
}

# 403 has one code for several things; its sentence tells which (contract 1.2).
_SCOPE_REMEDIES = {
    "Please provide a valid account ID or site ID": (
        "Set account_ids or site_ids in the asset: the token's scope is below the whole tenant."
    ),
    "is not available for the scope": (
        "Have the feature that the message names licensed for the account or site."
    ),
    "multi-scopes": "Use a service user whose scope is one account, or the whole tenant.",
}


def permission_for(method: str, path: str) -> str:
    """The permission that the route needs, `Page.permission`; empty when none is documented."""
    first, _, rest = path.removeprefix(BASE).partition("/")
    second = f"{first}/{rest.partition('/')[0]}"
    return _PERMISSIONS.get((method, second)) or _PERMISSIONS.get((method, first), "")


def explain(reply: Reply, unauthorized: Callable[[Reply], ConnectorError]) -> ConnectorError:
    """The typed error that an error reply of the console means.

    401 is ambiguous there, so `unauthorized` is asked what it means; it may call the console.
    """
    if reply.status == 401:
        return unauthorized(reply)
    kind, remedy = _meaning(reply)
    return error_of(reply, kind, remedy=remedy)


def error_of(
    reply: Reply, kind: type[ConnectorError], *, words: str = "", remedy: str = ""
) -> ConnectorError:
    """An error of `kind` with what the console said, or `words`, and where it said it."""
    return kind(
        f"SentinelOne answered {reply.status} to {reply.method} {printable(reply.path)}:"
        f" {words or vendor_words(reply)}",
        remedy=remedy,
        vendor="sentinelone",
        http_status=reply.status,
        request_id=reply.request_id,
        retryable=kind in (ThrottledError, UnavailableError) and reply.status != 501,
    )


def vendor_words(reply: Reply) -> str:
    """The titles and details of the answer, printable and short; never a page of HTML."""
    text = reply.body.decode("utf-8", "replace").strip()
    try:
        errors = json.loads(text)["errors"]
        words = "; ".join(filter(None, map(_words, errors)))
    except (ValueError, LookupError, TypeError):
        # Other services answer plain text, and nginx whole pages (contract 1.2).
        words = "a page, not an answer of the API" if text.startswith("<") else text
    return printable(words)[:_LONGEST_WORDS] or "no reason given"


def _words(error: Mapping[str, Any]) -> str:
    return ": ".join(str(error[name]) for name in ("title", "detail") if error.get(name))


def _meaning(reply: Reply) -> tuple[type[ConnectorError], str]:
    """The kind of error and, where the kind's own remedy would mislead, a better one."""
    match reply.status:
        case 400 if "Already Exists Error" in vendor_words(reply):
            return ConflictError, ""
        case 400:
            return ParamsError, ""
        case 403:
            return ForbiddenError, _remedy_of_403(reply)
        case 404:
            return NotFoundError, ""
        case 409:
            return ConflictError, ""
        case 410:
            return NotFoundError, "The console keeps it for a limited time only: collect it again."
        case 429:
            return ThrottledError, ""
        case 501:
            return UnavailableError, "This console does not offer the function; nothing to retry."
        case status if status >= 500 and reply.method != "GET":
            return AnswerLostError, "Look in the console whether it was done, then run again."
        case status if status >= 500:
            return UnavailableError, ""
        case _:
            return VendorError, ""


def _remedy_of_403(reply: Reply) -> str:
    words = vendor_words(reply)
    for sentence, remedy in _SCOPE_REMEDIES.items():
        if sentence in words:
            return remedy
    return grant(permission_for(reply.method, reply.path))


def grant(permission: str) -> str:
    """What to do about a missing permission."""
    if not permission:
        return ""
    return f"Give the service user's role the permission {permission} in the console."
