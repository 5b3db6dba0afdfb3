"""The one place that sends HTTP requests: every call to a vendor goes through `Transport.send`.

requests is imported by the first call, not with this file: a refused request never pays for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from cado_sentinelone import __version__
from cado_sentinelone.clients.body import BadBody, read_body
from cado_sentinelone.clients.reply import NAMES, Reply
from cado_sentinelone.clients.request import Form, Request
from cado_sentinelone.clients.retry import SAFE_METHODS, next_try
from cado_sentinelone.clients.trial import Trial
from cado_sentinelone.clients.verdict import accepted, unexpected
from cado_sentinelone.errors import AssetError, ConnectorError
from cado_sentinelone.log import LOGGER
from cado_sentinelone.models.run import Rates, Run
from cado_sentinelone.urls import BaseUrl, ProxyUrl, check_base_url, check_proxy_url

if TYPE_CHECKING:
    from pydantic import SecretStr
    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPConnectionPool

    from cado_sentinelone.models.asset import Asset

MAX_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 1024 * 1024
_MOST_REDIRECTS = 5
_warned_unverified = threading.Event()


class Transport:
    """The calls to one vendor with one credential: checked, limited, retried, explained.

    `authorization` is the whole header value; None sends none, for links that are pre-signed.
    `explain` turns an error answer into the vendor's typed error. Threads may share a transport; each call gets its own connection.
    """

    def __init__(
        self,
        *,
        vendor: Literal["sentinelone", "cado"],
        base_url: str,
        authorization: SecretStr | None,
        asset: Asset,
        run: Run,
        explain: Callable[[Reply], ConnectorError],
        rates: Rates | None = None,
    ) -> None:
        """Prepares calls without making any. Raises AssetError for an unsafe URL or token."""
        self._vendor = vendor
        self._base = _base_url(vendor, base_url, asset)
        self._authorization = authorization and _header_value(vendor, authorization)
        self._asset = asset
        self._run = run
        self._explain = explain
        self._rates = rates
        self._lock = threading.Lock()
        self._adapter: HTTPAdapter | None = None
        self._proxies: dict[str, str] = {}
        if not asset.verify_tls:
            _warn_unverified(run)

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Iterable[tuple[str, str]] = (),
        body: object | None = None,
        form: Form | None = None,
        max_bytes: int = MAX_BYTES,
        accept: frozenset[int] = frozenset({200, 201}),
    ) -> Reply:
        """The answer, whole, with a status in `accept`; a write's has been found to be JSON.

        `path` begins after the host; `body` is sent as JSON, `form` as multipart.
        asset.timeout_seconds covers all tries of the call, without the pauses between them.
        Raises what `explain` makes of an error status, AnswerLostError for a write that may have
        been done, DeadlineError, UnavailableError, VendorError, RefusedError for a redirect
        elsewhere.
        """
        request = Request.of(self._vendor, method, path, params, body, form)
        budget = _Budget(self._asset.timeout_seconds)
        for _ in range(_MOST_REDIRECTS + 1):
            reply = self._answer(request, max_bytes, budget)
            if not 300 <= reply.status < 400 or request.method not in SAFE_METHODS:
                return accepted(request, reply, accept, self._explain)
            request = request.redirected(reply, self._base)
        raise unexpected(request, reply, "one redirect after the other")

    def fetch(self, path: str, query: str, *, max_bytes: int, byte_range: str = "") -> Reply:
        """The answer to a GET whose path and query are sent as they stand, as a signature over
        them demands. A redirect is an error, a range that is not there (416) is none. Raises as
        `send` does.
        """
        request = Request(self._vendor, "GET", path, query, byte_range=byte_range)
        reply = self._answer(request, max_bytes, _Budget(self._asset.timeout_seconds))
        accept = frozenset({200, 206, 416} if byte_range else {200})
        return accepted(request, reply, accept, self._explain)

    def close(self) -> None:
        """Closes the kept-alive connections."""
        with self._lock:
            if self._adapter is not None:
                self._adapter.close()
                self._adapter = None

    def _answer(self, request: Request, max_bytes: int, budget: _Budget) -> Reply:
        """A whole answer of any status, after as many tries as it takes and is safe to make."""
        attempt = 0
        while True:
            attempt += 1
            if self._rates:
                self._rates.take(request.path)
            started = self._run.monotonic()
            self._run.calls += 1
            trial = self._try(request, max_bytes, budget.left_seconds)
            budget.left_seconds -= self._run.monotonic() - started
            if trial.status == 429:
                self._note_throttled()
            pause = None
            if budget.left_seconds > 0 and not (trial.lasting or trial.deadline):
                pause = next_try(
                    attempt,
                    request.method if request.is_write else "GET",
                    trial.status,
                    trial.header("Retry-After"),
                    trial.failure,
                    trial.header("Date"),
                )
            if pause is None or pause >= self._run.remaining_seconds():
                break
            self._run.sleep(pause)
        if trial.reply is None or trial.failure:
            raise trial.error(request)
        return trial.reply

    def _try(self, request: Request, max_bytes: int, left_of_call: float) -> Trial:
        """One try within what the call and the run have left."""
        from cado_sentinelone.clients.sockets import deadline, deadline_passed

        left_of_run = self._run.remaining_seconds()
        setting = "timeout_seconds" if left_of_call <= left_of_run else "total_timeout_seconds"
        adapter = self._open()
        started = time.monotonic()
        with deadline(min(left_of_call, left_of_run)):
            trial = self._exchange(adapter, request, max_bytes)
            if trial.failure and deadline_passed():
                trial = replace(trial, deadline=f"{setting} of {getattr(self._asset, setting):g} s")
        LOGGER.debug(
            "%s %s: %s after %.0f ms, request id %s",
            NAMES[self._vendor],
            request,
            trial.status or trial.reason,
            (time.monotonic() - started) * 1000,
            trial.reply.request_id if trial.reply else None,
        )
        return trial

    def _exchange(self, adapter: HTTPAdapter, request: Request, max_bytes: int) -> Trial:
        """Sends `request` once and reads the answer to its end."""
        from http.client import HTTPException

        from urllib3.exceptions import HTTPError

        from cado_sentinelone.clients.connection import NotSent

        prepared = self._prepared(request)
        reply = None
        try:
            response = adapter.send(prepared, stream=True, proxies=self._proxies)
            # Closed, not kept alive, unless it was read to its end: reading that far releases it.
            with closing(response.raw):
                reply = Reply(
                    request.vendor,
                    request.method,
                    request.path,
                    response.status_code,
                    response.headers,
                    b"",
                )
                return Trial(replace(reply, body=_body(request, response, max_bytes)))
        except NotSent as error:
            return Trial(None, "not_sent", error.reason, error.remedy, error.lasting)
        except BadBody as error:
            return Trial(reply, "lost", error.reason, lasting=error.lasting)
        except (OSError, HTTPException, HTTPError):
            return Trial(reply, "lost", "the connection broke off")

    def _prepared(self, request: Request) -> PreparedRequest:
        from requests import Request as Unprepared

        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": f"cado-sentinelone/{__version__}",
        }
        if self._authorization is not None:
            headers["Authorization"] = self._authorization.get_secret_value()
        if request.body is not None:
            headers["Content-Type"] = request.content_type
        if request.byte_range:
            # A part of a compressed body could not be read by itself.
            headers |= {"Range": request.byte_range, "Accept-Encoding": "identity"}
        url = self._base.origin + request.target
        return Unprepared(request.method, url, headers=headers, data=request.body).prepare()

    def _open(self) -> HTTPAdapter:
        """The adapter that every call uses, made by the first."""
        with self._lock:
            if self._adapter is None:
                proxy = _proxy(self._base, self._asset)
                self._adapter = _open_adapter(self._base, proxy, self._asset)
                self._proxies = {self._base.scheme: proxy.origin} if proxy else {}
            return self._adapter

    def _note_throttled(self) -> None:
        with self._lock:
            count = self._run.summary.get("throttled", 0) + 1
            self._run.summary["throttled"] = count
            self._run.warn(f"{NAMES[self._vendor]} asked for fewer calls; the run slowed down")


@dataclass
class _Budget:
    """What the tries of one call may still take together; the pauses between them are free."""

    left_seconds: float


def _body(request: Request, response: Response, max_bytes: int) -> bytes:
    if request.method == "HEAD":
        return b""
    has_no_end = response.raw.length_remaining is None and not response.raw.chunked
    chunks = response.raw.stream(_CHUNK_BYTES, decode_content=False)
    body = read_body(chunks, response.headers.get("Content-Encoding", ""), max_bytes)
    if response.status_code < 300 and has_no_end and not body:
        # Success that says nothing at all: its headers were cut off, and maybe a body with them.
        raise BadBody("it is cut off", lasting=False)
    return body


def _open_adapter(base: BaseUrl, proxy: ProxyUrl | None, asset: Asset) -> HTTPAdapter:
    from requests.adapters import HTTPAdapter

    from cado_sentinelone.clients.connection import open_pool

    pool = open_pool(base, proxy, verify=asset.verify_tls, ca_bundle=asset.ca_bundle)

    class OnePoolAdapter(HTTPAdapter):
        """Sends everything over the one pool, wherever another parser thinks a URL leads.

        Used without a requests session: no .netrc, no cookies, no redirects (promise S4).
        """

        def get_connection_with_tls_context(
            self, request: object, verify: object, proxies: object = None, cert: object = None
        ) -> HTTPConnectionPool:
            return pool

        def cert_verify(self, conn: object, url: object, verify: object, cert: object) -> None:
            """Leaves it to the pool, whose TLS context verifies."""

        def close(self) -> None:
            pool.close()

    return OnePoolAdapter()


def _base_url(vendor: str, url: str, asset: Asset) -> BaseUrl:
    field = f"{vendor}_url"
    try:
        return check_base_url(url, field=field, allow_private=asset.allow_private_addresses)
    except ValueError as error:
        raise AssetError(str(error)) from None


def _header_value(vendor: str, authorization: SecretStr) -> SecretStr:
    value = authorization.get_secret_value()
    if value.isascii() and value.isprintable() and value == value.strip():
        return authorization
    # requests would refuse it too, but with the whole value in its error.
    raise AssetError(f"the asset's token for {NAMES[vendor]} has characters that no token has")


def _proxy(base: BaseUrl, asset: Asset) -> ProxyUrl | None:
    """The asset's proxy, else the environment's, which is asked for nothing else (promise S4)."""
    from requests.utils import get_environ_proxies, select_proxy

    url, source = asset.proxy_url.get_secret_value(), "proxy_url"
    # No proxy can reach this machine's own loopback, whatever the environment says.
    if not url and not base.is_loopback:
        url = select_proxy(base.origin, get_environ_proxies(base.origin)) or ""
        source = "the proxy that the environment names"
        if url and "://" not in url:
            url = f"http://{url}"
    if not url:
        return None
    try:
        proxy = check_proxy_url(url, field=source)
    except ValueError as error:
        raise AssetError(str(error)) from None
    if base.scheme == "http" and base.is_name and not base.is_loopback:
        raise AssetError(
            f"{base.field} must be https: behind a proxy nobody can tell where http would lead"
        )
    return proxy


def _warn_unverified(run: Run) -> None:
    text = "TLS certificates are not verified: verify_tls is off"
    run.warn(text)
    if not _warned_unverified.is_set():
        _warned_unverified.set()
        LOGGER.warning(text)
