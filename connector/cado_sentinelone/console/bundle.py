"""`bundle`: the file that a user uploads to the runner."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from cado_sentinelone.console import quick
from cado_sentinelone.console.render import all_actions
from cado_sentinelone.engine.files import write_bytes
from cado_sentinelone.errors import ConnectorError, ParamsError
from cado_sentinelone.log import log_to_stderr, new_run_id
from cado_sentinelone.models.runner import File
from cado_sentinelone.packing import packed, write_files
from cado_sentinelone.runner_host import load_runners, rendered

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from cado_sentinelone.models.action import Action
    from cado_sentinelone.models.runner import Bundle, Runner


def command(parsed: argparse.Namespace) -> int:
    """Writes one bundle into DIR for each runner that was asked for, and says its SHA-256."""
    log_to_stderr("warning", new_run_id())
    try:
        runners = load_runners().named(parsed.runner)
        actions = all_actions()
        for runner in runners:
            print(_made(runner, actions, Path(parsed.out), parsed.wheels))
    except ConnectorError as error:
        return quick.refuse("bundle", error, as_json=False)
    return 0


def _made(runner: Runner, actions: Sequence[Action], out: Path, wheels: str) -> str:
    bundle = runner.bundle
    carried = list(_wheels(bundle, wheels))
    files = rendered(runner, actions)
    if carried and runner.with_wheels is not None:
        files = runner.with_wheels(files, [file.path for file in carried])
    files += carried
    path = out / bundle.name
    if bundle.archive == "folder":
        write_files(files, path, field="--out")
        return f"{path}: {len(files)} files"
    if not out.is_dir():
        raise ParamsError(f"--out: {out} is no folder", remedy="Make it, or name another one.")
    content = packed(files, bundle)
    write_bytes(path, content, field="--out").chmod(0o644)
    return f"{path}: {len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}"


def _wheels(bundle: Bundle, folder: str) -> Iterator[File]:
    """The wheels that go into the bundle; none where the runner installs from the index."""
    if not bundle.wheels:
        return
    found = sorted(Path(folder).glob("*.whl")) if folder else []
    if not any(path.name.startswith("cado_sentinelone-") for path in found):
        raise ParamsError(
            f"--wheels: {bundle.name} carries its wheels, and there is none of cado-sentinelone in "
            f"{folder or 'no folder'}",
            remedy=f"Fill a folder: python -m pip download --only-binary :all: "
            f"--python-version {bundle.python} --platform manylinux2014_x86_64 --dest DIR "
            "cado-sentinelone; 'make bundles' does it for all runners.",
        )
    for path in found:
        yield File(f"{bundle.wheels}/{path.name}", path.read_bytes())
