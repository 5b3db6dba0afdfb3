"""Makes every runner's bundle into a folder; `make bundles` runs it.

Where a product installs offline, its bundle carries the wheels: ours, built here, and all that it
needs, as requirements/run.txt pins and hashes it, for the product's own Python.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cado_sentinelone.models.runner import Bundle
from cado_sentinelone.runner_host import load_runners

ROOT = Path(__file__).resolve().parent.parent
PLATFORMS = ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64")


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "dist")
    out.mkdir(parents=True, exist_ok=True)
    run("packaging/build_dist.py", str(out))
    for runner in load_runners().named("all"):
        wheels: list[str] = []
        if runner.bundle.wheels:
            folder = ROOT / "build" / f"wheels-{runner.bundle.python}"
            fill(folder, runner.bundle, next(out.glob("*.whl")))
            wheels = ["--wheels", str(folder)]
        run("-m", "cado_sentinelone", "bundle", runner.identifier, "--out", str(out), *wheels)


def fill(folder: Path, bundle: Bundle, ours: Path) -> None:
    """`folder` with every wheel that the bundle carries, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.whl"):
        old.unlink()
    run(
        *("-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--dest", str(folder)),
        *("--only-binary=:all:", f"--python-version={bundle.python}", "--implementation=cp"),
        *(f"--platform={platform}" for platform in PLATFORMS),
        *("--require-hashes", "--no-deps", "-r", "requirements/bundle.txt"),
    )
    (folder / ours.name).write_bytes(ours.read_bytes())


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True)  # noqa: S603 - our own


if __name__ == "__main__":
    main()
