"""One request to a vendor, and where a redirect may take it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlencode, urljoin

from cado_sentinelone.clients.reply import NAMES, Reply
from cado_sentinelone.clients.retry import may_have_effect
from cado_sentinelone.errors import InternalError, RefusedError
from cado_sentinelone.log import printable
from cado_sentinelone.urls import BaseUrl, check_base_url

# Parts of a multipart form: a text each, or a file as its name, content and media type.
Form = Sequence[tuple[str, "str | tuple[str, bytes, str]"]]

_PATH = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)+/?")
_QUERY = re.compile(r"[!-~]*")


@dataclass(frozen=True)
class Request:
    """A method and where it goes below the base URL; the token is not part of it."""

    vendor: str
    method: str
    path: str
    query: str = field(default="", repr=False)
    body: bytes | None = field(default=None, repr=False)
    content_type: str = "application/json"
    byte_range: str = ""

    def __post_init__(self) -> None:
        segments = map(unquote, self.path.split("/"))
        if not _PATH.fullmatch(self.path) or not {".", ".."}.isdisjoint(segments):
            raise InternalError(f"{printable(self.path)} is not a path that may be sent")

    @classmethod
    def of(
        cls,
        vendor: str,
        method: str,
        path: str,
        params: Iterable[tuple[str, str]],
        body: object | None,
        form: Form | None = None,
    ) -> Request:
        """The request with `params` and `body`, or `form`, encoded. Raises InternalError for a bad
        path.
        """
        query = urlencode(list(params))
        if form is not None:
            from urllib3.filepost import encode_multipart_formdata

            content, content_type = encode_multipart_formdata(form)
            return cls(vendor, method, path, query, content, content_type)
        payload = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        return cls(vendor, method, path, query, payload)

    def __str__(self) -> str:
        """What is asked, for people: without the query's values and the body."""
        return f"{self.method} {self.path}"

    @property
    def is_write(self) -> bool:
        """Whether doing it twice may have effect twice."""
        return may_have_effect(self.method, self.path)

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def redirected(self, reply: Reply, base: BaseUrl) -> Request:
        """The request that `reply` redirects to, on the very same server (promise S3).

        Raises RefusedError for every other place: the token is never sent there.
        """
        elsewhere = "an address that is none"
        try:
            url = urljoin(base.origin + self.target, reply.headers.get("Location", ""))
            scheme, _, rest = url.partition("://")
            authority, _, target = rest.partition("/")
            path, _, query = target.partition("#")[0].partition("?")
            place = check_base_url(f"{scheme}://{authority}", field="", allow_private=True)
            elsewhere = place.origin
            if place.origin == base.origin and _QUERY.fullmatch(query):
                return replace(self, path=f"/{path}", query=query)
        except (ValueError, InternalError):
            pass
        # Raised out here so that no error chained to it quotes the vendor's words.
        raise RefusedError(
            f"{NAMES[self.vendor]} redirects {self} to {elsewhere}; the token is not sent there",
            remedy=f"If the server has moved, put its new address into {base.field}.",
            vendor=self.vendor,
            http_status=reply.status,
            request_id=reply.request_id,
        )
