"""The brake for a credential that ends soon: a fleet collection may take longer than its token lives."""

from __future__ import annotations

from datetime import datetime, timedelta

from cado_sentinelone.clients.sentinelone_access import AccessCalls
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.models.fleet import Fleet

# A day is time to make a new token; one who went on all the same is stopped again in the last hour.
_NEAR = (timedelta(hours=24), timedelta(hours=1))
_ASK_EVERY, _ASKING_LASTS = timedelta(hours=1), timedelta(minutes=5)
_NOT_TOLD = frozenset({"forbidden", "not_found", "unavailable"})


def reason_of_token(fleet: Fleet, desk: Desk, owner: str) -> str:
    """Why the token's end is a reason to pause now; "" when it is none, or was not asked for.

    Asked once an hour of the whole fleet collection. What a person resumed knowing it is not paused
    for the same reason again. Raises the errors of the client that concern more than this question.
    """
    now = desk.run.utcnow()
    ledger, until = desk.ledger, now + _ASKING_LASTS
    if ledger.take_duty(fleet.fleet_id, "credential", owner, now=now, until=until) is None:
        return ""
    ends = _end_of_token(desk)
    due_at = now + _ASK_EVERY
    if ends is not None and ends > now:
        due_at = min([due_at, *(ends - near for near in _NEAR if ends - near > now)])
    ledger.end_duty(fleet.fleet_id, "credential", owner, done_at=now, due_at=due_at)
    if ends is None or not _is_news(fleet, ends, now):
        return ""
    hours = max(0.0, (ends - now).total_seconds() / 3600)
    return (
        f"the SentinelOne token ends in {hours:.1f} hours ({ends:%Y-%m-%d %H:%M} UTC): put a new one "
        "into the asset, then resume"
    )


def _is_news(fleet: Fleet, ends: datetime, now: datetime) -> bool:
    """Whether the token came near its end since somebody last said to go on."""
    told_at = max((ends - near for near in _NEAR if now >= ends - near), default=None)
    if told_at is None:
        return False
    went_on = fleet.judged_from if fleet.judged_from > fleet.created_at else None
    return went_on is None or went_on < told_at


def _end_of_token(desk: Desk) -> datetime | None:
    """When it ends; None when the console does not say. One that is dead says so by itself."""
    try:
        return AccessCalls(desk.asset, desk.run).token_expiry().expires_at
    except ConnectorError as error:
        if error.kind not in _NOT_TOLD:
            raise
        return None
