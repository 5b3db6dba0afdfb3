"""An endpoint that is offline: a row in the ledger until it is seen or the deadline passes (R5)."""

from __future__ import annotations

from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.remoteops_launch import dispatch
from cado_sentinelone.engine.remoteops_preflight import check_endpoint_for_script, is_only_offline
from cado_sentinelone.errors import NotFoundError, RefusedError
from cado_sentinelone.models.collection import Collection


def look_for_endpoint(collection: Collection, desk: Desk) -> Collection:
    """`collection` sent with a fresh script if its endpoint is there, waiting if not, expired
    when it waited long enough, refused when the endpoint can never be collected any more.

    Raises the errors of the clients.
    """
    if collection.deadline_at is not None and desk.run.utcnow() > collection.deadline_at:
        words = f"{collection.hostname} was not seen before the deadline; nothing was sent"
        return advance(collection, "expired", desk, note=words, error=words)
    try:
        endpoint = desk.sentinelone.find(collection.agent_id)
        if is_only_offline(endpoint):
            return collection
        check_endpoint_for_script(endpoint, desk)
    except RefusedError as error:
        # Isolation ends some day, and a site may get its module; these wait with the reason.
        return advance(collection, "waiting_endpoint", desk, error=error.message)
    except NotFoundError as error:
        return advance(collection, "refused", desk, note=error.message, error=error.message)
    return dispatch(collection, desk)
