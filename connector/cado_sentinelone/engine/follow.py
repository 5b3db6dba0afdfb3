"""Waiting for a collection: a wait may be left at any moment and taken up by anybody."""

from __future__ import annotations

from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.look import Sight, look_at
from cado_sentinelone.engine.states import ENDS
from cado_sentinelone.models.collection import Collection

_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 15.0


def follow(collection: Collection, wait_seconds: float, desk: Desk) -> tuple[Collection, Sight]:
    """`collection` at its end, or as it is when `wait_seconds` have passed; at least one look.

    The pauses grow from one second to fifteen. Raises as `look_at` does; the collection itself
    goes on whatever happens here.
    """
    run = desk.run
    until = run.monotonic() + wait_seconds
    pause = _FIRST_PAUSE_SECONDS
    shown = ""
    while True:
        collection, sight = look_at(collection, desk)
        if collection.state != shown:
            shown = collection.state
            run.progress(f"{collection.hostname}: {shown.replace('_', ' ')}")
        left = until - run.monotonic()
        if collection.state in ENDS or left <= 0:
            return collection, sight
        run.wait(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)
