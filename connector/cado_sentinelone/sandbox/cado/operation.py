"""One operation of the API, and the gate before it: key, role, parameters, envelope, audit."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cado_sentinelone.sandbox.cado.asked import Body, Query, read_body, read_query
from cado_sentinelone.sandbox.cado.records import AuditEntry, Key, User
from cado_sentinelone.sandbox.cado.refusal import Refusal, forbidden, not_found, unauthorized
from cado_sentinelone.sandbox.cado.roles import allows, role_named
from cado_sentinelone.sandbox.cado.state import CadoState
from cado_sentinelone.sandbox.world import World

_BASE = "/api/v3"
_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]
_SECRET_FIELDS = ("credential_data",)


@dataclass(frozen=True, slots=True)
class Call:
    """A request that came through the gate."""

    state: CadoState
    key: Key
    role: str
    path: str
    base_url: str
    path_params: dict[str, str]

    @property
    def user(self) -> User:
        """Whose key it is."""
        return self.key.user

    @property
    def now(self) -> float:
        """The world's time, epoch seconds."""
        return self.state.now

    def number(self, name: str) -> int:
        """The id in the path.

        Raises:
            Refusal: it is not a number, so there is no such thing.
        """
        text = self.path_params[name]
        if not (text.isascii() and text.isdigit()):
            raise not_found("resource", text)
        return int(text)


A = TypeVar("A", bound=Query | Body)
Answer = dict[str, object] | Response


@dataclass(frozen=True, slots=True)
class Operation(Generic[A]):
    """What one method does on one path; the path is relative to `/api/v3`."""

    method: str
    path: str
    summary: str
    permission: str
    asks: type[A]
    answer: Callable[[Call, A], Answer]
    status: int = 200
    event: str = ""
    """What the audit log calls it; reading is not logged."""


def routes_of(operations: Iterable[Operation[Any]], world: World) -> list[Route]:
    """One route for each path, in the order of their first operation, and the end of the road."""
    by_path: dict[str, dict[str, Operation[Any]]] = defaultdict(dict)
    for operation in operations:
        by_path[operation.path][operation.method] = operation
    return [
        *(_route(path, by_method, world) for path, by_method in by_path.items()),
        _route("/{path:path}", {}, world),
    ]


def _route(path: str, operations: dict[str, Operation[Any]], world: World) -> Route:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        try:
            return _answer(request, body, operations, world)
        except Refusal as refusal:
            return refusal.response()

    return Route(_BASE + path, endpoint, methods=_METHODS)


def _answer(
    request: Request, body: bytes, operations: dict[str, Operation[Any]], world: World
) -> Response:
    key = _key(request, world)
    if not operations:
        raise not_found("route", request.url.path)
    operation = operations.get(request.method)
    if operation is None:
        raise Refusal(405, "request.method", f"{request.method} is not allowed here")
    role = role_named(world.faults.value("cado_role") or key.role)
    call = Call(
        state=world.cado,
        key=key,
        role=role,
        path=request.url.path,
        base_url=str(request.base_url).rstrip("/"),
        path_params=request.path_params,
    )
    try:
        response = _let_through(call, operation, request, body)
    except Refusal as refusal:
        _write_audit(call, operation, body, refusal.status)
        raise
    _write_audit(call, operation, body, response.status_code)
    return response


def _key(request: Request, world: World) -> Key:
    """Whose request it is; the secret goes behind `Bearer`, no other scheme (contract 1)."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or not secret:
        raise unauthorized("The Authorization header is not 'Bearer <secret key>'")
    key = next((key for key in world.cado.keys if key.secret == secret), None)
    if key is None or world.faults.on("key_revoked"):
        raise unauthorized("The key is unknown or has been revoked")
    key.last_used_at = world.clock.now()
    return key


def _let_through(call: Call, operation: Operation[Any], request: Request, body: bytes) -> Response:
    if not allows(call.role, operation.permission):
        raise forbidden(f"Missing permission: {operation.permission}")
    asked: Query | Body
    if issubclass(operation.asks, Body):
        read_query(Query, request.query_params.multi_items())
        asked = read_body(operation.asks, request.headers.get("content-type", ""), body)
    else:
        asked = read_query(operation.asks, request.query_params.multi_items())
    answer = operation.answer(call, asked)
    if isinstance(answer, Response):
        return answer
    return JSONResponse({"status": "success", **answer}, status_code=operation.status)


def _write_audit(call: Call, operation: Operation[Any], body: bytes, status: int) -> None:
    if not operation.event:
        return
    entry = AuditEntry(
        entry_id=call.state.number("audit entry"),
        moment=call.now,
        user=call.user,
        role=call.role,
        event_type=operation.event,
        summary=operation.summary,
        verb=operation.method,
        route=_BASE + operation.path,
        path=call.path,
        response=status,
        request_body=_without_secrets(body),
        url_args=dict(call.path_params),
    )
    call.state.audit.append(entry)


def _without_secrets(body: bytes) -> dict[str, object] | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    return {name: "***" if name in _SECRET_FIELDS else value for name, value in document.items()}
