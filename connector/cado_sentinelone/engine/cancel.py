"""Cancelling a collection: asked of the vendor, verified by looking, told as it is."""

from __future__ import annotations

from dataclasses import dataclass

from cado_sentinelone.clients.cado import Cado
from cado_sentinelone.clients.cado_records import Pipeline
from cado_sentinelone.engine.follow import follow
from cado_sentinelone.engine.ledger import Ledger
from cado_sentinelone.engine.look import look_at
from cado_sentinelone.engine.states import ENDS
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.models.action import Run
from cado_sentinelone.models.collection import Collection

# A platform that was told to cancel needs a moment to say that it did.
_VERIFY_SECONDS = 20.0


@dataclass(frozen=True)
class Cancelled:
    """The collection afterwards, and what became of each of its pipelines, in words."""

    collection: Collection
    cancelled: tuple[str, ...] = ()
    not_cancelled: tuple[str, ...] = ()


def cancel(collection: Collection, cado: Cado, ledger: Ledger, run: Run) -> Cancelled:
    """Cancels what of `collection` can be cancelled and looks whether it ended.

    A collection that is only planned ends at once. One that has ended stays as it is. One whose
    launch is in doubt is looked up first. Raises the errors of the Cado client, LedgerError.
    """
    if collection.state == "planned":
        ended = ledger.step(
            collection.collection_id,
            "cancelled",
            at=run.utcnow(),
            run_id=run.run_id,
            note="cancelled before anything was sent",
            from_state="planned",
        )
        return Cancelled(ended, cancelled=("the plan; nothing had been sent",))
    collection, members = look_at(collection, cado, ledger, run)
    if collection.state in ENDS:
        return Cancelled(collection, not_cancelled=(f"it had ended: {collection.state}",))
    if not members:
        return Cancelled(collection, not_cancelled=(collection.error or "its launch is in doubt",))
    refused = [words for row in members if (words := _stop(row, cado))]
    collection, members = follow(collection, _VERIFY_SECONDS, cado, ledger, run)
    stopped = tuple(_name(row) for row in members if row.status == "cancelled")
    going_on = [f"{_name(row)} goes on ({row.status})" for row in members if not row.ended]
    return Cancelled(collection, stopped, (*refused, *going_on))


def _stop(row: Pipeline, cado: Cado) -> str:
    """Asks for the end of one pipeline; why it cannot be stopped, or "" ."""
    if row.ended:
        return "" if row.status == "cancelled" else f"{_name(row)} had ended ({row.status})"
    if row.can_be_terminated is False:
        return f"{_name(row)} cannot be stopped at this point, Cado says"
    try:
        cado.cancel_pipeline(row.pipeline_id)
    except ConnectorError as error:
        if error.kind not in ("conflict", "not_found", "params", "refused"):
            raise
        return f"{_name(row)}: {error.message}"
    return ""


def _name(row: Pipeline) -> str:
    return f"{row.type or 'pipeline'} {row.pipeline_id}"
