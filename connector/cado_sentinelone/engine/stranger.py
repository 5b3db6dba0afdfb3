"""Following a pipeline that no collection of this ledger started."""

from __future__ import annotations

from cado_sentinelone.clients.cado_records import Pipeline
from cado_sentinelone.engine.cado_look import family_in_detail
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.family import Look, assess_unowned
from cado_sentinelone.engine.states import ENDS

_PAUSE_SECONDS = 5.0


def follow_pipeline(
    pipeline_id: int, wait_seconds: float, desk: Desk
) -> tuple[Look, list[Pipeline]]:
    """What the pipeline and its family amount to, at their end or when the wait is over.

    Nothing is known of an endpoint, so nothing is proven of one. Raises NotFoundError and the
    other errors of the Cado client.
    """
    until = desk.run.monotonic() + wait_seconds
    while True:
        members = family_in_detail(pipeline_id, None, desk)
        look = assess_unowned(members)
        left = until - desk.run.monotonic()
        if look.state in ENDS or left <= 0:
            return look, members
        desk.run.wait(min(_PAUSE_SECONDS, left))
