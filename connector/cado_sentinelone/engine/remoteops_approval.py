"""A launch that a reviewer has to approve in the console first (SentinelOne contract 7.5)."""

from __future__ import annotations

from collections.abc import Sequence

from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.custody import content_of
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.remoteops_scripts import check_content
from cado_sentinelone.errors import ConnectorError, RefusedError
from cado_sentinelone.models.collection import Collection

DECLINE_ASKED = "decline asked"  # the custody entry that is written before the call
DECLINED_BY_US = "its pending execution was declined, as asked"


def look_at_approval(collection: Collection, desk: Desk) -> Collection:
    """`collection` by what became of its pending execution.

    The answer to an approval names no task, so an approved one is `unknown` until its task is
    found. While it waits, the script is held against what was uploaded: what would be approved
    has to be what was asked for (S8). Raises the errors of the client.
    """
    [collection] = look_at_approvals([collection], desk)
    return collection


def look_at_approvals(collections: Sequence[Collection], desk: Desk) -> list[Collection]:
    """Each of `collections` by what became of its pending execution, all listed once; a script that
    several share is read once.
    """
    if not collections:
        return []
    shown = {one.pending_execution_id: one.state for one in desk.sentinelone.pending_executions()}
    changed: dict[str, str] = {}
    looked = []
    for one in collections:
        state = shown.get(one.pending_execution_id, "gone")
        if state == "waiting" and one.script_id not in changed:
            changed[one.script_id] = _change_of(one, desk)
        words = changed.get(one.script_id, "") if state == "waiting" else ""
        looked.append(_judged(one, state, words, desk))
    return looked


def _change_of(collection: Collection, desk: Desk) -> str:
    """How the console's script differs from what was uploaded, after its execution was declined."""
    try:
        check_content(collection.script_id, collection.script_sha256, desk)
    except RefusedError as error:
        return _stop(collection, error.message, desk)
    return ""


def _judged(collection: Collection, state: str, changed: str, desk: Desk) -> Collection:
    if changed:
        return advance(collection, "failed", desk, note=changed, error=changed)
    if state == "waiting":
        return collection
    if state == "declined" and _asked_to_decline(collection, desk):
        return advance(collection, "cancelled", desk, note=DECLINED_BY_US, error=DECLINED_BY_US)
    if state == "declined":
        words = "a reviewer declined it in the console"
        return advance(collection, "refused", desk, note=words, error=words)
    if state == "expired":
        words = "nobody approved it in time"
        return advance(collection, "expired", desk, note=words, error=words)
    words = "it was approved; SentinelOne does not say as which task, so that is looked up"
    if state != "approved":
        words = f"its pending execution is {state}; whether it was approved is being looked up"
    return advance(collection, "unknown", desk, note=words, error=words)


def _asked_to_decline(collection: Collection, desk: Desk) -> bool:
    """Whether a run of this connector asked for it and died before it could note the end."""
    entries = desk.ledger.custody(collection.collection_id).entries
    return any((content_of(one) or {}).get("event") == DECLINE_ASKED for one in entries)


def _stop(collection: Collection, words: str, desk: Desk) -> str:
    try:
        desk.sentinelone.decline_execution(collection.pending_execution_id)
    except ConnectorError as error:
        if error.kind not in ("forbidden", "unauthorized", "not_found"):
            raise
        # The vendor's list of permissions does not hold the one to review.
        words += "; this token may not decline its pending execution: decline it in the console"
        desk.run.warn(words)
        return words
    return f"{words}; its pending execution was declined"
