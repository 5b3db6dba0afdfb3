"""`make chaos`: the long form, as a table; `--write` puts it into docs/operations/fleet.md."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos.chaos import Result, Scene, chaos
from tests.chaos.servers import GROUNDS, Ground, missing, standing

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operations" / "fleet.md"
BEGIN, END = "<!-- chaos: begin -->", "<!-- chaos: end -->"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--endpoints", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--speed", type=float, default=30.0)
    parser.add_argument("--via", choices=("cado", "remoteops"), default="cado")
    parser.add_argument("--hours", type=float, default=2.0, help="for each run, at most")
    parser.add_argument("--only", type=int, nargs="+", default=range(len(GROUNDS)))
    parser.add_argument("--write", action="store_true", help=f"into {PAGE.name}")
    arguments = parser.parse_args()
    scene = Scene(
        endpoints=arguments.endpoints,
        workers=arguments.workers,
        ledger_url="",
        seed=arguments.seed,
        speed=arguments.speed,
        via=arguments.via,
        limit_seconds=arguments.hours * 3600,
    )
    rows: list[str] = []
    holds = True
    for ground in [GROUNDS[number] for number in arguments.only]:
        if why := missing(ground):
            print(f"{ground.name}: {why}", flush=True)
            holds = False
            continue
        with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
            with standing(ground, Path(folder), replace(scene)) as played:
                result = chaos(played, Path(folder))
            if not is_well(result):
                holds = False
                print((Path(folder) / "workers.log").read_text(errors="replace")[-5000:])
        rows.append(row_of(ground, result))
        print(rows[-1], flush=True)
    if arguments.write:
        write(table(scene, rows))
    return 0 if holds else 1


def is_well(result: Result) -> bool:
    return not (
        result.open
        or result.wrong_sums
        or result.most_effects > 1
        or result.state not in ("completed", "expired")
    )


def row_of(ground: Ground, result: Result) -> str:
    counts = ", ".join(f"{count:,} {state}" for state, count in sorted(result.counts.items()))
    return (
        f"| {ground.name} | {result.kills:,} | {result.cuts:,} | {result.restarts} "
        f"| {result.seconds / 60:.0f} min | {counts.replace('_', ' ')} | {result.most_effects} "
        f"| {result.samples - len(result.wrong_sums):,} of {result.samples:,} |"
    )


def table(scene: Scene, rows: list[str]) -> str:
    machine = f"{platform.system()}, {platform.python_implementation()} {platform.python_version()}"
    what = (
        f"Measured {datetime.now(UTC):%Y-%m-%d} with {scene.endpoints:,} endpoints, {scene.workers} "
        f"workers, via={scene.via}, seed {scene.seed}, time turned {scene.speed:g} times; {machine}."
    )
    heads = (
        "ledger, work", "workers killed", "connections cut", "broker restarts", "took", "ended as",
        "most effects of an endpoint", "counts that added up",
    )  # fmt: skip
    return "\n".join([what, "", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *rows])


def write(text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
