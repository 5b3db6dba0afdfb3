"""What every request passes before its route sees it: limits, token, permission, validation."""

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cado_sentinelone.sandbox.sentinelone.call import Call, Endpoint
from cado_sentinelone.sandbox.sentinelone.callers import Caller
from cado_sentinelone.sandbox.sentinelone.errors import Refusal
from cado_sentinelone.sandbox.sentinelone.forms import FormFields, read_form
from cado_sentinelone.sandbox.sentinelone.gate_denial import denied
from cado_sentinelone.sandbox.sentinelone.limits import Limits
from cado_sentinelone.sandbox.sentinelone.rules import Rules, read_query
from cado_sentinelone.sandbox.sentinelone.schema import Fields, read_body
from cado_sentinelone.sandbox.wire import html_page
from cado_sentinelone.sandbox.world import World

BASE = "/web/api/v2.1"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path.

    `needs` are the permissions of which the caller must hold one. A missing permission is 401 or
    403 by the fault `missing_permission_status`, except where `denial` is known.
    """

    method: str
    path: str
    endpoint: Endpoint
    needs: tuple[str, ...] = ()
    query: Rules = field(default_factory=dict)
    body: Fields | None = None
    form: FormFields | None = None
    public: bool = False
    denial: Callable[[], Refusal] | None = None


def route(operation: Operation, world: World, limits: Limits) -> Route:
    """The operation behind the gate."""

    async def serve(request: Request) -> Response:
        token = _token(request)
        if world.faults.on("rate_limits") and not limits.admit(operation.path, token):
            page = html_page(429, "429 Too Many Requests")
            return Response(page.body, page.status, {"content-type": "text/html"})
        try:
            caller = None if operation.public else _admit(operation, world, token)
            query = read_query(request.url.query, operation.query)
            fields = operation.body
            body = {} if fields is None else read_body(await request.body(), fields)
            if operation.form is not None:
                body = await read_form(request, operation.form)
            return operation.endpoint(Call(world, request.path_params, query, body, caller))
        except Refusal as refusal:
            return refusal.response()

    return Route(BASE + operation.path, serve, methods=[operation.method])


def _token(request: Request) -> str:
    """The token of the request, empty if it brings none (contract 2)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "apitoken":
        return token.strip()
    # Whoever tries another scheme is not asked for the query parameter.
    return "" if scheme else request.query_params.get("APIToken", "")


def _admit(operation: Operation, world: World, token: str) -> Caller:
    """The caller, who may use this operation.

    Raises:
        Refusal: the token is dead, or its role lacks what the operation needs.
    """
    caller = world.sentinelone.caller_of(token)
    if operation.needs and caller.permissions.isdisjoint(operation.needs):
        if operation.denial is not None:
            raise operation.denial()
        raise denied(world)
    return caller
