"""Writes requirements/*.txt: every package that an installation needs, pinned and hashed.

Universal: one file serves Linux, macOS and Windows from Python 3.11 on. No file names an index,
so that whoever installs decides where packages come from; the hashes decide what is accepted. The
environments that prove a runner's bundle (tests/runners) are locked for one Python each. Names on
the command line lock those alone.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Written by `make lock` from setup.cfg; do not edit.\n"

# dev holds everything, so it is solved first and the others follow its choices.
LOCKS = {
    "dev": ["pyproject.toml", "requirements/build.in", "--extra=dev"],
    "test": ["pyproject.toml", "requirements/build.in", "--extra=test"],
    "bundle": ["pyproject.toml"],
    "run": ["pyproject.toml", "requirements/build.in", "--extra=sandbox"],
    "fleet": [
        *("pyproject.toml", "requirements/build.in"),
        *("--extra=celery", "--extra=postgres", "--extra=sandbox"),
    ],
    "tools": ["requirements/tools.in"],
}


def main() -> None:
    wanted = set(sys.argv[1:])
    for name, sources in LOCKS.items():
        follow = [] if name == "dev" else ["--constraints=requirements/dev.txt"]
        if not wanted or name in wanted:
            lock(ROOT / "requirements" / f"{name}.txt", [*sources, *follow, "--universal"], "3.11")
    for proof in sorted(ROOT.glob("tests/runners/*/proof.toml")):
        if not wanted or proof.parent.name in wanted:
            lock_runner(proof)


def lock_runner(proof: Path) -> None:
    """What each environment of a runner's proof consists of, solved for its own Python."""
    for name, environment in tomllib.loads(proof.read_text()).get("environments", {}).items():
        if "node" in environment:
            # Its .npmrc keeps the index out of the file.
            command = ["npm", "install", "--package-lock-only"]
            subprocess.run(command, cwd=proof.parent / name, check=True)  # noqa: S603
            continue
        sources = [str(path) for path in proof.parent.glob(f"{name}.in")]
        if environment.get("ours"):
            sources.append("pyproject.toml")
        lock(proof.parent / f"{name}.txt", sources, environment["python"])


def lock(target: Path, sources: Sequence[str], python: str) -> None:
    """Writes `target`: all that `sources` need, pinned and hashed."""
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", *sources),
        *(f"--python-version={python}", "--generate-hashes", "--upgrade"),
        *("--no-header", "--no-annotate", "--no-config", "--quiet"),
    ]
    solved = subprocess.run(  # noqa: S603 - our own arguments
        command, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE
    )
    target.write_text(HEADER + solved.stdout, encoding="utf-8")
    pinned = [line for line in solved.stdout.splitlines() if line[:1].isalpha()]
    print(f"{target.relative_to(ROOT)}: {len(pinned)} packages")


if __name__ == "__main__":
    main()
