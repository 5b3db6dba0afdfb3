"""The ASGI application: both vendors and the admin surface on one port."""

from importlib.util import find_spec

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from cado_sentinelone.sandbox import admin
from cado_sentinelone.sandbox.sentinelone.routes import routes as sentinelone_routes
from cado_sentinelone.sandbox.traffic import Traffic
from cado_sentinelone.sandbox.wire import Wire
from cado_sentinelone.sandbox.world import World


def create_app(world: World) -> ASGIApp:
    """SentinelOne under `/web/api/v2.1`, Cado under `/api/v3`, the knobs under `/sandbox`."""
    traffic = Traffic()
    knobs = Starlette(
        routes=admin.routes(world, traffic), exception_handlers={ValueError: admin.refuse}
    )
    vendors = [*sentinelone_routes(world)]
    if find_spec("cado_sentinelone.sandbox.cado.routes") is not None:
        from cado_sentinelone.sandbox.cado.routes import routes as cado_routes

        vendors += cado_routes(world)
    served = Starlette(routes=[Mount("/sandbox", knobs), *vendors])
    return Wire(served, world, traffic)
