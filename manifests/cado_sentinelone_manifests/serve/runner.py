"""The bundle for whatever imports an OpenAPI document; the surface itself is a command of this package."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cado_sentinelone import __version__
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Problem, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.checks import missing, read_json
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.rendering import render
from cado_sentinelone_manifests.serve.openapi import document

PACKAGE = "cado_sentinelone_manifests.serve"


def files(actions: Sequence[Action]) -> Iterable[File]:
    """The OpenAPI 3.1 document, and a page with the calls."""
    text = json.dumps(document(actions), indent=2, ensure_ascii=False) + "\n"
    yield File("openapi.json", text.encode())
    described = describe(actions).actions
    yield File("README.md", render(PACKAGE, "README.md.j2", actions=described, version=__version__))


def check(folder: Path) -> Iterator[Problem]:
    """Problems of the rendered files that a validator of OpenAPI lets pass."""
    lacking = list(missing(folder, ("openapi.json", "README.md")))
    yield from lacking
    if lacking:
        return
    given, problems = read_json(folder, "openapi.json")
    yield from problems
    if problems:
        return
    paths = given.get("paths", {}) if isinstance(given, dict) else {}
    for path, item in paths.items():
        if path != "/health" and any(one.get("security") == [] for one in item.values()):
            yield Problem("openapi.json", f"{path} says that it can be called without the key")
    if not isinstance(given, dict) or not given.get("security"):
        yield Problem("openapi.json", "names no security: callers would send no key")


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="serve",
        title="Any caller over HTTP (OpenAPI 3.1)",
        render=files,
        check=check,
        bundle=Bundle(archive="folder", name="serve"),
        proven="the document by openapi-spec-validator, every route over real sockets",
    )
