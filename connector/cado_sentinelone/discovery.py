"""Which plugins are installed: their entry points, read without importing anything of them.

`importlib.metadata.entry_points()` answers the same question in about 45 ms of imports; a cold
start of one action has no room for that. A test holds this scan against it.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeVar

    _Loaded = TypeVar("_Loaded")

GROUP = "cado_sentinelone"
INDEX_GROUP = "cado_sentinelone_index"
RUNNER_GROUP = "cado_sentinelone_runners"
COMMAND_GROUP = "cado_sentinelone_commands"
SOURCE_GROUP = "cado_sentinelone_secrets"
OWN_DISTRIBUTION = "cado-sentinelone"


class Offer:
    """One entry point: `distribution` says that `module` (or its `attribute`) is plugin `name`."""

    __slots__ = ("attribute", "distribution", "module", "name", "version")

    def __init__(self, name: str, value: str, distribution: str, version: str) -> None:
        reference = value.partition("[")[0].strip()
        self.name = name
        self.module, _, self.attribute = (part.strip() for part in reference.partition(":"))
        self.distribution = distribution
        self.version = version

    @property
    def is_own(self) -> bool:
        return self.distribution == OWN_DISTRIBUTION


def offers(group: str = GROUP) -> list[Offer]:
    """Every entry point of `group`, in the order of sys.path; a distribution counts once."""
    found: list[Offer] = []
    seen: set[str] = set()
    for folder in sys.path:
        for distribution, version, text in _distributions(folder or "."):
            if distribution not in seen:
                seen.add(distribution)
                found += [
                    Offer(name, value, distribution, version)
                    for name, value in _section(text, group)
                ]
    return found


def _distributions(folder: str) -> Iterator[tuple[str, str, str]]:
    """Name, version and entry_points.txt of everything that is installed in `folder`."""
    try:
        names = sorted(os.listdir(folder))
    except NotADirectoryError:
        yield from _zipped(folder)
        return
    except OSError:
        return
    for name in names:
        if name.endswith((".dist-info", ".egg-info")):
            stem, _, version = name.rpartition(".")[0].partition("-")
            try:
                path = f"{folder}/{name}/entry_points.txt"
                with open(path, encoding="utf-8", errors="replace") as file:
                    text = file.read()
            except OSError:
                text = ""
            yield _normalized(stem), version, text


def _zipped(path: str) -> Iterator[tuple[str, str, str]]:
    """The same for a zip file on the path; rare enough to leave it to the standard library."""
    from importlib.metadata import distributions

    for found in distributions(path=[path]):
        text = found.read_text("entry_points.txt") or ""
        yield _normalized(found.metadata["Name"]), found.version, text


def _normalized(name: str) -> str:
    parts = name.lower().replace("_", "-").replace(".", "-").split("-")
    return "-".join(part for part in parts if part)


def _section(text: str, group: str) -> Iterator[tuple[str, str]]:
    inside = False
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            inside = line == f"[{group}]"
        elif inside and "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield name.strip(), value.strip()


def index() -> dict[str, Any]:
    """What every indexed action takes: identifier -> {"summary", "params": JSON Schema}.

    A distribution may ship such an index (entry-point group `cado_sentinelone_index`) so that
    help, completion and plain mistakes in parameters need none of its models. A broken index is
    as good as none, and an action that two of them claim is in neither: the models decide.
    """
    actions: dict[str, Any] = {}
    claimed_twice: set[str] = set()
    for offer in offers(INDEX_GROUP):
        try:
            claimed = index_of(offer)
        except (Exception, SystemExit):  # noqa: BLE001, S112 - `cado-sentinelone plugins` tells it
            continue
        claimed_twice |= actions.keys() & claimed.keys()
        actions |= claimed
    return {name: actions[name] for name in actions if name not in claimed_twice}


def index_of(offer: Offer) -> dict[str, Any]:
    """The index of one distribution. Raises whatever importing it raises, and TypeError for what
    is no index.
    """
    claimed = aside(lambda: dict(__import__(offer.module, fromlist=["ACTIONS"]).ACTIONS))
    for name, known in claimed.items():
        if not (
            isinstance(name, str)
            and isinstance(known, dict)
            and isinstance(known.get("summary"), str)
            and isinstance(known.get("params"), dict)
        ):
            raise TypeError(f"the entry of {name!r} has no summary and params")
    return claimed


def aside(load: Callable[[], _Loaded]) -> _Loaded:
    """What `load` returns; what it prints goes to stderr: standard output is for our documents."""
    out, sys.stdout = sys.stdout, sys.stderr
    try:
        return load()
    finally:
        sys.stdout = out
