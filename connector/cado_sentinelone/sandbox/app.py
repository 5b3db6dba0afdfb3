"""The ASGI application: both vendors and the admin surface on one port."""

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from cado_sentinelone.sandbox import admin
from cado_sentinelone.sandbox.bucket import routes as bucket_routes
from cado_sentinelone.sandbox.cado.routes import routes as cado_routes
from cado_sentinelone.sandbox.sentinelone.routes import routes as sentinelone_routes
from cado_sentinelone.sandbox.traffic import Traffic
from cado_sentinelone.sandbox.wire import Wire
from cado_sentinelone.sandbox.world import World


def create_app(world: World) -> ASGIApp:
    """SentinelOne under `/web/api/v2.1`, Cado under `/api/v3`, the knobs under `/sandbox`."""
    vendors = [*sentinelone_routes(world), *cado_routes(world), *bucket_routes(world.bucket)]
    traffic = Traffic(vendors)
    knobs = Starlette(
        routes=admin.routes(world, traffic), exception_handlers={ValueError: admin.refuse}
    )
    return Wire(Starlette(routes=[Mount("/sandbox", knobs), *vendors]), world, traffic)
