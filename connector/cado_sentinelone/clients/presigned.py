"""Downloads by pre-signed links: no token of ours goes along, the link itself is the credential.

The same door as every other call: its TLS, proxy, addresses that are refused, deadlines and size
limits. The link's query never appears in a log or an error.
"""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from pydantic import SecretStr

from cado_sentinelone.clients.reply import Reply
from cado_sentinelone.clients.transport import Transport
from cado_sentinelone.errors import (
    ConnectorError,
    ForbiddenError,
    NotFoundError,
    UnavailableError,
    VendorError,
)
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.run import Run

MOST_BYTES = 256 * 1024 * 1024
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class _WithoutQuery(logging.Filter):
    """urllib3 logs whole URLs at DEBUG, and a signed query is a credential (promise S5)."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                f"{part.partition('?')[0]}?..." if isinstance(part, str) and "?" in part else part
                for part in record.args
            )
        return True


_WITHOUT_QUERY = _WithoutQuery()


class Part(NamedTuple):
    """A part of what a link leads to. `tag` changes when the content does; "" where none is known.

    `start` is where the part begins, which is 0 when the server gave everything instead.
    """

    content: bytes
    start: int
    total_bytes: int
    tag: str


class Link:
    """A pre-signed link: what it leads to, whole or part by part, over one connection."""

    def __init__(self, url: SecretStr, asset: Asset, run: Run) -> None:
        """Prepares calls without making any. Raises VendorError or AssetError for an unsafe link."""
        parts = urlsplit(url.get_secret_value())
        if parts.scheme not in ("https", "http") or not parts.netloc:
            raise VendorError(
                "the console gave a link that is no web address", vendor="sentinelone"
            )
        # Once is enough: a filter that is there already is not added again.
        logging.getLogger("urllib3.connectionpool").addFilter(_WITHOUT_QUERY)
        self._path, self._query = parts.path or "/", parts.query
        self._transport = Transport(
            vendor="sentinelone",
            base_url=f"{parts.scheme}://{parts.netloc}",
            authorization=None,
            asset=asset,
            run=run,
            explain=_explain,
        )

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the connection."""
        self._transport.close()

    def whole(self, *, max_bytes: int = MOST_BYTES) -> bytes:
        """All of it. Raises NotFoundError or ForbiddenError for a link that has expired or whose
        file is gone, and what the transport raises.
        """
        return self._transport.fetch(self._path, self._query, max_bytes=max_bytes).body

    def part(self, start: int, size_bytes: int) -> Part | None:
        """What begins at `start`, at most `size_bytes` of it; None when it ends before `start`.

        Raises as `whole` does, and VendorError for a part that was not asked for.
        """
        reply = self._transport.fetch(
            self._path,
            self._query,
            max_bytes=MOST_BYTES,
            byte_range=f"bytes={start}-{start + size_bytes - 1}",
        )
        if reply.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return None
        tag = reply.headers.get("ETag", "")
        if reply.status == HTTPStatus.OK:
            return Part(reply.body, 0, len(reply.body), tag)
        told = _CONTENT_RANGE.fullmatch(reply.headers.get("Content-Range", ""))
        end = start + len(reply.body) - 1
        if told is None or end < start or (int(told[1]), int(told[2])) != (start, end):
            raise VendorError(
                "the result file came in a part that was not asked for", vendor="sentinelone"
            )
        return Part(reply.body, start, int(told[3]), tag)


def _explain(reply: Reply) -> ConnectorError:
    kind: type[ConnectorError] = UnavailableError if reply.status >= 500 else NotFoundError
    words = "the file is not there any more, or its link has expired"
    if reply.status in (401, 403):
        kind = ForbiddenError
        words = "the link is not accepted: it has expired, or the file is not there any more"
    return kind(
        f"the result file answered {reply.status}: {words}",
        remedy="Ask for the output again: every request makes a new link.",
        vendor="sentinelone",
        http_status=reply.status,
    )
