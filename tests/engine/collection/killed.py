"""Runs one request and dies by SIGKILL at the given step: before or after any call or write.

Not a test: the tests start it as a process. Without a step to die at it prints how many there
are. The steps are those that R1 names: every HTTP call, every write of the ledger, each with a
moment before it and a moment after it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

from cado_sentinelone.clients.transport import Transport
from cado_sentinelone.engine.ledger_sqlite import SqliteLedger
from cado_sentinelone.invoke import invoke

DIE_AT = int(sys.argv[1])
passed = 0


def step() -> None:
    global passed
    passed += 1
    if passed == DIE_AT:
        os.kill(os.getpid(), signal.SIGKILL)


def watch(owner: type, name: str) -> None:
    original = getattr(owner, name)

    def watched(*args: Any, **kwargs: Any) -> Any:
        step()
        result = original(*args, **kwargs)
        step()
        return result

    setattr(owner, name, watched)


for owner, names in ((Transport, ["send", "fetch"]), (SqliteLedger, ["claim", "step", "note"])):
    for name in names:
        watch(owner, name)
outcome = invoke(json.load(sys.stdin))
print(json.dumps({"steps": passed, "error": outcome.message if outcome.error else ""}))
