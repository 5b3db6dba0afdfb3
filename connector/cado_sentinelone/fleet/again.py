"""A second collection of an endpoint whose first one ended without evidence."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.fleet.request import FleetRequest
from cado_sentinelone.models.collection import Collection
from cado_sentinelone.models.fleet import Fleet

# What a collection is made of, not what became of it.
_KEPT = (
    "dedupe_key", "route", "agent_id", "agent_uuid", "hostname", "os", "site_id", "account_id",
    "device_id", "investigation_id", "investigation_name", "profile", "options", "reason",
    "requested_by",
)  # fmt: skip


def draft_again(ended: Collection, fleet: Fleet, desk: Desk) -> Collection:
    """The same collection, planned anew under an id of its own; `ended` has freed the key."""
    run, now = desk.run, desk.run.utcnow()
    seed = f"{ended.collection_id} again {run.run_id} {now.isoformat()}"
    return Collection(
        collection_id="col-" + hashlib.sha256(seed.encode()).hexdigest()[:20],
        state="planned",
        runner=run.runner,
        run_id=run.run_id,
        created_at=now,
        updated_at=now,
        deadline_at=fleet.expires_at,
        **{name: getattr(ended, name) for name in _KEPT},
    )


def retry_by_policy(fleet: Fleet, request: FleetRequest, desk: Desk) -> int:
    """How many failed endpoints are planned anew now: as often and as late as was asked for."""
    if not request.retries:
        return 0
    now = desk.run.utcnow()
    before = now - timedelta(minutes=request.retry_after_minutes)
    planned = 0
    for ended in desk.ledger.members_to_retry(
        fleet.fleet_id, ended_before=before, most_attempts=request.retries
    ):
        planned += desk.ledger.replace_member(
            fleet.fleet_id, ended, draft_again(ended, fleet, desk), due_at=now
        )
    return planned
