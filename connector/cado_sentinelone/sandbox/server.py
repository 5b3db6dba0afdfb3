"""The sandbox as a process of its own."""

import gc
import json
import os
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from cado_sentinelone.sandbox.faults import FAULTS
from cado_sentinelone.sandbox.places import SITES
from cado_sentinelone.sandbox.running import RunningSandbox

_MOST_TENANTS = 20
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def serve(
    *,
    port: int = 0,
    endpoints: int = 1000,
    seed: int = 1,
    faults: str = "",
    speed: float = 600.0,
    write_asset: Path | None = None,
    cado_role: str | None = None,
    live_endpoint: bool = False,
    sites: int = SITES,
    tenants: int = 1,
    presence: bool = False,
) -> int:
    """Serve until Ctrl-C or SIGTERM; the exit status, 1 if the sandbox could not start.

    `port` 0 takes a free one. Each of several `tenants` is a world of its own, on the next port
    and with the next seed; its asset has its number in the name. `cado_role` is the role of the Cado key, short for the fault of
    that name. `write_asset` receives the asset that points at this sandbox, readable by its
    owner alone.
    """
    spec = f"{faults};cado_role={cado_role}" if cado_role else faults
    stop = threading.Event()

    def stop_serving(_: int, __: FrameType | None) -> None:
        stop.set()

    if not 1 <= tenants <= _MOST_TENANTS:
        _say(f"there are 1 to {_MOST_TENANTS} tenants, not {tenants}")
        return 1
    sandboxes: list[RunningSandbox] = []
    try:
        for number in range(tenants):
            sandbox = RunningSandbox(
                port=port and port + number,
                seed=seed + number,
                endpoints=endpoints,
                faults=spec,
                speed=speed,
                live_endpoint=live_endpoint and not number,
                sites=sites,
                presence=presence,
            )
            sandboxes.append(sandbox)
    except ValueError as problem:
        _say(str(problem))
        return 1
    except OSError as problem:
        _say(f"cannot listen on port {port + len(sandboxes)}: {problem.strerror}")
        return 1
    # The world lives as long as the process: looking through it for garbage only costs time.
    gc.freeze()
    before = {number: signal.signal(number, stop_serving) for number in _SIGNALS}
    try:
        with ExitStack() as running:
            for number, sandbox in enumerate(sandboxes, 1):
                running.enter_context(sandbox)
                asset = _numbered(write_asset, number) if write_asset else None
                if asset is not None:
                    _write_asset(asset, sandbox.asset)
                _introduce(sandbox, asset)
            _say(f"known faults: {', '.join(FAULTS)}")
            _say("stop with Ctrl-C")
            stop.wait()
    except OSError as problem:
        _say(f"cannot write {write_asset}: {problem.strerror}")
        return 1
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)
    _say("stopped")
    return 0


def _numbered(path: Path, number: int) -> Path:
    return path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")


def _write_asset(path: Path, asset: dict[str, object]) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
        # A file that was there before keeps its mode unless it is told.
        os.fchmod(file.fileno(), 0o600)
        json.dump(asset, file, indent=2)
        file.write("\n")


def _introduce(sandbox: RunningSandbox, asset: Path | None) -> None:
    world = sandbox.world
    _say(f"SentinelOne and Cado with {len(world.accounts[0].agents)} endpoints on {sandbox.url}")
    if world.live is not None:
        _say(f"live endpoint: {world.live.agent.hostname} (agent {world.live.agent.agent_id})")
    if asset is None:
        _say(f"asset: {sandbox.url}/sandbox/asset")
    else:
        _say(f"asset: {asset}, so: cado-sentinelone run test_connectivity --asset {asset}")
    _say(f"faults at run time: POST {sandbox.url}/sandbox/faults")
    if str(world.faults):
        _say(f"faults set: {world.faults}")


def _say(text: str) -> None:
    print(f"sandbox: {text}", file=sys.stderr, flush=True)
