"""Cancelling a collection: asked of the vendor, verified by looking, told as it is."""

from __future__ import annotations

from dataclasses import dataclass

from cado_sentinelone.clients.cado_records import Pipeline
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.follow import follow
from cado_sentinelone.engine.look import look_at
from cado_sentinelone.engine.states import ENDS
from cado_sentinelone.errors import ConflictError, ConnectorError
from cado_sentinelone.models.collection import Collection

# A platform that was told to cancel needs a moment to say that it did.
_VERIFY_SECONDS = 20.0


@dataclass(frozen=True)
class Cancelled:
    """The collection afterwards, and what became of each of its pipelines, in words."""

    collection: Collection
    cancelled: tuple[str, ...] = ()
    not_cancelled: tuple[str, ...] = ()


def cancel(collection: Collection, desk: Desk) -> Cancelled:
    """Cancels what of `collection` can be cancelled and looks whether it ended.

    A collection of which nothing was sent ends at once. One that has ended stays as it is. One
    whose launch is in doubt is looked up first. Raises the errors of the clients, LedgerError.
    """
    if collection.state in ("planned", "waiting_endpoint") and not collection.attempts:
        try:
            ended = desk.ledger.step(
                collection.collection_id,
                "cancelled",
                at=desk.run.utcnow(),
                run_id=desk.run.run_id,
                note="cancelled before anything was sent",
                from_state=collection.state,
            )
            return Cancelled(ended, cancelled=("the plan; nothing had been sent",))
        except ConflictError:
            # Another run has just sent it, so there is more to cancel than a plan.
            collection = desk.ledger.get(collection.collection_id)
    collection, sight = look_at(collection, desk)
    if collection.state in ENDS:
        return Cancelled(collection, not_cancelled=(f"it had ended: {collection.state}",))
    refused: list[str] = []
    is_asked = False
    if collection.route == "remoteops":
        from cado_sentinelone.engine.remoteops_cancel import stop_launch

        collection, is_asked, refused = stop_launch(collection, sight.tasks, desk)
    elif not sight.pipelines:
        return Cancelled(collection, not_cancelled=(collection.error or "its launch is in doubt",))
    for row in sight.pipelines:
        words = _stop(row, desk)
        is_asked = is_asked or not (words or row.ended)
        refused += [words] if words else []
    if is_asked:
        collection, sight = follow(collection, _VERIFY_SECONDS, desk)
    stopped = [_name(row) for row in sight.pipelines if row.status == "cancelled"]
    if collection.route == "remoteops" and collection.state in ("cancelled", "refused"):
        stopped.append("the script's task" if collection.parent_task_id else "the launch")
    going_on = [f"{_name(row)} goes on ({row.status})" for row in sight.pipelines if not row.ended]
    return Cancelled(collection, tuple(stopped), (*refused, *going_on))


def _stop(row: Pipeline, desk: Desk) -> str:
    """Asks for the end of one pipeline; why it cannot be stopped, or "" ."""
    if row.ended:
        return "" if row.status == "cancelled" else f"{_name(row)} had ended ({row.status})"
    if row.can_be_terminated is False:
        return f"{_name(row)} cannot be stopped at this point, Cado says"
    try:
        desk.cado.cancel_pipeline(row.pipeline_id)
    except ConnectorError as error:
        if error.kind not in ("conflict", "not_found", "params", "refused"):
            raise
        return f"{_name(row)}: {error.message}"
    return ""


def _name(row: Pipeline) -> str:
    return f"{row.type or 'pipeline'} {row.pipeline_id}"
