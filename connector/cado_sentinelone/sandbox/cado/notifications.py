"""Notifications: one for each pipeline that has ended (Cado contract 8)."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from cado_sentinelone.sandbox.cado.asked import (
    Body,
    Flag,
    Nothing,
    PageQuery,
    Positive,
    Query,
    Whole,
)
from cado_sentinelone.sandbox.cado.lives import Pipeline
from cado_sentinelone.sandbox.cado.operation import Answer, Call, Operation
from cado_sentinelone.sandbox.cado.paging import numbered
from cado_sentinelone.sandbox.cado.refusal import not_found
from cado_sentinelone.sandbox.cado.state import CadoState

_TYPES = {"acquisition": "Acquisition", "healthcheck": "System"}
_WORDS = {
    "complete": ("finished", "Info"),
    "failed": ("failed", "Error"),
    "cancelled": ("cancelled", "Warning"),
}


class Notification(NamedTuple):
    """One notification; it bears its pipeline's number."""

    pipeline: Pipeline
    created_at: float
    message: str
    level: str
    kind: str


class NotificationsQuery(Query):
    """Which notifications to list; the page must be named (contract 0.2). Dates are seconds."""

    project_id: Whole | None = None
    evidence_id: Whole | None = None
    is_viewed: Flag | None = None
    from_date: Whole | None = None
    to_date: Whole | None = None
    page: Positive
    per_page: Positive
    notification_type: str = ""
    level: Literal["Info", "Warning", "Error"] | None = None
    include_deleted: Flag = False


class Viewed(Body):
    """Whether somebody has read it."""

    is_viewed: bool


def list_notifications(call: Call, query: NotificationsQuery) -> Answer:
    """The notifications that pass all filters, the newest first."""
    passing = [
        notification
        for notification in notifications(call.state, deleted=query.include_deleted)
        if _passes(call.state, notification, query)
    ]
    passing.sort(key=lambda one: (one.created_at, one.pipeline.pipeline_id), reverse=True)
    page = PageQuery(page=query.page, per_page=query.per_page)
    return numbered(passing, page, lambda one: _listed(call.state, one))


def get_notification(call: Call, _: Nothing) -> Answer:
    """One notification, without the names."""
    return {"data": _shown(call.state, _notification(call))}


def mark_notification(call: Call, body: Viewed) -> Answer:
    """The notification, read or unread."""
    notification = _notification(call)
    mark = call.state.viewed.add if body.is_viewed else call.state.viewed.discard
    mark(notification.pipeline.pipeline_id)
    return {"data": _shown(call.state, notification)}


def notifications(state: CadoState, *, deleted: bool = False) -> Iterator[Notification]:
    """Everything there is to know so far, also about deleted investigations if asked."""
    now = state.now
    for pipeline in state.pipelines(deleted=deleted):
        ended_at = pipeline.ended_at(now)
        if ended_at is not None:
            word, level = _WORDS[pipeline.status(now)]
            message = f"{pipeline.kind.capitalize()} {word}"
            kind = _TYPES.get(pipeline.kind, "Processing")
            yield Notification(pipeline, ended_at, message, level, kind)


def _notification(call: Call) -> Notification:
    number = call.number("notification_id")
    for notification in notifications(call.state):
        if notification.pipeline.pipeline_id == number:
            return notification
    raise not_found("notification", number)


def _passes(state: CadoState, notification: Notification, query: NotificationsQuery) -> bool:
    pipeline = notification.pipeline
    project_id = pipeline.project.project_id if pipeline.project else None
    evidence_id = pipeline.evidence.evidence_id if pipeline.evidence else None
    return (
        query.project_id in (None, project_id)
        and query.evidence_id in (None, evidence_id)
        and query.is_viewed in (None, pipeline.pipeline_id in state.viewed)
        and (query.from_date or 0) <= notification.created_at
        and notification.created_at <= (query.to_date or float("inf"))
        and query.notification_type in ("", notification.kind)
        and query.level in (None, notification.level)
    )


def _shown(state: CadoState, notification: Notification) -> dict[str, object]:
    """The notification; its moment is in seconds (contract 0.5)."""
    pipeline = notification.pipeline
    shown: dict[str, object] = {
        "id": pipeline.pipeline_id,
        "is_viewed": pipeline.pipeline_id in state.viewed,
        "message": notification.message,
        "created": notification.created_at,
        "level": notification.level,
        "notification_type": notification.kind,
    }
    if pipeline.project is not None:
        shown["project_id"] = pipeline.project.project_id
    if pipeline.evidence is not None:
        shown["evidence_id"] = pipeline.evidence.evidence_id
    return shown


def _listed(state: CadoState, notification: Notification) -> dict[str, object]:
    shown = _shown(state, notification)
    pipeline = notification.pipeline
    if pipeline.project is not None:
        shown["project_name"] = pipeline.project.name
    if pipeline.evidence is not None:
        shown["evidence_name"] = pipeline.evidence.hostname
    return shown


OPERATIONS = (
    Operation(
        "GET",
        "/notifications",
        "List notifications",
        "notifications_read",
        NotificationsQuery,
        list_notifications,
    ),
    Operation(
        "GET",
        "/notifications/{notification_id}",
        "Get a notification",
        "notifications_read",
        Nothing,
        get_notification,
    ),
    Operation(
        "PATCH",
        "/notifications/{notification_id}",
        "Mark a notification",
        "notifications_update",
        Viewed,
        mark_notification,
        event="Update",
    ),
)
