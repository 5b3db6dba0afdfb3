"""Launches as many collections as argv says, on the sandbox whose asset file it names, into one
investigation and one ledger."""

import json
import sys
from pathlib import Path

from cado_sentinelone.invoke import invoke

asset_file, count = Path(sys.argv[1]), int(sys.argv[2])
investigation = "bench"


def asked(action: str, **parameters: object) -> list[dict[str, object]]:
    outcome = invoke({"action": action, "parameters": parameters}, asset_file=asset_file)
    if outcome.error is not None:
        sys.exit(f"{action}: {outcome.message}")
    return outcome.data


launched = 0
for endpoint in asked("list_endpoints", online_only=True):
    if endpoint["collectable"] and launched < count:
        asked("run_collection", endpoint=endpoint["agent_id"], investigation=investigation)
        launched += 1
print(json.dumps({"launched": launched}))
