"""`make bench`: speed and memory as ratios, each measured in one run, as one table.

Every row is a file of its own beside this one. `--write` puts the table into
docs/performance.md; `--only` names rows, `--pairs` takes fewer of them for a quick look.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from measure import Row
from stage import ROOT, Stage

ROWS = ("cold_start", "listing", "latency", "looks", "serving")
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", choices=ROWS, nargs="+", default=ROWS)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    arguments = parser.parse_args()
    measured: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder), arguments.pairs)
        stage.set_up()
        for name in arguments.only:
            for row in importlib.import_module(name).rows(stage):
                measured.append(row)
                print(_terminal(row), flush=True)
    if arguments.write:
        _write(_markdown(measured, arguments.pairs))
    return 0 if all(row.holds for row in measured) else 1


def _terminal(row: Row) -> str:
    verdict = "ok" if row.holds else "OVER THE LIMIT"
    return (
        f"{row.ratio:6.2f}  (at most {row.limit:.2f}, {verdict})  {row.what}: {row.figures}"
        f" ({row.against})".replace("`", "")
    )


def _markdown(measured: list[Row], pairs: int) -> str:
    lines = [
        f"Measured {datetime.now(UTC):%Y-%m-%d} with {_machine()}; medians of {pairs} pairs.",
        "",
        "| what | against | figures | ratio | at most |",
        "|---|---|---|---|---|",
    ]
    for row in measured:
        ratio = f"{row.ratio:.2f}" if row.holds else f"**{row.ratio:.2f}**"
        lines.append(f"| {row.what} | {row.against} | {row.figures} | {ratio} | {row.limit:g} |")
    return "\n".join(lines)


def _machine() -> str:
    processor = platform.processor() or platform.machine()
    facts = Path("/proc/cpuinfo")
    if facts.is_file():
        for line in facts.read_text(encoding="utf-8").split("\n"):
            if line.startswith("model name"):
                processor = line.partition(":")[2].strip()
                break
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores of {processor}, {platform.system()}, {python}"


def _write(table: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
