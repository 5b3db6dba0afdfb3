"""Logging to stderr: the run's id, masked secrets, no control characters from endpoints."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from binascii import b2a_base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import quote, quote_plus, unquote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LOGGER = logging.getLogger("cado_sentinelone")
LOGGER.addHandler(logging.NullHandler())
MASK = "********"
_SHORTEST_SECRET = 4
_SHORTEST_IN_BASE64 = 8
_CHANGING_FILTERS = threading.Lock()


def new_run_id() -> str:
    """A fresh id that ties log lines, outcome and ledger entries of one run together."""
    return os.urandom(8).hex()


def printable(text: str) -> str:
    """`text` with control characters escaped: an endpoint's name cannot drive a terminal (S16)."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def with_passwords(secrets: Iterable[str]) -> list[str]:
    """`secrets` and the passwords in those of them that are URLs, as they are and decoded."""
    secrets = list(secrets)
    passwords = [
        secret.rpartition("@")[0].partition("://")[2].partition(":")[2]
        for secret in secrets
        if "://" in secret
    ]
    return [*secrets, *passwords, *map(unquote, passwords)]


def _spellings(secret: str) -> Iterator[str]:
    """`secret` as it may stand in a text: as it is, in a repr, in JSON, in a URL."""
    yield secret
    yield repr(secret)[1:-1]
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    octets = secret.encode("utf-8", "surrogatepass")
    yield quote(octets, safe="")
    yield quote_plus(octets)


def _in_base64(secret: str) -> Iterator[str]:
    """`secret` in base64, whatever stands before and after it; nothing when it is short."""
    octets = secret.encode("utf-8", "surrogatepass")
    if len(octets) < _SHORTEST_IN_BASE64:
        return
    # What precedes it (a user name, say) shifts it by 0, 1 or 2 bytes; the characters that it
    # shares with its neighbours are not its own.
    for shift, first in ((0, 0), (1, 2), (2, 3)):
        encoded = b2a_base64(b"\0" * shift + octets, newline=False).decode()
        own = encoded[first : (shift + len(octets)) * 8 // 6]
        yield own
        yield own.replace("+", "-").replace("/", "_")


class Mask(logging.Filter):
    """Replaces secrets, in a text (call it) and in log records (add it to a logger) (S5)."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._forms: list[str] = []
        self._bytes: set[bytes] = set()
        self.add(secrets)

    def add(self, secrets: Iterable[str]) -> None:
        """Has `secrets` replaced from now on, however they are spelled."""
        long_enough = [secret for secret in secrets if len(secret) >= _SHORTEST_SECRET]
        plain = {form for secret in long_enough for form in _spellings(secret)}
        coded = {form for secret in long_enough for form in _in_base64(secret)}
        # Longest first: a secret that contains another must not leave its rest behind.
        self._forms = sorted(plain.union(coded, self._forms), key=len, reverse=True)
        # Every record is searched for these. Each costs a microsecond, and only what a proxy is
        # sent is ever in base64: no record is made of that.
        self._bytes |= {form.encode("utf-8", "surrogatepass") for form in plain}

    def __call__(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, MASK)
        return text

    def json(self, document: bytes) -> bytes:
        """`document`, which is JSON and stays JSON, without the secrets in its texts.

        What its own fields are called stays: a password may be the name of one.
        """
        for form in self._bytes:
            if form in document:
                return self._without_secrets(document)
        return document

    def _without_secrets(self, document: bytes) -> bytes:
        found = json.loads(document)
        if isinstance(found, dict):
            found = {name: self._masked(value) for name, value in found.items()}
        else:
            found = self._masked(found)
        return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()

    def _masked(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, str):
            return self(value)
        if isinstance(value, list):
            return [self._masked(item) for item in value]
        if isinstance(value, dict):
            return {self(name): self._masked(item) for name, item in value.items()}
        return value

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.exc_text = self(record.exc_text or "")
        record.stack_info = self(record.stack_info or "")
        record.exc_info = None
        return True


@contextmanager
def masked(mask: Mask) -> Iterator[None]:
    """Every line of the connector's log goes through `mask` until the end of the block.

    Lists of filters are replaced, never changed: in a process of several runs, a change would have
    the record that another thread is logging skip a mask.
    """
    # A logger's filter does not see what comes from below it; its handlers' do.
    logs: tuple[logging.Filterer, ...] = (LOGGER, *LOGGER.handlers)
    with _CHANGING_FILTERS:
        for log in logs:
            log.filters = [*log.filters, mask]
    try:
        yield
    finally:
        with _CHANGING_FILTERS:
            for log in logs:
                log.filters = [other for other in log.filters if other is not mask]


class PrintableFormatter(logging.Formatter):
    """UTC times, and one message stays one line: control characters are escaped (S16).

    A traceback's lines follow it indented, so that nothing in them looks like a message.
    """

    converter = staticmethod(time.gmtime)

    def formatMessage(self, record: logging.LogRecord) -> str:
        return printable(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        message, *traceback = super().format(record).split("\n")
        return "\n".join([message, *(f"    {printable(line)}" for line in traceback)])


def log_to_stderr(level: str, run_id: str) -> None:
    """Sends the connector's own log to stderr from `level` on, each line with `run_id`."""
    stream = logging.StreamHandler()
    stream.setFormatter(
        PrintableFormatter(
            f"%(asctime)s.%(msecs)03dZ %(levelname)s {run_id} %(message)s", "%Y-%m-%dT%H:%M:%S"
        )
    )
    LOGGER.handlers[:] = [stream]
    LOGGER.setLevel(level.upper())
    LOGGER.propagate = False
