"""Webhooks. The sandbox calls nobody: it counts what the platform would have sent (contract 8)."""

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field

from cado_sentinelone.sandbox.cado.asked import Body, Nothing, PageQuery
from cado_sentinelone.sandbox.cado.counts import severities
from cado_sentinelone.sandbox.cado.notifications import notifications
from cado_sentinelone.sandbox.cado.operation import Answer, Call, Operation
from cado_sentinelone.sandbox.cado.paging import numbered
from cado_sentinelone.sandbox.cado.records import Webhook
from cado_sentinelone.sandbox.cado.refusal import invalid, not_found
from cado_sentinelone.sandbox.cado.state import CadoState

EventType = Literal[
    "high_severity_alarm",
    "suspicious_severity_event",
    "processing_with_alarms",
    "processing_finished",
    "processing_failed",
    "admin_login",
    "audit_event_create",
    "audit_event_update",
    "audit_event_delete",
    "audit_event_login",
    "audit_event_logout",
    "audit_event_download",
    "audit_event_reboot",
    "audit_event_upgrade",
    "audit_event_import",
    "audit_event_tested",
    "audit_event_upload",
    "audit_event_cancel",
    "audit_event_rerun",
    "detection_updated",
    "detection_created",
    "detection_group_created",
    "detection_group_updated",
]


class NewWebhook(Body):
    """A webhook to set up, for one type of event."""

    name: str
    payload: dict[str, object] = Field(default_factory=dict)
    payload_type: Literal["slack", "custom", "jira"]
    url: str
    event_type: EventType


class WebhookId(Body):
    """The webhook to test."""

    id: int


def list_webhooks(call: Call, query: PageQuery) -> Answer:
    """Every webhook, with how often it has been sent."""
    return numbered(
        list(call.state.webhooks.values()), query, lambda webhook: _listed(call.state, webhook)
    )


def create_webhook(call: Call, body: NewWebhook) -> Answer:
    """A webhook for what happens from now on."""
    url = urlsplit(body.url)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise invalid("url: is not a URL")
    webhook = Webhook(
        webhook_id=call.state.number("webhook"),
        name=body.name,
        payload=body.payload,
        payload_type=body.payload_type,
        url=body.url,
        event_type=body.event_type,
        created_at=call.now,
    )
    call.state.webhooks[webhook.webhook_id] = webhook
    return {"data": {"id": webhook.webhook_id, "webhook": _settings(webhook)}}


def delete_webhook(call: Call, _: Nothing) -> Answer:
    """The webhook goes."""
    del call.state.webhooks[_webhook(call.state, call.number("webhook_id")).webhook_id]
    return {}


def fire_webhook(call: Call, body: WebhookId) -> Answer:
    """A test message, counted like the others."""
    webhook = _webhook(call.state, body.id)
    webhook.tested_at.append(call.now)
    return {"data": {"id": webhook.webhook_id, "message": "Webhook fired"}}


def _webhook(state: CadoState, webhook_id: int) -> Webhook:
    if webhook_id not in state.webhooks:
        raise not_found("webhook", webhook_id)
    return state.webhooks[webhook_id]


def _sent_at(state: CadoState, webhook: Webhook) -> list[float]:
    """When it would have been sent: on tests, and on processing that ended since it was made."""
    ends = (
        notification.created_at
        for notification in notifications(state)
        if notification.pipeline.kind == "processing"
        and notification.created_at >= webhook.created_at
        and webhook.event_type in _events(state, notification.pipeline.pipeline_id)
    )
    return sorted([*webhook.tested_at, *ends])


def _events(state: CadoState, pipeline_id: int) -> Iterator[str]:
    pipeline = state.pipeline(pipeline_id)
    if pipeline.evidence is None or pipeline.status(state.now) == "cancelled":
        return
    if pipeline.status(state.now) == "failed":
        yield "processing_failed"
        return
    yield "processing_finished"
    counts = severities(pipeline.evidence.found(pipeline.planned_end))
    if any(counts.values()):
        yield "processing_with_alarms"
    if counts["malicious"]:
        yield "high_severity_alarm"
    if counts["suspicious"]:
        yield "suspicious_severity_event"


def _settings(webhook: Webhook) -> dict[str, object]:
    return {
        "name": webhook.name,
        "payload": webhook.payload,
        "payload_type": webhook.payload_type,
        "url": webhook.url,
        "event_type": webhook.event_type,
        "enabled": True,
    }


def _listed(state: CadoState, webhook: Webhook) -> dict[str, object]:
    sent_at = _sent_at(state, webhook)
    return _settings(webhook) | {
        "id": webhook.webhook_id,
        "last_sent": sent_at[-1] if sent_at else None,
        "times_sent": len(sent_at) or None,
    }


OPERATIONS = (
    Operation("GET", "/webhooks", "List webhooks", "webhook_read", PageQuery, list_webhooks),
    Operation(
        "POST",
        "/webhooks",
        "Create a webhook",
        "webhook_write",
        NewWebhook,
        create_webhook,
        status=201,
        event="Create",
    ),
    Operation(
        "POST",
        "/webhooks/test",
        "Test a webhook",
        "webhook_write",
        WebhookId,
        fire_webhook,
        event="Tested",
    ),
    Operation(
        "DELETE",
        "/webhooks/{webhook_id}",
        "Delete a webhook",
        "webhook_write",
        Nothing,
        delete_webhook,
        event="Delete",
    ),
)
