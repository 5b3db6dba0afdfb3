"""`sandbox`: both vendors' APIs on this machine."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

REMEDY = "Install it with: pip install 'cado-sentinelone[sandbox]'"


def command(parsed: argparse.Namespace) -> int:
    gc.enable()
    try:
        from cado_sentinelone.sandbox.server import serve
    except ModuleNotFoundError as error:
        return missing(error)
    return serve(
        port=parsed.port,
        endpoints=parsed.endpoints,
        seed=parsed.seed,
        faults=parsed.faults,
        speed=parsed.speed,
        write_asset=Path(parsed.write_asset) if parsed.write_asset else None,
        live_endpoint=parsed.live_endpoint,
        sites=parsed.sites,
        tenants=parsed.tenants,
        presence=parsed.presence,
    )


def missing(error: ModuleNotFoundError) -> int:
    """Says what to install when `error` is for a module of the extra; else raises it again."""
    if not error.name or error.name.startswith("cado_sentinelone"):
        raise error
    print(f"the sandbox needs {error.name}, which is not installed\n  {REMEDY}", file=sys.stderr)
    return 1
