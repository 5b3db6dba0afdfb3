"""`cado-sentinelone mcp`: standard input and output, or streamable HTTP."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cado_sentinelone.errors import ParamsError
from cado_sentinelone.host import load_catalogue
from cado_sentinelone.log import log_to_stderr, new_run_id
from cado_sentinelone_manifests.listening import check_reach, take_key

if TYPE_CHECKING:
    import argparse

KEY = "CADO_SENTINELONE_MCP_KEY"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--asset", metavar="FILE", help="JSON file with the connection settings")
    parser.add_argument(
        "--http", action="store_true", help=f"streamable HTTP at /mcp; the key is in {KEY}"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8788, help="port to listen on (8788)")
    parser.add_argument(
        "--name", action="append", default=[], help="a host name that clients call it by"
    )
    parser.add_argument("--certfile", default="", metavar="FILE", help="TLS certificate chain, PEM")
    parser.add_argument("--keyfile", default="", metavar="FILE", help="its private key, PEM")


def command(parsed: argparse.Namespace) -> int:
    """Serves until the client is gone or it is stopped. Raises ParamsError."""
    log_to_stderr("warning", new_run_id())
    asset_file = Path(parsed.asset) if parsed.asset else None
    if asset_file is not None and not asset_file.is_file():
        raise ParamsError(f"--asset: there is no file {asset_file}")
    catalogue = load_catalogue()
    catalogue.build()
    actions = catalogue.actions()
    if parsed.http:
        # Taken out: it is no setting of the asset, and no action has to see it.
        key = take_key(KEY, os.environ)
        check_reach(parsed.host, parsed.certfile, parsed.keyfile)
        from cado_sentinelone_manifests.mcp_server.over_http import serve
        from cado_sentinelone_manifests.mcp_server.server import new_server

        serve(
            new_server(actions, asset_file),
            key,
            host=parsed.host,
            port=parsed.port,
            names=parsed.name,
            certfile=parsed.certfile,
            keyfile=parsed.keyfile,
        )
        return 0
    import anyio

    from cado_sentinelone_manifests.mcp_server.server import new_server

    anyio.run(_over_stdio, new_server(actions, asset_file))
    return 0


async def _over_stdio(server: Any) -> None:  # noqa: ANN401 - the library is not imported up there
    import anyio
    from mcp.server.stdio import stdio_server

    # Standard output is the protocol's: whatever a plugin prints goes to the log.
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", write_through=True)
    sys.stdout = sys.stderr
    async with stdio_server(stdout=anyio.wrap_file(out)) as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())
