"""What a runner that starts a process per action waits for first."""

from __future__ import annotations

from collections.abc import Iterator

from measure import Row, compared, paired, spend
from stage import Stage

REQUESTS = (
    "import requests; requests.get({url!r}, headers={{'Authorization': 'ApiToken bench'}}).json()"
)


def rows(stage: Stage) -> Iterator[Row]:
    environment = stage.environment
    with stage.one_endpoint() as server:
        run = [stage.command, "run", "list_endpoints", "--json", "--asset", str(server.asset_file)]
        peer = REQUESTS.format(url=f"{server.url}/web/api/v2.1/agents?limit=1000")
        yield compared(
            "`run list_endpoints`, one endpoint",
            "`python -c` with requests.get(...).json()",
            1.5,
            paired(
                lambda: spend(run, environment),
                lambda: spend([stage.python, "-c", peer], environment),
                stage.pairs,
            ),
        )
    refused = [stage.command, "run", "list_endpoints", "-p", "limit=many"]
    yield _against_nothing(stage, "refusing a wrong parameter", refused, status=2)
    yield _against_nothing(stage, "`--help`", [stage.command, "--help"])


def _against_nothing(stage: Stage, what: str, command: list[str], status: int = 0) -> Row:
    measured = paired(
        lambda: spend(command, stage.environment, status=status),
        lambda: spend([stage.python, "-c", "pass"], stage.environment),
        stage.pairs,
    )
    return compared(what, "`python -c pass`", 2.5, measured)
