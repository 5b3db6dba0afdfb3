"""The routes of the management API."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from cado_sentinelone.sandbox.world import World

BASE = "/web/api/v2.1"


def routes(world: World) -> list[Route]:
    """Everything that is served below `/web/api/v2.1`."""

    async def status(_: Request) -> JSONResponse:
        return JSONResponse({"data": {"health": "ok"}})

    return [Route(f"{BASE}/system/status", status)]
