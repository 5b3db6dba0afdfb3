"""A SentinelOne console out of canned answers, and time that is turned by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from pydantic import SecretStr

from cado_sentinelone.clients.sentinelone import SentinelOne
from cado_sentinelone.models.action import Run
from cado_sentinelone.models.asset import Asset

URL = "https://console.example.com"
BASE = f"{URL}/web/api/v2.1/"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


class Console:
    """Answers for routes, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    @staticmethod
    def site(site_id: str, *modules: str, **fields: Any) -> dict[str, Any]:
        """A site as the console tells it."""
        licences = {"modules": [{"name": module} for module in modules]}
        return {"id": site_id, "name": f"site {site_id}", "licenses": licences, **fields}

    @staticmethod
    def agent(agent_id: str = "1000000000000000001", **fields: Any) -> dict[str, Any]:
        """A healthy agent as the console tells it."""
        return {
            "id": agent_id,
            "uuid": "c06d63d9-9fa2-046d-e91e-dc94cf6695d8",
            "computerName": "host-1",
            "osType": "windows",
            "isActive": True,
            "isDecommissioned": False,
            "isUninstalled": False,
            "networkStatus": "connected",
            "siteId": "11",
            "siteName": "HQ",
            "accountId": "1",
            **fields,
        }

    def answer(self, method: str, route: str, data: Any = None, *, query=None, **envelope: Any):
        """One successful answer, to requests whose query holds `query`."""
        self.mock.add(method, BASE + route, json={"data": data, **envelope}, match=_matching(query))

    def page(self, route: str, rows: Any, *, following=None, total=None, query=None):
        """One page of a listing, with the cursor of the one after it."""
        total = len(rows) if total is None else total
        pagination = {"totalItems": total, "nextCursor": following}
        self.answer("GET", route, rows, query=query, pagination=pagination)

    def refuse(self, method: str, route: str, status: int, body: Any = None, **options: Any):
        """One answer with this status; a str is sent as it is, anything else as JSON."""
        kind = {"body": body} if isinstance(body, str) else {"json": body}
        self.mock.add(method, BASE + route, status=status, **kind, **options)

    def fail(self, method: str, route: str, status: int, code=0, title="", detail: Any = None):
        """One error in the vendor's envelope (contract 1.2)."""
        errors = [{"code": code, "title": title, "detail": detail}]
        self.refuse(method, route, status, {"errors": errors}, headers={"X-RQID": "rq-1"})

    def compute(self, method: str, route: str, answer: Callable[[dict[str, str]], Any]) -> None:
        """Answers worked out from each request's query."""

        def callback(request: Any) -> tuple[int, Mapping[str, str], str]:
            return 200, {}, json.dumps(answer(dict(parse_qsl(urlsplit(request.url).query))))

        self.mock.add_callback(method, BASE + route, callback)

    def sites(self, *sites: dict[str, Any], **options: Any) -> None:
        """The one page of sites."""
        self.page("sites", {"allSites": {}, "sites": list(sites)}, **options)

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Method and route of every request."""
        return [
            (call.request.method, call.request.url.partition("?")[0].removeprefix(BASE))
            for call in self.mock.calls
        ]

    def query(self, index: int = -1) -> dict[str, str]:
        """The query of a request."""
        return dict(parse_qsl(urlsplit(self.mock.calls[index].request.url).query))

    def body(self, index: int = -1) -> Any:
        """The JSON body of a request."""
        return json.loads(self.mock.calls[index].request.body)


def _matching(query: Mapping[str, str] | None) -> list[Any]:
    if query is None:
        return []
    return [responses.matchers.query_param_matcher(query, strict_match=False)]


@pytest.fixture
def console() -> Iterator[Console]:
    with responses.RequestsMock() as mock:
        yield Console(mock)


@pytest.fixture
def asset() -> Asset:
    return Asset(sentinelone_url=URL, sentinelone_token=SecretStr("canary-s1-token"))


@pytest.fixture
def pinned(asset: Asset) -> Callable[..., Asset]:
    """The asset with site_ids or account_ids pinned."""
    return lambda **pins: asset.model_copy(update=pins)


@pytest.fixture
def run() -> Run:
    """A run whose waiting turns its own clock."""
    clock = {"now": 0.0}

    def sleep(seconds: float) -> None:
        clock["now"] += seconds

    return Run(sleep=sleep, monotonic=lambda: clock["now"], utcnow=lambda: NOW)


@pytest.fixture
def client(asset: Asset, run: Run, console: Console) -> SentinelOne:
    return SentinelOne(asset, run)
