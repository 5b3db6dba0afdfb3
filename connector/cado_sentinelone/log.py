"""Logging to stderr: run ids, masked secrets, no control characters from endpoints."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable

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


class Mask(logging.Filter):
    """Replaces secrets, in a text (call it) and in log records (add it to a logger) (S5)."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        # Longest first: a secret that contains another must not leave its rest behind.
        self._secrets = sorted(
            {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}, key=len, reverse=True
        )

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + logging.Formatter().formatException(record.exc_info)
            record.exc_info = None
        record.msg, record.args = self(text), ()
        return True


class PrintableFormatter(logging.Formatter):
    """One line stays one line: control characters are escaped, except in tracebacks' line ends."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(printable(line) for line in super().format(record).split("\n"))


def log_to_stderr(level: str) -> None:
    """Sends the connector's own log to stderr from `level` on."""
    stream = logging.StreamHandler()
    stream.setFormatter(PrintableFormatter("%(asctime)s %(levelname)s %(message)s"))
    LOGGER.handlers[:] = [stream]
    LOGGER.setLevel(level.upper())
    LOGGER.propagate = False
