"""`check`: what of rendered files would not work, although the runner's own validator passes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cado_sentinelone.console import quick
from cado_sentinelone.console.cells import cell
from cado_sentinelone.errors import ConnectorError, ParamsError
from cado_sentinelone.log import log_to_stderr, new_run_id
from cado_sentinelone.runner_host import Runners, load_runners

if TYPE_CHECKING:
    import argparse

    from cado_sentinelone.models.runner import Runner


def command(parsed: argparse.Namespace) -> int:
    """Checks a folder that `render` wrote to, or one runner's; exit status 1 with problems."""
    log_to_stderr("warning", new_run_id())
    found = 0
    try:
        for runner, folder in _folders(Path(parsed.folder), load_runners()):
            problems = list(runner.check(folder))
            found += len(problems)
            for problem in problems:
                print(f"{folder / problem.path}: {cell(problem.message)}")
            print(f"{folder}: {len(problems) or 'no'} problem{'s' * (len(problems) != 1)}")
    except ConnectorError as error:
        return quick.refuse("check", error, as_json=False)
    return 1 if found else 0


def _folders(folder: Path, runners: Runners) -> list[tuple[Runner, Path]]:
    """Which runner's files are where, by the folders' names. Raises ParamsError for none."""
    if folder.resolve().name in runners.found and folder.is_dir():
        return [(runners.found[folder.resolve().name], folder)]
    below = [
        (runner, folder / runner.identifier)
        for runner in runners.named("all")
        if (folder / runner.identifier).is_dir()
    ]
    if not below:
        raise ParamsError(
            f"DIR: {folder} holds no folder with a runner's name",
            remedy="Name a folder that 'cado-sentinelone render' wrote to, or one runner's in it.",
        )
    return below
