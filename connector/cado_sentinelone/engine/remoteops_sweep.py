"""Scripts that a crash left in the console's library: found by name, ours alone deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.remoteops_scripts import OURS, PREFIX, drop, is_needed
from cado_sentinelone.engine.states import ENDS
from cado_sentinelone.errors import NotFoundError

if TYPE_CHECKING:
    from cado_sentinelone.clients.sentinelone_script_records import RemoteScript

# A script this young may belong to a run that is between its upload and its launch.
_YOUNG = timedelta(hours=1)


def sweep(desk: Desk) -> int:
    """How many orphans were deleted: scripts of this ledger's collections that none of them needs.

    A script of the same form whose collection another ledger has is left alone. Raises the
    errors of the client; one that cannot be deleted is a warning.
    """
    orphans = [one for one in desk.sentinelone.scripts(query=PREFIX) if _is_orphan(one, desk)]
    deleted = 0
    for script in orphans:
        if not drop(script.script_id, desk):
            continue
        deleted += 1
        matched = OURS.fullmatch(script.name)
        if matched:
            desk.ledger.note(
                matched[1],
                at=desk.run.utcnow(),
                run_id=desk.run.run_id,
                event="script deleted",
                details={"script_id": script.script_id, "script_name": script.name},
            )
    return deleted


def _is_orphan(script: RemoteScript, desk: Desk) -> bool:
    matched = OURS.fullmatch(script.name)
    if matched is None:
        return False
    try:
        collection = desk.ledger.get(matched[1])
    except NotFoundError:
        return False
    if is_needed(script.script_id, desk):
        return False
    if collection.state in ENDS or collection.script_deleted_at is not None:
        return True
    if collection.script_id == script.script_id:
        return False
    # The console's clock made it, so a script without a time is taken for a young one.
    return script.created_at is not None and desk.run.utcnow() - script.created_at > _YOUNG
