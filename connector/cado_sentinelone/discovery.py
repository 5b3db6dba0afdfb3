"""Which plugins are installed: their entry points, read without importing anything of them.

`importlib.metadata.entry_points()` answers the same question in about 45 ms of imports; a cold
start of one action has no room for that. A test holds this scan against it.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

GROUP = "cado_sentinelone"
INDEX_GROUP = "cado_sentinelone_index"
OWN_DISTRIBUTION = "cado-sentinelone"


class Offer:
    """One entry point: `distribution` says that `module` declares `name`."""

    __slots__ = ("distribution", "module", "name", "version")

    def __init__(self, name: str, module: str, distribution: str, version: str) -> None:
        self.name = name
        self.module = module
        self.distribution = distribution
        self.version = version


def offers(group: str = GROUP) -> list[Offer]:
    """Every entry point of `group`, in the order of sys.path; a distribution counts once."""
    found: list[Offer] = []
    seen: set[str] = set()
    for folder in sys.path:
        for entry_points, distribution, version in _distributions(folder or os.getcwd()):
            if distribution in seen:
                continue
            seen.add(distribution)
            found.extend(_section(entry_points, group, distribution, version))
    return found


def _distributions(folder: str) -> Iterator[tuple[str, str, str]]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    for name in names:
        if name.endswith((".dist-info", ".egg-info")):
            path = os.path.join(folder, name, "entry_points.txt")
            stem, _, version = name.rpartition(".")[0].partition("-")
            yield path, stem.replace("_", "-").lower(), version


def _section(path: str, group: str, distribution: str, version: str) -> Iterator[Offer]:
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return
    inside = False
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            inside = line == f"[{group}]"
        elif inside and "=" in line and not line.startswith("#"):
            name, _, module = line.partition("=")
            yield Offer(name.strip(), module.partition(":")[0].strip(), distribution, version)


def index() -> dict[str, Any]:
    """What every indexed action takes: identifier -> {"summary", "params": JSON Schema}.

    A distribution may ship such an index (entry-point group `cado_sentinelone_index`) so that
    help and plain mistakes in parameters need none of its models. Empty without one.
    """
    actions: dict[str, Any] = {}
    for offer in offers(INDEX_GROUP):
        actions.update(__import__(offer.module, fromlist=["ACTIONS"]).ACTIONS)
    return actions
