"""What a missing permission looks like: nobody published it, so a fault chooses (contract 1.2)."""

from cado_sentinelone.sandbox.sentinelone.errors import (
    DENIED,
    Refusal,
    forbidden,
    unauthenticated,
)
from cado_sentinelone.sandbox.world import World


def denied(world: World) -> Refusal:
    """401 or 403, by the fault `missing_permission_status`."""
    if world.faults.value("missing_permission_status") == "403":
        return forbidden(DENIED)
    return unauthenticated()
