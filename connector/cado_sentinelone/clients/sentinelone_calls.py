"""One call to the console, and its listings: everything about the envelope is here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import unquote

from cado_sentinelone.clients.paging import Page, pages
from cado_sentinelone.clients.rates import PrefixRates
from cado_sentinelone.clients.reply import Reply
from cado_sentinelone.clients.sentinelone_errors import BASE, explain
from cado_sentinelone.clients.sentinelone_scope import Query, Row, Scope
from cado_sentinelone.clients.sentinelone_token import TokenCheck
from cado_sentinelone.clients.transport import Transport
from cado_sentinelone.errors import VendorError
from cado_sentinelone.models.run import Run

if TYPE_CHECKING:
    from cado_sentinelone.models.asset import Asset

# The most a page may hold; one more is a 400 (contract 1.3).
PAGE_SIZE = 1000

# The vendor takes up to 500 scope ids and 5000 ids (contract 1.3), but 200 of them are 4 KB of
# URL, which every proxy on the way lets through.
IDS_PER_CALL = 200


class SentinelOneCalls:
    """What every part of the client shares: the transport, the scope, the envelope, the pages."""

    def __init__(self, asset: Asset, run: Run) -> None:
        asset.require("sentinelone_url", "sentinelone_token")
        self.run = run
        self.scope = Scope(asset.site_ids, asset.account_ids)
        self.token = asset.sentinelone_token
        self.transport = Transport(
            vendor="sentinelone",
            base_url=asset.sentinelone_url,
            # Whatever kind of secret the asset holds: pydantic's, or what stands for it (plain.py).
            authorization=type(self.token)(f"ApiToken {self.token.get_secret_value()}"),
            asset=asset,
            run=run,
            explain=lambda reply: explain(reply, self._token_check.meaning_of),
            rates=run.rates or PrefixRates(run),
        )
        self._token_check = TokenCheck(self.transport, self.token, self.scope.query(), run)

    def call(
        self, method: str, route: str, query: Sequence[tuple[str, str]] = (), body: object = None
    ) -> object:
        """The `data` of a successful answer. Raises ConnectorError, VendorError included."""
        return envelope_of(self.send(method, route, query, body)).get("data")

    def send(
        self, method: str, route: str, query: Sequence[tuple[str, str]] = (), body: object = None
    ) -> Reply:
        """One request below the base path. Raises ConnectorError."""
        return self.transport.send(method, BASE + route, params=query, body=body)

    def rows(
        self,
        route: str,
        query: Query,
        *,
        page_size: int = PAGE_SIZE,
        rows_of: Callable[[object], object] = lambda content: content,
    ) -> Iterator[list[Row]]:
        """The rows of a listing, page by page.

        `rows_of` finds the rows in `data`, which is an object on some routes (contract 1.1).
        """

        def fetch(cursor: str | None) -> Page[Row]:
            reply = self.send("GET", route, page_query(query, page_size, cursor))
            envelope = envelope_of(reply)
            found = rows_of(envelope.get("data")) or []
            if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
                raise broken(reply, "the rows are not a list of objects")
            return Page(found, next_cursor(envelope.get("pagination")), None)

        for page in pages(fetch):
            yield list(page.items)


def batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """`ids` in as many parts as calls are needed for them."""
    return (ids[at : at + IDS_PER_CALL] for at in range(0, len(ids), IDS_PER_CALL))


def page_query(query: Query, page_size: int, cursor: str | None) -> Query:
    """`query` for one page. A cursor comes with its padding percent-encoded and is sent decoded,
    or it would be encoded twice (contract 1.3).
    """
    paged = [*query, ("limit", str(page_size))]
    return [*paged, ("cursor", unquote(cursor))] if cursor else paged


def next_cursor(pagination: object) -> str | None:
    """The cursor of the next page; null, "null", "" and nothing at all end it (contract 1.3)."""
    cursor = pagination.get("nextCursor") if isinstance(pagination, dict) else None
    return cursor if isinstance(cursor, str) and cursor not in ("", "null") else None


def envelope_of(reply: Reply) -> Row:
    """The answer's JSON object. Raises VendorError."""
    envelope = reply.json()
    if not isinstance(envelope, dict):
        raise broken(reply, "the answer is not an object")
    return envelope


def broken(reply: Reply, why: str) -> VendorError:
    """The error for an answer that does not follow the contract."""
    return VendorError(
        f"SentinelOne's answer to {reply.method} {reply.path} does not fit: {why}",
        vendor="sentinelone",
        http_status=reply.status,
        request_id=reply.request_id,
    )
