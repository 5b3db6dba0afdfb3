"""The official client: connects as it is told, calls what it is told, prints what came back as JSON.

Reads {"stdio": {...}} or {"url": ..., "key": ...}, and "calls": a list of [tool, arguments]. A name for an
argument like "$0.collection_id" is taken from the first record of that call's result.
"""

import asyncio
import json
import sys
from contextlib import asynccontextmanager

import httpx2
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

asked = json.load(sys.stdin)
progress = []


@asynccontextmanager
async def connected():
    if "stdio" in asked:
        async with stdio_client(StdioServerParameters(**asked["stdio"])) as streams:
            yield streams
    else:
        headers = {"Authorization": f"Bearer {asked['key']}"}
        async with (
            httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60) as http,
            streamable_http_client(asked["url"], http_client=http) as streams,
        ):
            yield streams[:2]


async def note(done, total, message):
    progress.append(message)


async def main():
    results = []
    async with connected() as (reading, writing), ClientSession(reading, writing) as session:
        await session.initialize()
        tools = (await session.list_tools()).tools
        for name, arguments in asked["calls"]:
            given = {
                key: results[int(value[1])]["content"]["data"][0][value[3:]]
                if isinstance(value, str) and value.startswith("$")
                else value
                for key, value in arguments.items()
            }
            while True:
                result = await session.call_tool(name, given, progress_callback=note)
                content = result.structured_content
                record = (content or {"data": []})["data"][:1]
                # Calls follow one another at once here, so Cado's analysis may still be at work.
                waits = name in ("get_task_status", "get_findings") and record
                if not waits or record[0].get("terminal", record[0].get("verdict") != "pending"):
                    break
            results.append(
                {
                    "is_error": result.is_error,
                    "text": result.content[0].text,
                    "content": content,
                }
            )
    print(
        json.dumps(
            {
                "tools": [tool.model_dump(mode="json", by_alias=True) for tool in tools],
                "results": results,
                "progress": progress,
            }
        )
    )


asyncio.run(main())
