"""A bundle's version, for products that take no 0.x: it moves with the package's, and only upwards."""

from __future__ import annotations

import re

from cado_sentinelone import __version__


def from_one_on(version: str = __version__) -> str:
    """Three numbers from 1.0.0 on: 0.3.1 is 1.3.1. A pre-release counts as its release."""
    major, minor, patch = _numbers(version)
    return f"{major + 1}.{minor}.{patch}"


def counted(version: str = __version__) -> str:
    """One number with a zero behind it, where versions are compared as numbers: 0.3.1 is 302.0."""
    major, minor, patch = _numbers(version)
    return f"{major * 10_000 + minor * 100 + patch + 1}.0"


def _numbers(version: str) -> tuple[int, int, int]:
    found = [int(one) for one in re.findall(r"\d+", version)[:3]]
    major, minor, patch = (*found, 0, 0)[:3]
    return major, minor, patch
