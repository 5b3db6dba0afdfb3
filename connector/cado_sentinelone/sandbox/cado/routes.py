"""Every operation that this platform serves."""

from starlette.routing import Route

from cado_sentinelone.sandbox.cado import (
    accounts,
    alarms,
    audit,
    devices,
    evidences,
    host,
    identity,
    imports,
    notifications,
    pipelines,
    projects,
    system,
    timeline,
    webhooks,
)
from cado_sentinelone.sandbox.cado.operation import routes_of
from cado_sentinelone.sandbox.world import World

OPERATIONS = tuple(
    operation
    for subject in (
        identity,
        system,
        accounts,
        devices,
        imports,
        host,
        projects,
        pipelines,
        evidences,
        alarms,
        timeline,
        notifications,
        webhooks,
        audit,
    )
    for operation in subject.OPERATIONS
)


def routes(world: World) -> list[Route]:
    """The routes under `/api/v3`, over this world."""
    return routes_of(OPERATIONS, world)
