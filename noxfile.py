"""Proves each runner's bundle with the runner's own packages: `nox -s shuffle`, `nox -s runners`.

tests/runners/NAME is one runner: proof.toml says which environments its proof needs, the tests do the
proof. They run with the Python that runs nox; the runner's packages are in environments of their own,
beside nothing that they did not ask for. `make runners` installs nox and runs them all but the heavy
ones, which are run by their names.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import nox
from nox.command import CommandFailed

ROOT = Path(__file__).resolve().parent
PROOFS = {path.parent.name: path.parent for path in sorted(ROOT.glob("tests/runners/*/proof.toml"))}
PLANS = {
    name: tomllib.loads((folder / "proof.toml").read_text(encoding="utf-8"))
    for name, folder in PROOFS.items()
}
RESULTS = ROOT / ".nox" / "results"
TABLE_BEGIN, TABLE_END = "<!-- proofs: begin -->", "<!-- proofs: end -->"

nox.options.default_venv_backend = "venv"
nox.options.sessions = ["runners"]


class _NotHere(Exception):
    """What the proof needs cannot be had here; the words say what."""


def _prove(session: nox.Session, name: str) -> None:
    """Fills the environments and runs the proof; the result is in .nox/results either way."""
    folder, started = PROOFS[name], time.monotonic()
    result = RESULTS / f"{name}.json"
    RESULTS.mkdir(parents=True, exist_ok=True)
    result.unlink(missing_ok=True)
    variables = {"CADO_SENTINELONE_PROOF": str(result)}
    try:
        if words := PLANS[name].get("not_proven"):
            raise _NotHere(words)
        for environment, wanted in PLANS[name]["environments"].items():
            fill = _filled_by_npm if "node" in wanted else _filled
            program = fill(session, folder, environment, wanted)
            variables[f"CADO_SENTINELONE_PROOF_{environment.upper()}"] = str(program)
    except _NotHere as missing:
        told = {"runner": name, "not_proven": str(missing)}
        result.write_text(json.dumps(told), encoding="utf-8")
        session.skip(f"not proven here: {missing}")
    arguments = ["-q", "-rs", "-p", "no:cacheprovider", *session.posargs]
    try:
        session.run(
            *(sys.executable, "-m", "pytest", str(folder), *arguments),
            env=variables,
            external=True,
        )
    finally:
        told = json.loads(result.read_bytes()) if result.is_file() else {"runner": name}
        told["seconds"] = round(time.monotonic() - started)
        result.write_text(json.dumps(told), encoding="utf-8")


def _filled(
    session: nox.Session, folder: Path, environment: str, wanted: dict[str, object]
) -> Path:
    """The environment's Python, with the packages that its lock file names, and with our wheel
    where that is wanted. Raises _NotHere when it cannot be had.
    """
    place = ROOT / ".nox" / f"{folder.name}-{environment}"
    python = place / "bin" / "python"
    if not python.is_file():
        base = _interpreter(str(wanted["python"]))
        if base is None:
            raise _NotHere(f"Python {wanted['python']} is not installed")
        session.run(base, "-m", "venv", str(place), external=True)
    pip = (str(python), "-m", "pip", "--quiet", "--disable-pip-version-check")
    lock = folder / f"{environment}.txt"
    if lock.is_file():
        # The lock is whole: pip need not solve it again, which it cannot for every extra.
        install = ("install", "--no-deps", "--require-hashes", "-r", str(lock))
        try:
            session.run(*pip, *install, external=True)
        except CommandFailed:
            raise _NotHere(f"the packages of {lock.name} could not be installed") from None
    if wanted.get("ours"):
        session.run(
            *pip, "install", "--no-deps", "--force-reinstall", str(_wheel(session)), external=True
        )
    return python


def _filled_by_npm(
    session: nox.Session, folder: Path, environment: str, wanted: dict[str, object]
) -> Path:
    """A path beside the programs of the packages that package-lock.json names. What `build` names is
    compiled: what it would download is for other machines. Raises _NotHere.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise _NotHere("Node.js with npm is not installed")
    place, source = ROOT / ".nox" / f"{folder.name}-{environment}", folder / environment
    lock, filled = (source / "package-lock.json").read_bytes(), place / "filled.json"
    if not filled.is_file() or filled.read_bytes() != lock:
        shutil.copytree(source, place, dirs_exist_ok=True)
        headers = f"--nodedir={Path(node).resolve().parents[1]}"
        compiled = ("rebuild", "--ignore-scripts=false", "--build-from-source", headers)
        try:
            with session.chdir(place):
                session.run(npm, "ci", external=True)
                session.run(npm, *compiled, *wanted["build"], external=True)
        except CommandFailed:
            raise _NotHere("npm does not get its packages") from None
        filled.write_bytes(lock)
    return place / "node_modules" / ".bin" / "node"


def _interpreter(version: str) -> str | None:
    """A Python of this version that really runs: on the path, or one of pyenv's."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = sorted(root.glob(f"versions/{version}.*/bin/python{version}"))
    for candidate in (shutil.which(f"python{version}"), *map(str, found)):
        # pyenv's shims are on the path for versions that are not chosen, and then only complain.
        if candidate and not subprocess.call(  # noqa: S603 - a Python, found by its name
            [candidate, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ):
            return candidate
    return None


def _wheel(session: nox.Session) -> Path:
    """Our wheel, built once for all sessions of a run."""
    if given := os.environ.get("CADO_SENTINELONE_WHEEL"):
        return Path(given)
    folder = ROOT / ".nox" / "wheel"
    session.run(sys.executable, "packaging/build_dist.py", str(folder), external=True, silent=True)
    return next(folder.glob("*.whl"))


for _name in PROOFS:
    nox.session(name=_name, venv_backend="none")(lambda session, name=_name: _prove(session, name))


@nox.session(venv_backend="none")
def runners(session: nox.Session) -> None:
    """All proofs but the heavy ones, then one table of all; `-- --write` puts it into
    docs/runners/index.md.
    """
    wheel = str(_wheel(session))
    failed = []
    for name in PROOFS:
        if PLANS[name].get("heavy"):
            continue
        code = session.run(
            *(sys.executable, "-m", "nox", "-s", name),
            env={"CADO_SENTINELONE_WHEEL": wheel},
            external=True,
            success_codes=[0, 1],
        )
        told = _told(name)
        if not code or ("not_proven" not in told and not told.get("passed")):
            failed.append(name)
    table = _table()
    print(table)
    if "--write" in session.posargs:
        page = ROOT / "docs" / "runners" / "index.md"
        before, _, rest = page.read_text(encoding="utf-8").partition(TABLE_BEGIN)
        after = rest.partition(TABLE_END)[2]
        page.write_text(f"{before}{TABLE_BEGIN}\n{table}{TABLE_END}{after}", encoding="utf-8")
    if failed:
        session.error(f"not proven: {', '.join(failed)}")


def _told(name: str) -> dict[str, Any]:
    """What a proof said; one that never came to its tests said nothing, and has failed."""
    path = RESULTS / f"{name}.json"
    told: dict[str, Any] = json.loads(path.read_bytes()) if path.is_file() else {}
    return told


def _table() -> str:
    lines = ["| runner | its packages | validator | executed | seconds |", "|---|---|---|---|---|"]
    for name in PROOFS:
        told = _told(name)
        if not told and PLANS[name].get("heavy"):
            told = {"not_proven": f"`nox -s {name}` was not run"}
        if "not_proven" in told:
            lines.append(f"| `{name}` | | not proven here: {told['not_proven']} | | |")
            continue
        verdict = told.get("validator", "") if told.get("passed") else "**failed**"
        executed = ", ".join(dict.fromkeys(told.get("executed", [])))
        seconds = told.get("seconds", "")
        lines.append(
            f"| `{name}` | {told.get('version', '')} | {verdict} | {executed} | {seconds} |"
        )
    return "\n".join(lines) + "\n"
