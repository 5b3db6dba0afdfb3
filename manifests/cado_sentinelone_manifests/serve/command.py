"""`cado-sentinelone serve`: every action over HTTP, for whoever has the key."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from cado_sentinelone.errors import ParamsError
from cado_sentinelone.log import LOGGER, Mask, log_to_stderr
from cado_sentinelone_manifests.listening import check_reach, take_key

if TYPE_CHECKING:
    import argparse

KEY = "CADO_SENTINELONE_SERVE_KEY"
PORT = 8789


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--asset", metavar="FILE", help="JSON file with the connection settings")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=PORT, help=f"0 takes any free one ({PORT})")
    parser.add_argument(
        "--key-file", default="", metavar="FILE", help=f"the key is there, not in {KEY}"
    )
    parser.add_argument("--workers", type=int, default=8, help="actions at the same time (8)")
    parser.add_argument("--certfile", default="", metavar="FILE", help="TLS certificate chain, PEM")
    parser.add_argument("--keyfile", default="", metavar="FILE", help="its private key, PEM")


def command(parsed: argparse.Namespace) -> int:
    """Serves until SIGTERM or Ctrl-C. Raises ParamsError."""
    key = take_key(KEY, os.environ, parsed.key_file)
    check_reach(parsed.host, parsed.certfile, parsed.keyfile)
    if parsed.workers < 1:
        raise ParamsError(f"--workers: {parsed.workers} is less than 1")
    asset_file = Path(parsed.asset) if parsed.asset else None
    if asset_file is not None and not asset_file.is_file():
        raise ParamsError(f"--asset: there is no file {asset_file}")
    from cado_sentinelone_manifests.serve.server import serve

    log_to_stderr("info", "serve")
    for handler in LOGGER.handlers:
        handler.addFilter(Mask([key]))
    return serve(
        host=parsed.host,
        port=parsed.port,
        key=key,
        workers=parsed.workers,
        asset_file=asset_file,
        certfile=parsed.certfile,
        keyfile=parsed.keyfile,
    )
