"""What a runner is: a SOAR product that runs our actions, and the bundle that it wants for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cado_sentinelone.models.action import Action


@dataclass(frozen=True)
class File:
    """One file of a bundle; `path` is relative, with slashes."""

    path: str
    content: bytes
    executable: bool = False


@dataclass(frozen=True)
class Problem:
    """What is wrong with one file of a bundle, in words that say what to do."""

    path: str
    message: str


@dataclass(frozen=True)
class Bundle:
    """What a user uploads: one archive with everything below `top`, or the folder as it is.

    `wheels` is the folder inside the bundle for the wheels of this package and all that it needs,
    for a runner that installs without the package index; "" for none. `python` is the runner's.
    """

    archive: Literal["tgz", "zip", "folder"]
    name: str
    top: str = ""
    wheels: str = ""
    python: str = ""


@dataclass(frozen=True)
class Runner:
    """One runner. The same actions give the same bytes: `render` takes nothing else.

    `with_wheels` gives the files of a bundle that carries these wheels, for a manifest that has to
    name them. `check` looks for what the runner's own validator lets pass and that would not work. `proven`
    says how far the bundle has been shown to load and to run, for the person who chooses.
    """

    identifier: str
    title: str
    render: Callable[[Sequence[Action]], Iterable[File]]
    check: Callable[[Path], Iterable[Problem]]
    bundle: Bundle
    proven: str
    with_wheels: Callable[[list[File], Sequence[str]], list[File]] | None = None
