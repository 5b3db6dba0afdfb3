"""One step of a collection after a look, when another process may have looked meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.states import ALLOWED
from cado_sentinelone.errors import ConflictError
from cado_sentinelone.models.collection import Collection, State


def advance(
    collection: Collection,
    state: State,
    desk: Desk,
    *,
    note: str = "",
    from_state: State | None = None,
    **changes: object,
) -> Collection:
    """`collection` in `state` with `changes`; as the ledger has it when another process stepped
    first. A state that its life does not lead to from here leaves it in the one that it is in: a
    vendor may take a job back, a collection's life only goes on. Raises LedgerError.
    """
    if state not in ALLOWED[collection.state]:
        state = collection.state
    try:
        return desk.ledger.step(
            collection.collection_id,
            state,
            at=desk.run.utcnow(),
            run_id=desk.run.run_id,
            note=note,
            from_state=from_state,
            **changes,
        )
    except ConflictError:
        return desk.ledger.get(collection.collection_id)


def advance_all(
    collections: Iterable[Collection], state: State, desk: Desk, *, note: str, **changes: object
) -> list[Collection]:
    """Each of `collections` as `advance` has it, all in one transaction."""
    with desk.ledger.together():
        return [advance(o, state, desk, note=note, from_state=None, **changes) for o in collections]
