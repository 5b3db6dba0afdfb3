"""Workers of a chaos run, in turned time and each with a clock of its own that is somewhat wrong.

    python tests/chaos/worker.py settings.json

One process loads everything and forks a worker for each line that it reads, whose text is how many
seconds that one's clock is wrong; it answers with the number of the new process. They are made to be
killed at any instruction, and a machine could not start a Python for each.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.chaos.turned import Turned

from cado_sentinelone.assets import asset_of
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.fleet import queue_work
from cado_sentinelone.fleet.work import work

# What a worker would load at its first use; not all of it need be installed.
_LATER = (
    "clients.cado",
    "clients.sentinelone",
    "engine.ledger_postgres",
    "engine.remoteops_look_many",
)


def main() -> None:
    settings = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for name in _LATER:
        with suppress(ImportError):
            importlib.import_module(f"cado_sentinelone.{name}")
    if settings["by_queue"]:
        queue_work.make_app("amqp://localhost", [])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        number = os.fork()
        if not number:
            os.dup2(2, 1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            play(settings, float(line))
            os._exit(0)
        print(number, flush=True)


def play(settings: dict[str, Any], skew_seconds: float) -> None:
    clock = Turned(settings["url"], settings["speed"], skew_seconds=skew_seconds)
    asset = asset_of(settings["asset"])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())

    def make_desk() -> Desk:
        return Desk(asset, clock.run())

    def tell(line: str) -> None:
        print(line, flush=True)

    if settings["by_queue"]:
        queue_work.work_by_queue([make_desk], stop=stop, threads=2, tell=tell)
    else:
        work([make_desk], stop=stop, threads=2, tell=tell)


if __name__ == "__main__":
    main()
