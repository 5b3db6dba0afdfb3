"""Writes tests/golden/RUNNER: every runner's rendered files, so that a change of an action is seen in
all of them as a diff. `make goldens` runs it and a test holds the files to it.

What is not text is kept as its digest, in one list.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.runner_host import load_runners

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden"
DIGESTS = "not-text.sha256"


def goldens(runner_name: str) -> dict[str, bytes]:
    """What should lie below the runner's folder. Only our own actions are in it."""
    catalogue = load_catalogue()
    actions = [
        catalogue.offered[name].action
        for name in sorted(catalogue.offered)
        if catalogue.offered[name].offer.is_own
    ]
    found: dict[str, bytes] = {}
    digests = []
    for file in load_runners().found[runner_name].render(actions):
        try:
            file.content.decode()
            found[file.path] = file.content
        except UnicodeDecodeError:
            digests.append(f"{hashlib.sha256(file.content).hexdigest()}  {file.path}\n")
    if digests:
        found[DIGESTS] = "".join(sorted(digests)).encode()
    return found


def main() -> None:
    for name in load_runners().found:
        shutil.rmtree(GOLDEN / name, ignore_errors=True)
        for path, content in goldens(name).items():
            target = GOLDEN / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        print(f"tests/golden/{name}")


if __name__ == "__main__":
    main()
