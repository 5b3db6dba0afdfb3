"""The one table of a collection's life: which step may follow which, and the vendors' words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import get_args

from pydantic import ValidationError

from cado_sentinelone.errors import ConflictError, InternalError
from cado_sentinelone.models.collection import Collection, State

STATES: frozenset[State] = frozenset(get_args(State))
FREES_KEY: frozenset[State] = frozenset({"failed", "expired", "cancelled", "refused"})
ENDS: frozenset[State] = FREES_KEY | {"completed", "completed_with_errors"}
OPEN: frozenset[State] = STATES - ENDS

_LOST: frozenset[State] = frozenset({"unknown"})
# These three may alternate: an endpoint goes away and comes back, an approval is seen late.
_AT_THE_ENDPOINT: frozenset[State] = frozenset({"waiting_approval", "waiting_endpoint", "running"})
_AT_CADO: frozenset[State] = frozenset({"uploading", "processing"})
# Only we, before the launch, or a reviewer refuse; what a vendor refuses has failed.
_AFTER_LAUNCH = (_AT_THE_ENDPOINT | _AT_CADO | ENDS | _LOST) - {"refused"}

ALLOWED: Mapping[State, frozenset[State]] = {
    "planned": FREES_KEY | {"requested", "waiting_endpoint"},
    "requested": _AFTER_LAUNCH,
    "waiting_approval": _AFTER_LAUNCH - {"waiting_approval"} | {"refused"},
    "waiting_endpoint": _AFTER_LAUNCH - {"waiting_endpoint"} | {"requested", "refused"},
    "running": _AFTER_LAUNCH - {"running"},
    "uploading": _AFTER_LAUNCH - _AT_THE_ENDPOINT - {"uploading"},
    "processing": _AFTER_LAUNCH - _AT_THE_ENDPOINT - _AT_CADO,
    # Reconciliation may find anything, also (`planned`) the proof that nothing was sent.
    "unknown": STATES - _LOST,
    "completed": frozenset(),
    "completed_with_errors": frozenset(),
    "failed": frozenset(),
    "expired": frozenset(),
    "cancelled": frozenset(),
    "refused": frozenset(),
}

# Of the pipeline that the import started. `complete` is not our `completed`: its children have
# still to be followed to the evidence (Cado contract 6).
_CADO_PIPELINE: Mapping[str, State] = {
    "queued": "requested",
    "in_progress": "running",
    "complete": "processing",
    "failed": "failed",
    "cancelled": "cancelled",
}
# Of one endpoint's task. `completed` speaks of the script only; the evidence is Cado's to show
# (SentinelOne contract 7.3).
_SENTINELONE_TASK: Mapping[str, State] = {
    "created": "requested",
    "scheduled": "requested",
    "pending": "waiting_endpoint",
    # The task is with the endpoint's own user; no guardrail asks for it.
    "pending_user_action": "running",
    "in_progress": "running",
    "partially_completed": "running",
    "completed": "uploading",
    "failed": "failed",
    "canceled": "cancelled",
    "expired": "expired",
}

_VENDOR_IDS = ("pipeline_id", "parent_task_id", "pending_execution_id")
_FIXED = frozenset(
    {
        "collection_id",
        "dedupe_key",
        "state",
        "route",
        "agent_id",
        "investigation_id",
        "created_at",
        "requested_at",
        "updated_at",
        "finished_at",
    }
)


def state_of_pipeline(status: str) -> State:
    """What Cado's status of the import's pipeline means; a word we do not know is `unknown`."""
    return _CADO_PIPELINE.get(status, "unknown")


def state_of_task(status: str) -> State:
    """What SentinelOne's status of a task means; a word we do not know is `unknown`."""
    return _SENTINELONE_TASK.get(status, "unknown")


def check_step(
    from_state: State, to_state: State, *, launched: bool, names_vendor_id: bool
) -> None:
    """Raises ConflictError unless the step is allowed; staying in a state is.

    `requested` is the intent, written right before the one POST that has an effect. Of several
    runs that found a collection planned one alone may send it, so a launched collection
    enters or stays in `requested` only with the id that the vendor gave it. A collection that
    is not `launched` goes nowhere that only a vendor's answer leads to.
    """
    reach = ALLOWED[from_state] if launched else ALLOWED[from_state] & ALLOWED["planned"]
    if to_state not in reach | {from_state}:
        raise ConflictError(f"a collection that is {from_state} cannot become {to_state}")
    if to_state == "requested" and launched and not names_vendor_id:
        raise ConflictError(
            f"the collection is {from_state} and was launched already",
            remedy="Look at it with get_task_status; it is never launched a second time.",
        )


def take_step(
    collection: Collection, to_state: State, *, at: datetime, changes: Mapping[str, object]
) -> Collection:
    """`collection` after one step with `changes`; the same object when nothing changes.

    The launch sets requested_at, `planned` takes it back, an end sets finished_at, and any
    difference sets updated_at. Raises ConflictError for a step that is not allowed,
    InternalError for changes that no step may make.
    """
    check_step(
        collection.state,
        to_state,
        launched=collection.requested_at is not None,
        names_vendor_id=any(changes.get(name) for name in _VENDOR_IDS),
    )
    if fixed := _FIXED & changes.keys():
        raise InternalError(f"no step may change {', '.join(sorted(fixed))}")
    after = {**dict(collection), **changes, **_times(collection, to_state, at), "state": to_state}
    try:
        stepped = Collection.model_validate(after)
    except ValidationError as error:
        wrong = ", ".join(str(detail["loc"][0]) for detail in error.errors(include_input=False))
        raise InternalError(f"a step cannot set this value: {wrong}") from None
    return collection if stepped == collection else stepped.model_copy(update={"updated_at": at})


def _times(collection: Collection, to_state: State, at: datetime) -> dict[str, datetime | None]:
    if to_state == "planned":
        return {"requested_at": None}
    if to_state == "requested" and collection.requested_at is None:
        return {"requested_at": at}
    if to_state in ENDS and collection.state not in ENDS:
        return {"finished_at": at}
    return {}
