"""`render`: a runner's files, rendered from the actions, to look at or to build on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cado_sentinelone.console import quick
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.host import load_catalogue
from cado_sentinelone.log import log_to_stderr, new_run_id
from cado_sentinelone.packing import write_files
from cado_sentinelone.runner_host import load_runners, rendered

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from cado_sentinelone.models.action import Action


def command(parsed: argparse.Namespace) -> int:
    """Writes DIR/RUNNER for each runner that was asked for."""
    log_to_stderr("warning", new_run_id())
    try:
        runners = load_runners().named(parsed.runner)
        actions = all_actions()
        for runner in runners:
            folder = Path(parsed.out) / runner.identifier
            written = write_files(rendered(runner, actions), folder, field="--out")
            print(f"{folder}: {len(written)} files for {runner.title}")
    except ConnectorError as error:
        return quick.refuse("render", error, as_json=False)
    return 0


def all_actions() -> Sequence[Action]:
    """Every action that can be run, third parties' too; what is broken is said in the log."""
    catalogue = load_catalogue()
    catalogue.build()
    return catalogue.actions()
