"""The bundle for MCP clients: a ready configuration; the server itself is a command of this package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cado_sentinelone import __version__
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Problem, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.checks import missing, read_json
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.mcp_server.tools import tool
from cado_sentinelone_manifests.rendering import render

PACKAGE = "cado_sentinelone_manifests.mcp_server"


def files(actions: Sequence[Action]) -> Iterable[File]:
    """The client's configuration, and a page with the tools."""
    tools = [tool(one) for one in describe(actions).actions]
    for template, path in (("client.json.j2", "client.json"), ("README.md.j2", "README.md")):
        yield File(path, render(PACKAGE, template, tools=tools, version=__version__))


def check(folder: Path) -> Iterator[Problem]:
    """Problems of the rendered files."""
    lacking = list(missing(folder, ("client.json", "README.md")))
    yield from lacking
    if lacking:
        return
    document, problems = read_json(folder, "client.json")
    yield from problems
    if problems:
        return
    servers = document.get("mcpServers") if isinstance(document, dict) else None
    ours = servers.get("cado-sentinelone") if isinstance(servers, dict) else None
    if not isinstance(ours, dict):
        yield Problem("client.json", "has no server cado-sentinelone below mcpServers")
    elif "env" in ours:
        yield Problem("client.json", "holds an environment: keep secrets in the asset file")


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="mcp",
        title="MCP clients (AI agents)",
        render=files,
        check=check,
        bundle=Bundle(archive="folder", name="mcp"),
        proven="called by the official client over stdio and streamable HTTP",
    )
