"""Launches as many collections as argv says, on the sandbox whose asset file it names, into one
investigation and one ledger. Endpoints that are refused are passed over."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cado_sentinelone.invoke import invoke
from cado_sentinelone.models.outcome import Outcome

asset_file, wanted = Path(sys.argv[1]), int(sys.argv[2])


def asked(action: str, **parameters: object) -> Outcome:
    outcome = invoke({"action": action, "parameters": parameters}, asset_file=asset_file)
    if outcome.error is not None and outcome.error.kind != "refused":
        sys.exit(f"{action}: {outcome.message}")
    return outcome


def launch(agent_id: str) -> bool:
    return asked("run_collection", endpoint=agent_id, investigation="bench").error is None


asked("create_investigation", name="bench", reuse=True)
listed = asked("list_endpoints", online_only=True).data
left = [str(endpoint["agent_id"]) for endpoint in listed if endpoint["collectable"]]
launched = 0
with ThreadPoolExecutor(8) as pool:
    while launched < wanted:
        missing = wanted - launched
        if missing > len(left):
            sys.exit(f"only {launched + len(left)} endpoints can be collected")
        launched += sum(pool.map(launch, left[:missing]))
        del left[:missing]
