"""The audit log: every request that changed something, or was refused to (Cado contract 10)."""

import re
from typing import Literal

from cado_sentinelone.sandbox.cado.asked import Number, PageQuery, Positive, Whole
from cado_sentinelone.sandbox.cado.operation import Answer, Call, Operation
from cado_sentinelone.sandbox.cado.paging import numbered
from cado_sentinelone.sandbox.cado.records import AuditEntry, Project
from cado_sentinelone.sandbox.cado.system import PLATFORM_VERSION


class AuditQuery(PageQuery):
    """Which entries to list. The page must be named; patterns are SQL's, times epoch seconds."""

    page: Positive
    per_page: Positive
    user_id: Whole | None = None
    start_timestamp: Number | None = None
    end_timestamp: Number | None = None
    username_filter: str = "%"
    route_filter: str = "%"
    event_filter: str = "%"
    resource_category_filter: str = "%"
    platform_version_filter: str = "%"
    investigation_id: Whole | None = None
    rbac_role_filter: str = "%"
    response_status_filter: Literal["2XX", "3XX", "4XX", "5XX"] | None = None
    investigation_name_filter: str = "%"


def list_entries(call: Call, query: AuditQuery) -> Answer:
    """The entries that pass all filters, the newest first."""
    projects = {project.project_id: project for project in call.state.projects()}
    rows = [
        (entry, projects.get(_project_id(entry) or 0))
        for entry in reversed(call.state.audit)
        if _passes(entry, query)
    ]
    name = query.investigation_name_filter
    rows = [row for row in rows if _like(name, row[1].name if row[1] else "")]
    return numbered(rows, query, lambda row: _shown(*row))


def _passes(entry: AuditEntry, query: AuditQuery) -> bool:
    return (
        query.user_id in (None, entry.user.user_id)
        and (query.start_timestamp or 0) <= entry.moment
        and entry.moment <= (query.end_timestamp or float("inf"))
        and query.investigation_id in (None, _project_id(entry))
        and query.response_status_filter in (None, f"{entry.response // 100}XX")
        and _like(query.username_filter, entry.user.username)
        and _like(query.route_filter, entry.route)
        and _like(query.event_filter, entry.event_type)
        and _like(query.resource_category_filter, _category(entry))
        and _like(query.platform_version_filter, PLATFORM_VERSION)
        and _like(query.rbac_role_filter, entry.role)
    )


def _like(pattern: str, text: str) -> bool:
    """SQL's LIKE, whatever the case: `%` is any text, `_` any character."""
    regex = re.escape(pattern).replace("%", ".*").replace("_", ".")
    return re.fullmatch(regex, text, re.IGNORECASE | re.DOTALL) is not None


def _project_id(entry: AuditEntry) -> int | None:
    named = (entry.request_body or {}) | entry.url_args
    for name in ("project_id", "investigation_id"):
        value = named.get(name)
        if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()):
            return int(value)
    return None


def _category(entry: AuditEntry) -> str:
    """The first part of the route behind the API's version."""
    return entry.route.split("/")[3]


def _shown(entry: AuditEntry, project: Project | None) -> dict[str, object]:
    return {
        "project_name": project.name if project else None,
        "project_id": _project_id(entry),
        "id": entry.entry_id,
        "username": entry.user.username,
        "user_id": entry.user.user_id,
        "timestamp": entry.moment,
        "duration": None,
        "event_type": entry.event_type,
        "resource_category": _category(entry),
        "description": entry.summary,
        "response": str(entry.response),
        "source": "127.0.0.1",
        "verb": entry.verb,
        "route": entry.route,
        "request_body": entry.request_body,
        "url_args": entry.url_args or None,
        "view_args": None,
        "files": None,
        "platform_version": PLATFORM_VERSION,
        "rbac_role": entry.role,
    }


OPERATIONS = (
    Operation(
        "GET", "/audit-log", "List the audit log", "audit_log_read", AuditQuery, list_entries
    ),
)
