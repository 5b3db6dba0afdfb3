"""One worker of a chaos run, in turned time and with a clock of its own that is somewhat wrong.

    python tests/chaos/worker.py settings.json SKEW_SECONDS

It is made to be killed at any instruction.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

from tests.chaos.turned import Turned

from cado_sentinelone.assets import asset_of
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.fleet.work import work


def main() -> None:
    settings = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    clock = Turned(settings["url"], settings["speed"], skew_seconds=float(sys.argv[2]))
    asset = asset_of(settings["asset"])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())

    def make_desk() -> Desk:
        return Desk(asset, clock.run())

    def tell(line: str) -> None:
        print(line, flush=True)

    if settings["by_queue"]:
        from cado_sentinelone.fleet.queue_work import work_by_queue

        work_by_queue([make_desk], stop=stop, threads=2, tell=tell)
    else:
        work([make_desk], stop=stop, threads=2, tell=tell)


if __name__ == "__main__":
    main()
