"""The command line as a process of its own, with or without other people's plugins installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[2] / "fixtures" / "plugins"


class CommandLine:
    """Runs `python -m cado_sentinelone`; `plugins` are distributions of tests/fixtures/plugins."""

    def __init__(self, folder: Path, plugins: tuple[str, ...] = ()) -> None:
        self._folder = folder
        roots = [str(PLUGINS / name) for name in plugins]
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("CADO_SENTINELONE_")
        } | {
            # What can be imported here can be imported there.
            "PYTHONPATH": os.pathsep.join([*roots, *filter(None, sys.path)]),
            "XDG_STATE_HOME": str(folder / "state"),
        }

    def install(self, name, module, *, group="cado_sentinelone", entries=None):
        """Puts a distribution of one module on the path; `entries` are its entry points' lines."""
        root = self._folder / f"installed-{name}"
        facts = root / f"{name}-1.0.dist-info"
        facts.mkdir(parents=True)
        (root / f"{name}.py").write_text(module, encoding="utf-8")
        lines = f"[{group}]\n" + (f"{name} = {name}\n" if entries is None else entries)
        (facts / "entry_points.txt").write_text(lines, encoding="utf-8")
        (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        self.environment["PYTHONPATH"] = os.pathsep.join(
            [str(root), self.environment["PYTHONPATH"]]
        )
        return root

    def run(self, *arguments, stdin=b"", status=None, **environment):
        done = subprocess.run(  # noqa: S603 - this interpreter, our own program
            [sys.executable, "-m", "cado_sentinelone", *map(str, arguments)],
            check=False,
            capture_output=True,
            input=stdin,
            cwd=self._folder,
            env=self.environment | environment,
            timeout=60,
        )
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in done.stdout
        if status is not None:
            assert done.returncode == status, done.stderr + done.stdout
        return done

    def document(self, *arguments, stdin=b"", status=None, **environment):
        """Standard output, which has to be exactly one JSON document."""
        return json.loads(self.run(*arguments, stdin=stdin, status=status, **environment).stdout)


@pytest.fixture
def command_line(tmp_path):
    return CommandLine(tmp_path)


@pytest.fixture
def with_plugins(tmp_path):
    return lambda *names: CommandLine(tmp_path, names)
