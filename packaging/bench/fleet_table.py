"""`make bench-fleet`: what whole fleet collections take, in turned time, as one table.

Each run is a process of its own beside a sandbox of its own (fleet_run.py); its figures are kept in
`--results`, and one that is there is not run again. `--write` puts the table into
docs/operations/fleet.md. The largest takes most of an hour.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "operations" / "fleet.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
_KILL_AT = 2500


class Shape(NamedTuple):
    """One run: so many endpoints, on this backend, by so many workers."""

    name: str
    endpoints: int
    backend: str
    workers: int


SHAPES = (
    Shape("small", 1_000, "SQLite", 1),
    Shape("middle", 10_000, "SQLite", 1),
    Shape("middle-postgres", 10_000, "PostgreSQL", 1),
    Shape("middle-postgres-4", 10_000, "PostgreSQL", 4),
    Shape("large", 100_000, "SQLite", 1),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench-fleet", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=[*(s.name for s in SHAPES), "killed"])
    parser.add_argument("--results", type=Path, help="a folder; a new one if it is left out")
    parser.add_argument("--write", action="store_true", help="into docs/operations/fleet.md")
    arguments = parser.parse_args()
    results = arguments.results or Path(tempfile.mkdtemp(prefix="fleet-bench-"))
    results.mkdir(parents=True, exist_ok=True)
    names = arguments.only or [*(shape.name for shape in SHAPES), "killed"]
    told: dict[str, dict[str, Any]] = {}
    for name in names:
        kept = results / f"{name}.json"
        if not kept.exists():
            kept.write_text(json.dumps(run(name)), encoding="utf-8")
        told[name] = json.loads(kept.read_text(encoding="utf-8"))
        print(name, json.dumps(told[name]), flush=True)
    text = table(told)
    print(text)
    if arguments.write:
        page = PAGE.read_text(encoding="utf-8")
        before, _, rest = page.partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 0


def run(name: str) -> dict[str, Any]:
    """The figures of one run, with the bytes that its ledger takes."""
    if name == "killed":
        shape = Shape(name, 5_000, "SQLite", 1)
        with stage(shape) as asset:
            died = fleet_run(asset, "--kill-at", str(_KILL_AT))
            if died.returncode != -signal.SIGKILL:
                raise SystemExit(f"it was to be killed: {died.stderr}")
            return figures(asset, fleet_run(asset, "--go-on"))
    shape = next(one for one in SHAPES if one.name == name)
    with stage(shape) as asset:
        return figures(asset, fleet_run(asset, "--workers", str(shape.workers)))


def fleet_run(asset: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "packaging/bench/fleet_run.py"), str(asset)]
    return subprocess.run(  # noqa: S603 - our own script
        [*command, "--online-only", "--hours", "168", *options],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def figures(asset: Path, ended: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    if ended.returncode:
        raise SystemExit(ended.stderr)
    told: dict[str, Any] = json.loads(ended.stdout)
    url = json.loads(asset.read_text(encoding="utf-8"))["ledger_url"]
    return told | {"ledger_bytes": ledger_bytes(url)}


def ledger_bytes(url: str) -> int:
    if url.startswith("sqlite"):
        return Path(url.removeprefix("sqlite:///")).stat().st_size
    import psycopg

    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0


@contextmanager
def stage(shape: Shape) -> Iterator[Path]:
    """The asset file of a sandbox whose time stands still until it is turned."""
    with tempfile.TemporaryDirectory(prefix="fleet-bench-") as folder:
        asset = Path(folder) / "asset.json"
        command = [
            *(sys.executable, "-m", "cado_sentinelone", "sandbox", "--port", "0"),
            *("--endpoints", str(shape.endpoints), "--sites", "200", "--speed", "0"),
            *("--write-asset", str(asset)),
        ]
        with subprocess.Popen(  # noqa: S603 - our own sandbox
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as sandbox:
            try:
                wait_for(sandbox)
                settings = json.loads(asset.read_text(encoding="utf-8"))
                with ledger_of(shape.backend, Path(folder)) as url:
                    settings["ledger_url"] = url
                    asset.write_text(json.dumps(settings), encoding="utf-8")
                    yield asset
            finally:
                sandbox.terminate()


@contextmanager
def ledger_of(backend: str, folder: Path) -> Iterator[str]:
    if backend == "SQLite":
        yield f"sqlite:///{folder / 'ledger.db'}"
        return
    sys.path.insert(0, str(ROOT))
    postgres = importlib.import_module("tests.engine.postgres")
    with (
        tempfile.TemporaryDirectory(prefix="ledger-") as own,
        postgres.running_server(Path(own)) as server,
    ):
        yield server.database()


def wait_for(sandbox: subprocess.Popen[str]) -> None:
    """Returns when it answers: it says so in its last line."""
    for line in sandbox.stderr or ():
        if "stop with" in line:
            return
    raise SystemExit("the sandbox did not start")


def least_calls(told: dict[str, Any]) -> int:
    """One import for each endpoint that was launched, and one page for each thousand endpoints,
    devices, pieces of evidence and pipelines, of which an import has two at least.
    """
    imports = told["requests"].get("POST /api/v3/import/xdr", 0)
    pages = 2 * math.ceil(told["selected"] / 1000) + 3 * math.ceil(imports / 1000)
    return int(imports + pages)


def table(told: dict[str, dict[str, Any]]) -> str:
    heads = (
        "endpoints", "ledger", "workers", "with evidence", "calls", "against the least",
        "vendors' time", "our time", "ticks a second", "resident set", "ledger, an endpoint",
        "most effects",
    )  # fmt: skip
    version = f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"
    lines = [f"Measured {datetime.now(UTC):%Y-%m-%d} with {version} by `make bench-fleet`.", ""]
    lines += [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    lines += [row(shape, told[shape.name]) for shape in SHAPES if shape.name in told]
    if "small" in told and "large" in told:
        ratio = told["large"]["most_rss_mib"] / told["small"]["most_rss_mib"]
        lines += ["", f"Resident set at 100,000 against 1,000 endpoints: {ratio:.2f}."]
    if "killed" in told:
        lines += ["", words_of_recovery(told["killed"])]
    return "\n".join(lines)


def words_of_recovery(told: dict[str, Any]) -> str:
    after = told["recovery"]
    return (
        f"Of 5,000 endpoints, the only worker was killed right before launch {_KILL_AT:,}: the next one "
        f"launched {after['first']:.0f} s of the vendors' time after the kill, and had launched all, those "
        f"that the dead one had leased among them, after {after['last'] / 60:.0f} minutes; most effects "
        f"of an endpoint: {told['most_effects']}."
    )


def row(shape: Shape, told: dict[str, Any]) -> str:
    calls = sum(told["requests"].values())
    seconds = told["working_seconds"]
    cells = (
        f"{shape.endpoints:,} ({told['selected']:,} online)",
        shape.backend,
        f"{shape.workers}",
        f"{sum(n for state, n in told['counts'].items() if state.startswith('completed')):,}",
        f"{calls:,}",
        f"{calls / least_calls(told):.3f}",
        f"{told['virtual_hours']:.1f} h",
        f"{(told['planning_seconds'] + seconds) / 60:.1f} min",
        f"{told['ticks'] / seconds:.1f}",
        f"{told['most_rss_mib']:.0f} MiB",
        f"{told['ledger_bytes'] / told['selected'] / 1000:.1f} kB",
        f"{told['most_effects']}",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
