"""A process that waits for its calls, opens the ledger and makes them; run by the tests."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any

from cado_sentinelone.engine.ledger import Ledger, open_ledger
from cado_sentinelone.errors import ConflictError
from cado_sentinelone.models.collection import Collection

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def answer(ledger: Ledger, call: dict[str, Any]) -> object:
    match call:
        case {"claim": draft, "id": collection_id}:
            mine = Collection.model_validate(draft | {"collection_id": collection_id})
            holder, created = ledger.claim(mine)
            return [holder.collection_id, created]
        case {"step": collection_id, "to": state}:
            try:
                return ledger.step(collection_id, state, at=NOW).state
            except ConflictError:
                return "conflict"
        case {"lease": collection_id, "owner": owner}:
            return ledger.lease(
                collection_id, owner, until=datetime.max.replace(tzinfo=UTC), now=NOW
            )
    raise ValueError(call)


def main() -> None:
    import sqlite3  # noqa: F401 - so that all processes open the file at one moment

    print("ready", flush=True)
    calls = json.loads(sys.stdin.readline())
    ledger = open_ledger(sys.argv[1])
    print(json.dumps([answer(ledger, call) for call in calls]))
    ledger.close()


if __name__ == "__main__":
    main()
