"""Writes requirements/*.txt: every package that an installation needs, pinned and hashed.

Universal: one file serves Linux, macOS and Windows from Python 3.11 on. No file names an index,
so that whoever installs decides where packages come from; the hashes decide what is accepted.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Written by `make lock` from setup.cfg; do not edit.\n"

# dev holds everything, so it is solved first and the others follow its choices.
LOCKS = {
    "dev": ["pyproject.toml", "requirements/build.in", "--extra=dev"],
    "test": ["pyproject.toml", "requirements/build.in", "--extra=test"],
    "run": ["pyproject.toml", "requirements/build.in", "--extra=sandbox"],
    "tools": ["requirements/tools.in"],
}


def main() -> None:
    for name, sources in LOCKS.items():
        target = ROOT / "requirements" / f"{name}.txt"
        follow = [] if name == "dev" else ["--constraints=requirements/dev.txt"]
        command = [
            *(sys.executable, "-m", "uv", "pip", "compile", *sources, *follow),
            *("--universal", "--python-version=3.11", "--generate-hashes", "--upgrade"),
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
