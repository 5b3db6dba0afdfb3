"""Logging to stderr: the run's id, masked secrets, no control characters from endpoints."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterable
from urllib.parse import unquote

LOGGER = logging.getLogger("cado_sentinelone")
LOGGER.addHandler(logging.NullHandler())
MASK = "********"
_SHORTEST_SECRET = 4


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


class Mask(logging.Filter):
    """Replaces secrets, in a text (call it) and in log records (add it to a logger) (S5)."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._forms: list[str] = []
        self._bytes: list[bytes] = []
        self.add(secrets)

    def add(self, secrets: Iterable[str]) -> None:
        """Has `secrets` replaced from now on, as they are, in a repr, and inside JSON."""
        forms = {
            form
            for secret in secrets
            if len(secret) >= _SHORTEST_SECRET
            for form in (
                secret,
                repr(secret)[1:-1],
                json.dumps(secret)[1:-1],
                json.dumps(secret, ensure_ascii=False)[1:-1],
            )
        }
        # Longest first: a secret that contains another must not leave its rest behind.
        self._forms = sorted(forms.union(self._forms), key=len, reverse=True)
        self._bytes = [form.encode("utf-8", "surrogatepass") for form in self._forms]

    def __call__(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, MASK)
        return text

    def json(self, document: bytes) -> bytes:
        """`document`, which is JSON, without the secrets."""
        for form in self._bytes:
            if form in document:
                document = document.replace(form, MASK.encode())
        return document

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        if record.stack_info:
            text += "\n" + record.stack_info
        record.msg, record.args = self(text), ()
        record.exc_info = record.exc_text = record.stack_info = None
        return True


class PrintableFormatter(logging.Formatter):
    """UTC times, and one line stays one line: control characters are escaped (S16)."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(printable(line) for line in super().format(record).split("\n"))


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
