"""`runners`: which products a bundle can be made for, and how far each is proven."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cado_sentinelone.console.cells import cell
from cado_sentinelone.log import log_to_stderr, new_run_id
from cado_sentinelone.runner_host import load_runners

if TYPE_CHECKING:
    import argparse


def command(parsed: argparse.Namespace) -> int:
    """Prints every runner; exit status 1 when a plugin that offers one is broken."""
    log_to_stderr("warning", new_run_id())
    runners = load_runners()
    rows = [
        {
            "identifier": runner.identifier,
            "title": runner.title,
            "bundle": runner.bundle.name,
            "proven": runner.proven,
        }
        for runner in runners.named("all")
    ]
    if parsed.json:
        print(json.dumps(rows, indent=2))
    else:
        width = max((len(row["identifier"]) for row in rows), default=0)
        for row in rows:
            print(f"{row['identifier']:<{width}}  {cell(row['title'])}")
            print(f"{'':<{width}}  bundle {row['bundle']}; {cell(row['proven'])}")
        print("\n'cado-sentinelone bundle RUNNER --out DIR' makes the file to upload.")
    return 1 if runners.broken else 0
