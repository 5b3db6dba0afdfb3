"""What the agent must leave alone for Cado Host to run (SentinelOne contract 9.1)."""

from __future__ import annotations

from typing import NamedTuple


class Pattern(NamedTuple):
    """A path of Cado Host on `os`, with the vendor's wildcards."""

    os: str
    value: str


PATTERNS = (
    Pattern("windows", r"Windows\Temp\_MEI*\**\CadoHostRawGrabber.exe"),
    Pattern("windows", r"Windows\Temp\cado-host-*\cado-host.exe"),
    Pattern("linux", "/tmp/cado-host-*/cado-host"),  # noqa: S108 - a pattern, not a file of ours
)

# What the console is asked to look for: a part of every pattern.
COMMON_PARTS = ("CadoHostRawGrabber", "cado-host")

# In the description of every exclusion that this connector creates.
MARKER = "created by cado-sentinelone"
