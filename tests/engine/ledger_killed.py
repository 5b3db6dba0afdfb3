"""Makes one ledger per statement of a claim and its steps, each by a process that SIGKILL ends.

The Nth ledger's process dies right before the Nth statement that it gives to SQLite, from
opening a file that is not there to the last COMMIT. Run by the tests with the folder and the
draft; prints how many it made, the last by a process that lived.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from itertools import count
from pathlib import Path

from cado_sentinelone.engine import ledger_sqlite
from cado_sentinelone.models.collection import Collection


def die_before(number: int) -> None:
    statements = count(1)
    connect = sqlite3.connect

    def watched(*arguments: object, **settings: object) -> sqlite3.Connection:
        connection = connect(*arguments, **settings)
        connection.set_trace_callback(
            lambda _: os.kill(os.getpid(), signal.SIGKILL) if next(statements) == number else None
        )
        return connection

    sqlite3.connect = watched


def live(path: Path, draft: Collection) -> None:
    ledger = ledger_sqlite.SqliteLedger(path)
    ledger.claim(draft)
    ledger.step(draft.collection_id, "requested", at=draft.created_at, note="intent")
    ledger.step(draft.collection_id, "requested", at=draft.created_at, pipeline_id=66, note="id")
    ledger.step(draft.collection_id, "failed", at=draft.created_at, error="why")
    os._exit(0)


def main() -> None:
    folder, draft = Path(sys.argv[1]), Collection.model_validate_json(sys.argv[2])
    for number in count(1):
        child = os.fork()
        if child == 0:
            die_before(number)
            live(folder / f"{number}.db", draft)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            print(number)
            sys.exit(os.WEXITSTATUS(status))


if __name__ == "__main__":
    main()
