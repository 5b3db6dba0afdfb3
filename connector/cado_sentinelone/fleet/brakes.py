"""What pauses a fleet collection before more harm is done, and says why."""

from __future__ import annotations

from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.fleet.request import FleetRequest
from cado_sentinelone.models.fleet import Fleet

# Fewer than this say nothing about the others.
_LEAST_ENDED, _LEAST_CALLS = 10, 50
# Older calls say nothing about now.
_MOST_CALLS = 500
_BAD = ("failed", "expired")


def reason_to_pause(fleet: Fleet, request: FleetRequest, desk: Desk) -> str:
    """Why no more should be launched; "" when all is well."""
    ended = desk.ledger.ended_since(fleet.fleet_id, fleet.judged_from)
    now = desk.ledger.fleet_counts(fleet.fleet_id)
    # What fails does so early: what is being processed has come further, and counts as well so far.
    judged = ended.selected - ended.of("refused", "cancelled") + now.of("processing")
    bad = ended.of(*_BAD)
    least = min(_LEAST_ENDED, request.canary or _LEAST_ENDED)
    if judged >= least and bad > request.pause_at_failures * judged:
        return f"{bad} of the {judged} that came so far have failed; see the commonest errors"
    waiting = now.of("waiting_approval")
    if waiting:
        return (
            f"{waiting} wait for an approval in the console: approve or decline them, then resume"
        )
    calls, throttled = desk.run.calls, int(desk.run.summary.get("throttled", 0))
    if calls >= _LEAST_CALLS and throttled > request.pause_at_throttled * calls:
        return f"the vendors throttled {throttled} of the last {calls} calls"
    if calls >= _MOST_CALLS:
        desk.run.calls, desk.run.summary["throttled"] = 0, 0
    return ""


def canary_is_done(fleet: Fleet, request: FleetRequest, desk: Desk) -> bool:
    """Whether the endpoints that went first have ended, or no more of them can be found now."""
    launched = desk.ledger.launched_of(fleet.fleet_id)
    ended = launched.of(
        "completed", "completed_with_errors", "failed", "expired", "cancelled", "refused"
    )
    if ended < launched.selected:
        return False
    left = desk.ledger.fleet_counts(fleet.fleet_id).of("planned")
    return launched.selected >= request.canary or (bool(launched.selected) and not left)
