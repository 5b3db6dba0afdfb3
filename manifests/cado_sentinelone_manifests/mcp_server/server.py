"""The server itself: lists the tools, runs one call in a thread, says how it goes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import anyio.from_thread
import anyio.to_thread
from mcp import types
from mcp.server.lowlevel import Server

from cado_sentinelone import __version__
from cado_sentinelone.log import LOGGER
from cado_sentinelone_manifests.asking import ask, failure
from cado_sentinelone_manifests.description import ActionDescription, describe
from cado_sentinelone_manifests.mcp_server.tools import ToolDescription, parameters, tool

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

    from cado_sentinelone.models.action import Action

_MOST_AT_ONCE = 4
INSTRUCTIONS = (
    "Collect forensic evidence from SentinelOne endpoints into Cado and read the findings back. "
    "Find an endpoint with list_endpoints, launch with run_collection, look with get_task_status "
    "until it is terminal, read the verdict with get_findings. An accepted launch is not a result, "
    "and the state unknown means that nobody knows yet."
)


def new_server(actions: Sequence[Action], asset_file: Path | None) -> Server[dict[str, Any]]:
    """A server whose tools are `actions`. The asset comes from the file and the environment only."""
    by_name = {one.function_name: one for one in describe(actions).actions}
    tools = [_declared(tool(one)) for one in by_name.values()]
    limiter = anyio.CapacityLimiter(_MOST_AT_ONCE)

    async def list_tools(
        context: ServerRequestContext[Any, Any], params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=tools)

    async def call_tool(
        context: ServerRequestContext[Any, Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        action = by_name.get(params.name)
        if action is None:
            return _refused(f"there is no tool {params.name!r}")
        try:
            given = parameters(action, params.arguments or {})
        except ValueError as error:
            return _refused(str(error))
        numbers = count(1)

        def progress(line: str) -> None:
            report = context.session.report_progress
            try:
                anyio.from_thread.run(report, float(next(numbers)), None, line)
            except Exception as problem:  # noqa: BLE001
                # A client that went away or cancelled must not stop an action between its intent
                # and its launch: what it did would be in doubt.
                LOGGER.debug("progress reached nobody: %r", problem)

        outcome = await anyio.to_thread.run_sync(
            partial(_outcome, action, given, asset_file, progress), limiter=limiter
        )
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=_words(outcome))],
            structured_content=outcome,
            is_error=outcome["error"] is not None,
        )

    return Server(
        "cado-sentinelone",
        version=__version__,
        title="Cado SentinelOne",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _outcome(
    action: ActionDescription,
    given: dict[str, Any],
    asset_file: Path | None,
    progress: Any,  # noqa: ANN401
) -> dict[str, Any]:
    return ask(action.identifier, {}, given, runner="mcp", progress=progress, asset_file=asset_file)


def _words(outcome: dict[str, Any]) -> str:
    """The outcome as text, for clients that read nothing else."""
    return failure(outcome) or json.dumps(outcome, ensure_ascii=False)


def _refused(words: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=words)], is_error=True)


def _declared(one: ToolDescription) -> types.Tool:
    return types.Tool(
        name=one.name,
        title=one.title,
        description=one.description,
        input_schema=one.input_schema,
        output_schema=one.output_schema,
        annotations=types.ToolAnnotations(
            title=one.title,
            read_only_hint=one.read_only,
            destructive_hint=one.destructive,
            idempotent_hint=one.idempotent,
            open_world_hint=True,
        ),
    )
