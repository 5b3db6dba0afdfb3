"""The admin surface under `/sandbox`: asset, clock, faults, effects and counted requests."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cado_sentinelone.sandbox.asset import sandbox_asset
from cado_sentinelone.sandbox.faults import FAULTS
from cado_sentinelone.sandbox.live import program
from cado_sentinelone.sandbox.traffic import Traffic
from cado_sentinelone.sandbox.world import World


def routes(world: World, traffic: Traffic) -> list[Route]:
    """The routes by which a test or a person turns this sandbox's knobs."""

    async def asset(request: Request) -> JSONResponse:
        return JSONResponse(sandbox_asset(str(request.base_url).rstrip("/")))

    def read_clock() -> JSONResponse:
        now = world.clock.now()
        return JSONResponse({"now": world.clock.iso(now), "speed": world.clock.speed})

    async def clock(request: Request) -> JSONResponse:
        if request.method == "POST":
            turns: dict[str, Callable[[float], None]] = {
                "advance_seconds": world.clock.advance,
                "speed": lambda speed: setattr(world.clock, "speed", speed),
            }
            body = await _body(request)
            for name, value in body.items():
                if name not in turns or not isinstance(value, int | float):
                    raise ValueError(f"{name!r} is not one of {', '.join(turns)} with a number")
                turns[name](value)
        return read_clock()

    async def faults(request: Request) -> JSONResponse:
        if request.method == "DELETE":
            world.faults.clear()
        elif request.method == "POST":
            spec = (await _body(request)).get("spec")
            if not isinstance(spec, str):
                raise ValueError('the body is not {"spec": "name[=value][@/path][*times];..."}')
            world.faults.set(spec)
        return JSONResponse({"spec": str(world.faults), "known": FAULTS})

    async def effects(_: Request) -> JSONResponse:
        return JSONResponse(dict(world.effects))

    async def requests(request: Request) -> JSONResponse:
        if request.method == "DELETE":
            traffic.clear()
        return JSONResponse({"requests": traffic.requests, "statuses": traffic.statuses})

    async def bucket(_: Request) -> JSONResponse:
        return JSONResponse(
            [
                {"key": stored.key, "size_bytes": len(stored.content), "sha256": stored.sha256}
                for stored in world.bucket.objects.values()
            ]
        )

    async def approvals(request: Request) -> JSONResponse:
        action = (await _body(request)).get("action")
        if action not in ("approve", "decline", "expire"):
            raise ValueError('the body is not {"action": "approve"|"decline"|"expire"}')
        remote = world.sentinelone.remote
        for pending_id in list(remote.pending):
            remote.review(pending_id, str(action))
        return JSONResponse({one.pending_id: one.state for one in remote.pending.values()})

    async def endpoint(request: Request) -> JSONResponse:
        agent = world.agent(request.path_params["agent_id"])
        online = (await _body(request)).get("online")
        if agent is None or not isinstance(online, bool):
            raise ValueError('there is no such endpoint, or the body is not {"online": true|false}')
        if agent.is_active and not online:
            agent.last_seen = world.clock.now()
        agent.is_active = online
        world.sentinelone.remote.settle()
        return JSONResponse({"agent_id": agent.agent_id, "online": agent.is_active})

    async def collector(_: Request) -> Response:
        return Response(program(), media_type="application/octet-stream")

    return [
        Route("/bucket", bucket),
        Route("/approvals", approvals, methods=["POST"]),
        Route("/endpoints/{agent_id}", endpoint, methods=["POST"]),
        Route("/collector/{path:path}", collector),
        Route("/asset", asset),
        Route("/clock", clock, methods=["GET", "POST"]),
        Route("/faults", faults, methods=["GET", "POST", "DELETE"]),
        Route("/effects", effects),
        Route("/requests", requests, methods=["GET", "DELETE"]),
    ]


async def _body(request: Request) -> dict[str, object]:
    body = await request.json()
    if not isinstance(body, dict):
        raise ValueError("the body is not a JSON object")  # noqa: TRY004 - answered as one
    return body


async def refuse(_: Request, error: Exception) -> JSONResponse:
    """What the admin surface answers to a request that makes no sense."""
    return JSONResponse({"error": str(error)}, status_code=400)
