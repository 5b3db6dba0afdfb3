"""The surface as an ASGI application: who may call, what a call may be, what it answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cado_sentinelone import __version__
from cado_sentinelone.errors import (
    ConnectorError,
    ParamsError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from cado_sentinelone.host import params_schema, unknown_action
from cado_sentinelone.invoke import invoke
from cado_sentinelone.log import LOGGER, new_run_id
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.outcome import Outcome
from cado_sentinelone.models.run import Run
from cado_sentinelone.one_json import NotOneJsonError, read_json
from cado_sentinelone_manifests.asking import MOST_WAIT_SECONDS
from cado_sentinelone_manifests.listening import is_shown
from cado_sentinelone_manifests.serve.openapi import document
from cado_sentinelone_manifests.serve.statuses import status_of
from cado_sentinelone_manifests.serve.workers import Workers

MOST_BODY_BYTES = 1024 * 1024
_BODY_SECONDS = 30
_BUSY_SECONDS = 5
# Parameters that name a place on the disk, of this package's actions and of plugins'.
_PLACE = re.compile(r"(^|_)(file|folder|directory|path)$")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class _Refused(Exception):
    """The call is not one that an action is run for."""

    def __init__(self, status: int, error: ConnectorError) -> None:
        super().__init__(error.message)
        self.status, self.error = status, error


def application(
    actions: Sequence[Action], key: str, workers: Workers, asset_file: Path | None
) -> Starlette:
    """The surface for `actions`, for callers that show `key`."""
    by_name = {action.identifier: action for action in actions}
    described = document(actions)
    listed = {"actions": [_listed(action) for action in actions]}

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok", "version": __version__})

    async def openapi(request: Request) -> Response:
        return JSONResponse(described)

    async def list_actions(request: Request) -> Response:
        return JSONResponse(listed)

    async def run_action(request: Request) -> Response:
        name = request.path_params["action"]
        if name not in by_name:
            raise _Refused(404, unknown_action(name, by_name))
        asked = {"action": name, "parameters": await _parameters(request)}
        run = Run(runner="serve")
        LOGGER.info("request %s is run %s of %s", request.state.id, run.run_id, name)
        future = workers.start(partial(invoke, asked, asset_file=asset_file, run=run))
        if future is None:
            busy = UnavailableError(
                "every worker is busy",
                remedy="Send it again later, or start the surface with more --workers.",
                retryable=True,
                retry_after_seconds=_BUSY_SECONDS,
            )
            raise _Refused(503, busy)
        # Shielded: a caller that goes away does not stop what it has launched.
        outcome = await asyncio.shield(asyncio.wrap_future(future))
        return _answer(outcome, status_of(outcome.error))

    def keyed(endpoint: Callable[[Request], Awaitable[Response]], *, free: bool = False) -> Any:  # noqa: ANN401
        async def guarded(request: Request) -> Response:
            given = request.headers.get("x-request-id", "")
            request.state.id = given if _REQUEST_ID.fullmatch(given) else new_run_id()
            try:
                shown = request.headers.get("authorization", "").encode("latin-1")
                if not free and not is_shown(key, shown):
                    wrong = UnauthorizedError(
                        "the key is missing or wrong",
                        remedy="Send the surface's own key as 'Authorization: Bearer KEY'.",
                    )
                    raise _Refused(401, wrong)
                response = await endpoint(request)
            except _Refused as refused:
                name = request.path_params.get("action", "")
                response = _answer(Outcome(name, new_run_id(), refused.error), refused.status)
            response.headers["x-request-id"] = request.state.id
            return response

        return guarded

    return Starlette(
        routes=[
            Route("/health", keyed(health, free=True)),
            Route("/openapi.json", keyed(openapi)),
            Route("/v1/actions", keyed(list_actions)),
            Route("/v1/actions/{action}", keyed(run_action), methods=["POST"]),
        ],
        exception_handlers={HTTPException: _no_route},
    )


async def _parameters(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            body = await _body(request)
    except TimeoutError:
        raise _Refused(408, ParamsError("the body did not arrive in time")) from None
    except ClientDisconnect:
        raise _Refused(400, ParamsError("the body was broken off")) from None
    if not body:
        return {}
    if kind != "application/json":
        raise _Refused(415, ParamsError("the body's Content-Type is not application/json"))
    try:
        parameters = read_json(body)
    except NotOneJsonError as error:
        raise _Refused(400, ParamsError(f"the body is not JSON ({error})")) from None
    if not isinstance(parameters, dict):
        raise _Refused(400, ParamsError("the body is not a JSON object of parameters"))
    places = sorted(name for name, value in parameters.items() if value and _PLACE.search(name))
    if places:
        words = f"{', '.join(places)}: no caller chooses where this machine writes a file"
        remedy = "Run the action with the command line on that machine."
        raise _Refused(422, RefusedError(words, remedy=remedy))
    wait = parameters.get("wait_seconds")
    if isinstance(wait, int | float) and wait > MOST_WAIT_SECONDS:
        words = (
            f"wait_seconds: at most {MOST_WAIT_SECONDS} here; call get_task_status again instead"
        )
        raise _Refused(400, ParamsError(words))
    return parameters


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY_BYTES:
            words = f"the body has more than {MOST_BODY_BYTES} bytes"
            raise _Refused(413, ParamsError(words))
    return bytes(body)


def _answer(outcome: Outcome, status: int) -> Response:
    headers = {"cache-control": "no-store"}
    error = outcome.error
    if error is not None and error.retry_after_seconds is not None and status in (429, 503):
        headers["retry-after"] = str(max(1, round(error.retry_after_seconds)))
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return Response(outcome.to_json(), status, headers, "application/json")


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
    wrong = ParamsError(f"{request.method} {request.url.path}: {error.detail}")
    response = _answer(Outcome("", new_run_id(), wrong), error.status_code)
    response.headers.update(error.headers or {})
    return response


def _listed(action: Action) -> dict[str, Any]:
    return {
        "identifier": action.identifier,
        "summary": action.summary,
        "read_only": action.read_only,
        "long_running": action.long_running,
        "parameters": params_schema(action),
    }
