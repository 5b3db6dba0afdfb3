"""Downloads by pre-signed links: no token of ours goes along, the link itself is the credential.

The same door as every other call: its TLS, proxy, addresses that are refused, deadlines and size
limits. The link's query never appears in a log or an error.
"""

from __future__ import annotations

import hashlib
import logging
from typing import NamedTuple
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


class Downloaded(NamedTuple):
    """What a link led to."""

    content: bytes
    sha256: str


def download(url: SecretStr, asset: Asset, run: Run, *, max_bytes: int = MOST_BYTES) -> Downloaded:
    """The whole content behind the link. Raises NotFoundError for one that has expired or is gone,
    and what the transport raises.
    """
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in ("https", "http") or not parts.netloc:
        raise VendorError("the console gave a link that is no web address", vendor="sentinelone")
    # Once is enough: a filter that is there already is not added again.
    logging.getLogger("urllib3.connectionpool").addFilter(_WITHOUT_QUERY)
    transport = Transport(
        vendor="sentinelone",
        base_url=f"{parts.scheme}://{parts.netloc}",
        authorization=None,
        asset=asset,
        run=run,
        explain=_explain,
    )
    try:
        reply = transport.fetch(parts.path or "/", parts.query, max_bytes=max_bytes)
    finally:
        transport.close()
    return Downloaded(reply.body, hashlib.sha256(reply.body).hexdigest())


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
