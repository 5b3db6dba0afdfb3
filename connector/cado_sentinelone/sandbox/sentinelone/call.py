"""One request on its way through a route, and the envelopes of the answers (contract 1.1)."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

from cado_sentinelone.sandbox.sentinelone.callers import Caller
from cado_sentinelone.sandbox.sentinelone.errors import unauthenticated
from cado_sentinelone.sandbox.sentinelone.rules import Query
from cado_sentinelone.sandbox.sentinelone.schema import Body
from cado_sentinelone.sandbox.sentinelone.state import SentinelOneState
from cado_sentinelone.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed the gate: its query and body are valid, its caller is allowed.

    `admitted` is None on the routes that are open to anybody.
    """

    world: World
    path: Mapping[str, str]
    query: Query
    body: Body
    admitted: Caller | None

    @property
    def caller(self) -> Caller:
        """Who calls.

        Raises:
            Refusal: the route is open to anybody, so nobody was asked.
        """
        if self.admitted is None:
            raise unauthenticated()
        return self.admitted

    @property
    def state(self) -> SentinelOneState:
        """What SentinelOne's side of the world holds."""
        return self.world.sentinelone

    @property
    def sent(self) -> dict[str, Any]:
        """The `data` of the body."""
        return self.body["data"]  # type: ignore[return-value]


Endpoint = Callable[[Call], Response]


def answer(data: object) -> Response:
    """A single thing."""
    return JSONResponse({"data": data})


def listing(rows: object, pagination: Mapping[str, object]) -> Response:
    """One page of things."""
    return JSONResponse({"data": rows, "pagination": pagination})


def listing_of(documents: Sequence[bytes], pagination: Mapping[str, object]) -> Response:
    """One page of things that are JSON already."""
    tail = json.dumps(pagination, separators=(",", ":")).encode()
    # In one piece: a page is megabytes, and each further copy costs as much as its agents.
    opened = [b'{"data":[' + b"".join(documents[:1]), *documents[1:]]
    opened[-1] += b'],"pagination":' + tail + b"}"
    return Response(b",".join(opened), media_type="application/json")
