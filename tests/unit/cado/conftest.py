"""A Cado platform out of canned answers, and time that is turned by hand."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from pydantic import SecretStr

from cado_sentinelone.clients.cado import Cado
from cado_sentinelone.models.action import Run
from cado_sentinelone.models.asset import Asset

URL = "https://cado.example.com"


class Api:
    """Answers for routes, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def answer(self, method: str, route: str, data: Any = None, *, status=200, **envelope: Any):
        """One successful answer; `data` is left out of it when None."""
        body = {"status": "success", **({} if data is None else {"data": data}), **envelope}
        self.mock.add(method, f"{URL}/api/v3{route}", json=body, status=status)

    def refuse(self, method: str, route: str, status: int, body: Any = None, **options: Any):
        """One answer with this status; a str is sent as it is, anything else as JSON."""
        kind = {"body": body} if isinstance(body, str) else {"json": body}
        self.mock.add(method, f"{URL}/api/v3{route}", status=status, **kind, **options)

    def page(self, route: str, items: list, *, current=1, last=1, total=None, **query: str):
        """One page of a listing, for requests whose query holds at least `query`."""
        pagination = {
            "type": "page",
            "total_records": len(items) if total is None else total,
            "current_page": current,
            "total_pages": last,
        }
        self.mock.add(
            "GET",
            f"{URL}/api/v3{route}",
            json={"status": "success", "data": items, "pagination": pagination},
            match=[responses.matchers.query_param_matcher(query, strict_match=False)],
        )

    def listing(self, route: str, items: list, *, per_page: int = 1000) -> None:
        """All pages of a listing whose server puts `per_page` on one."""
        last = math.ceil(len(items) / per_page)
        for number in range(1, max(last, 1) + 1):
            rows = items[(number - 1) * per_page : number * per_page]
            self.page(route, rows, current=number, last=last, total=len(items), page=str(number))

    def cursor_page(self, route: str, items: list, following: str = "") -> None:
        """One page of a listing by cursor, with the cursor of the one after it."""
        pagination = {"type": "cursor", "next_token": following}
        self.answer("GET", route, items, pagination=pagination)

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Method and route of every request."""
        return [
            (call.request.method, urlsplit(call.request.url).path.removeprefix("/api/v3"))
            for call in self.mock.calls
        ]

    def query(self, index: int = -1) -> list[tuple[str, str]]:
        """The query pairs of a request."""
        return parse_qsl(urlsplit(self.mock.calls[index].request.url).query)

    def body(self, index: int = -1) -> Any:
        """The JSON body of a request."""
        return json.loads(self.mock.calls[index].request.body)


@pytest.fixture
def api() -> Iterator[Api]:
    with responses.RequestsMock() as mock:
        yield Api(mock)


@pytest.fixture
def asset() -> Asset:
    return Asset(
        cado_url=URL,
        cado_api_key=SecretStr("canary-cado-key"),
        cado_account_name="s1-prod",
        sentinelone_url="https://console.example.com",
        sentinelone_token=SecretStr("canary-s1-token"),
    )


@pytest.fixture
def run() -> Run:
    """A run whose waiting turns its own clock."""
    clock = {"now": 0.0}

    def sleep(seconds: float) -> None:
        clock["now"] += seconds

    return Run(sleep=sleep, monotonic=lambda: clock["now"])


@pytest.fixture
def cado(asset: Asset, run: Run, api: Api) -> Cado:
    return Cado(asset, run)
