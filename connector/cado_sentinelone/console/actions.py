"""`actions`: the catalogue, as a list for a person or with JSON Schemas for a machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cado_sentinelone.host import Offered, load_catalogue
from cado_sentinelone.log import log_to_stderr, new_run_id

if TYPE_CHECKING:
    import argparse


def command(parsed: argparse.Namespace) -> int:
    log_to_stderr("warning", new_run_id())
    catalogue = load_catalogue()
    if parsed.json:
        catalogue.build()
    offered = [catalogue.offered[name] for name in sorted(catalogue.offered)]
    if parsed.json:
        print(json.dumps([described(one) for one in offered], indent=2))
        return 0
    width = max((len(one.action.identifier) for one in offered), default=0)
    groups = dict.fromkeys(one.action.group for one in offered)
    for group in sorted(groups):
        print(group)
        for one in offered:
            if one.action.group == group:
                origin = "" if one.offer.is_own else f"  [{one.offer.distribution}]"
                print(f"  {one.action.identifier:<{width}}  {one.action.summary}{origin}")
    print("\n'cado-sentinelone run ACTION --help' tells what an action takes.")
    return 0


def described(offered: Offered) -> dict[str, Any]:
    """One action as JSON: what it is, takes and gives."""
    action = offered.action
    return {
        "identifier": action.identifier,
        "summary": action.summary,
        "group": action.group,
        "noun": list(action.noun),
        "uses": list(action.uses),
        "read_only": action.read_only,
        "long_running": action.long_running,
        "columns": list(action.columns),
        "distribution": offered.offer.distribution,
        "params": action.params.model_json_schema(),
        "output": action.output.model_json_schema(mode="serialization"),
    }
