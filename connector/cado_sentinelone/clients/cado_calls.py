"""One call to Cado, and the two kinds of listing: everything about the envelope is here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import SecretStr, ValidationError

from cado_sentinelone.clients.cado_errors import explain
from cado_sentinelone.clients.cado_records import Record
from cado_sentinelone.clients.paging import Page, numbered_pages, pages
from cado_sentinelone.clients.reply import Reply
from cado_sentinelone.clients.transport import Transport
from cado_sentinelone.errors import AnswerLostError, ConnectorError, ParamsError, VendorError
from cado_sentinelone.log import Mask, printable
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.run import Run

# No maximum is stated for any listing (Cado contract 0.2); fewer calls are kinder to both sides.
PAGE_SIZE = 1000

Query = list[tuple[str, str]]
Value = str | int | bool | Sequence[str] | Sequence[int] | None

_Record = TypeVar("_Record", bound=Record)


def query(**values: Value) -> Query:
    """The query string's pairs: empty values left out, arrays as repeated keys (contract 0.2)."""
    pairs: Query = []
    for key, value in values.items():
        if value is None or value == "":
            continue
        if isinstance(value, bool):
            pairs.append((key, str(value).lower()))
        elif isinstance(value, str | int):
            pairs.append((key, str(value)))
        else:
            pairs += [(key, str(item)) for item in value]
    return pairs


def segment(name: str, what: str) -> str:
    """`name` as one segment of a path. Raises ParamsError for a name that no path can hold."""
    if not name or set(name) == {"."}:
        # A dot segment would be resolved away and the call would reach another route.
        raise ParamsError(f"{name!r} is not the name of {what}")
    return quote(name, safe="")


class CadoCalls:
    """What every part of the client shares: the transport, the envelope, the listings."""

    def __init__(self, asset: Asset, run: Run) -> None:
        asset.require("cado_url", "cado_api_key")
        key = asset.cado_api_key.get_secret_value()
        self.run = run
        # No path of the web interface is documented, so a link to a case leads to its front door.
        self.link = asset.cado_url
        self._secrets = [asset.cado_api_key]
        self.transport = Transport(
            vendor="cado",
            base_url=asset.cado_url,
            authorization=SecretStr(f"Bearer {key}"),
            asset=asset,
            run=run,
            explain=self._explain,
        )

    def hide(self, secret: SecretStr) -> None:
        """Keeps `secret`, which is about to be sent, out of every error that follows."""
        self._secrets.append(secret)

    def call(
        self, method: str, route: str, params: Query | None = None, body: object | None = None
    ) -> Mapping[str, Any]:
        """The envelope of a successful answer. Raises ConnectorError."""
        reply = self.transport.send(method, f"/api/v3{route}", params=params or (), body=body)
        envelope = reply.json()
        if not isinstance(envelope, dict):
            raise _unusable(method, f"Cado's answer to {method} {printable(route)} is no object")
        if str(envelope.get("status", "success")).casefold() != "success":
            raise _unusable(method, f"Cado's answer to {method} {printable(route)} is no success")
        return envelope

    def one(
        self,
        record: type[_Record],
        method: str,
        route: str,
        params: Query | None = None,
        body: object | None = None,
    ) -> _Record:
        """The one object of an answer, as a record.

        Raises VendorError when it does not fit; after a write AnswerLostError, for the write may
        have been done all the same.
        """
        content = self.call(method, route, params, body).get("data")
        try:
            return read(record, content, route)
        except VendorError as error:
            raise _unusable(method, error.message) from None

    def listing(
        self,
        record: type[_Record],
        route: str,
        params: Query,
        *,
        limit: int | None = None,
        page_size: int = PAGE_SIZE,
    ) -> Iterator[_Record]:
        """Every object of a listing by page number, or the first `limit` of them.

        The server's own count of pages decides, however few it puts on one. Raises VendorError
        when the pages do not advance, or end before the records that were announced.
        """
        per_page = page_size if limit is None else min(page_size, limit)
        received, announced = 0, 0

        def fetch(number: int) -> tuple[Page[_Record], int]:
            numbers = query(page=number, per_page=per_page)
            envelope = self.call("GET", route, [*params, *numbers])
            items = read_all(record, envelope.get("data"), route)
            pagination = _pagination(envelope, route)
            current, last = pagination.get("current_page"), pagination.get("total_pages")
            if current != number or not isinstance(last, int):
                raise VendorError(f"Cado's answer is not page {number} of {route}", vendor="cado")
            total = pagination.get("total_records")
            return Page(items, None, total if isinstance(total, int) else None), last

        for page in numbered_pages(fetch):
            announced = page.total or 0
            for item in page.items:
                received += 1
                yield item
                if received == limit:
                    return
        if received < announced:
            raise VendorError(
                f"Cado announced {announced} records of {route} and gave {received}", vendor="cado"
            )

    def cursored(
        self,
        record: type[_Record],
        route: str,
        params: Query,
        *,
        limit: int | None,
        page_size: int,
        cursor: str = "",
    ) -> Iterator[_Record]:
        """Every object of a listing by cursor from `cursor` on, or the first `limit` of them.

        When `limit` stops it, `next_cursor` in the run's summary says where to go on. Absent,
        null and empty tokens end the list (Cado contract 0.2).
        """
        left = limit

        def fetch(token: str | None) -> Page[_Record]:
            token = token or cursor
            per_page = page_size if left is None else min(page_size, left)
            envelope = self.call("GET", route, [*params, *query(per_page=per_page, cursor=token)])
            items = read_all(record, envelope.get("data"), route)
            following = _token(_pagination(envelope, route).get("next_token"))
            if following and following == token:
                raise VendorError(f"Cado repeats a cursor of {route}", vendor="cado")
            return Page(items, following, None)

        for page in pages(fetch):
            yield from page.items[:left]
            if left is not None:
                left -= len(page.items)
                if left <= 0:
                    # A page longer than was asked for cannot be resumed in its middle.
                    if page.next_cursor and not left:
                        self.run.summary["next_cursor"] = page.next_cursor
                    return

    def _explain(self, reply: Reply) -> ConnectorError:
        return explain(reply, Mask(secret.get_secret_value() for secret in self._secrets))


def unique(records: Iterable[_Record], key: Callable[[_Record], int]) -> Iterator[_Record]:
    """`records` without those that came before: when a new one comes in at the front of a
    listing, the pages move on by one place.
    """
    seen: set[int] = set()
    for record in records:
        if key(record) not in seen:
            seen.add(key(record))
            yield record


def read(record: type[_Record], value: object, route: str) -> _Record:
    """`value` as a record. Raises VendorError naming the fields that do not fit, not their values."""
    try:
        return record.model_validate(value)
    except ValidationError as error:
        fields = {".".join(map(str, fault["loc"])) or "data" for fault in error.errors()}
        raise VendorError(
            f"Cado's answer to {printable(route)} does not fit: {', '.join(sorted(fields))}",
            vendor="cado",
        ) from None


def read_all(record: type[_Record], value: object, route: str) -> list[_Record]:
    """`value` as a list of records; null is an empty one. Raises VendorError."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise VendorError(f"Cado's answer to {printable(route)} is not a list", vendor="cado")
    return [read(record, item, route) for item in value]


def _pagination(envelope: Mapping[str, Any], route: str) -> Mapping[str, Any]:
    pagination = envelope.get("pagination")
    if not isinstance(pagination, dict):
        raise VendorError(f"Cado's answer to {printable(route)} has no pagination", vendor="cado")
    return pagination


def _token(value: object) -> str | None:
    """The cursor, or None where the list ends: absent, null, its word, or empty (contract 0.2)."""
    return None if value in (None, "", "null") else str(value)


def _unusable(method: str, why: str) -> VendorError | AnswerLostError:
    return (VendorError if method == "GET" else AnswerLostError)(why, vendor="cado")
