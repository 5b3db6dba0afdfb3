"""What n8n imports without a word, and then fails at, waits on for ever or gives away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cado_sentinelone.models.runner import Problem
from cado_sentinelone_manifests.checks import loop, missing, read_json

FILES = ("collect.json", "actions.json")
BASE = "={{ $('Settings').first().json.base_url }}/v1/actions/"
_TYPES = {
    f"n8n-nodes-base.{name}"
    for name in (
        *("executeWorkflowTrigger", "httpRequest", "if", "manualTrigger", "noOp", "set"),
        *("stickyNote", "stopAndError", "wait"),
    )
}


def check(folder: Path) -> Iterator[Problem]:
    """Problems of the rendered workflows."""
    lacking = list(missing(folder, FILES))
    yield from lacking
    for name in FILES:
        if any(problem.path == name for problem in lacking):
            continue
        workflow, problems = read_json(folder, name)
        yield from problems
        if problems:
            continue
        try:
            for words in _workflow(workflow):
                yield Problem(name, words)
        except (KeyError, TypeError, AttributeError) as error:
            yield Problem(name, f"is not a workflow: {error!r}")


def _workflow(workflow: dict[str, Any]) -> Iterator[str]:
    nodes = {node["name"]: node for node in workflow["nodes"]}
    if len(nodes) != len(workflow["nodes"]):
        yield "two nodes have one name"
    for name, node in nodes.items():
        if node["type"] not in _TYPES:
            yield f"{name} is of a type that n8n does not have: {node['type']}"
        if node["type"].endswith(".httpRequest"):
            yield from _call(name, node)
    following: dict[str, set[str]] = {name: set() for name in nodes}
    for name, outputs in workflow["connections"].items():
        targets = {link["node"] for output in outputs["main"] for link in output}
        for unknown in sorted(({name} | targets) - nodes.keys()):
            yield f"connects {unknown}, which is no node"
        following.setdefault(name, set()).update(targets & nodes.keys())
    for name in nodes:
        again = loop(name, following)
        if again and not any("$runIndex" in str(nodes[one]["parameters"]) for one in again):
            yield f"{name} is in a loop that has no end"


def _call(name: str, node: dict[str, Any]) -> Iterator[str]:
    parameters = node["parameters"]
    if not parameters["url"].startswith(BASE):
        yield f"{name} has a base URL of its own, not that of Settings"
    if "httpHeaderAuth" not in node.get("credentials", {}):
        yield f"{name} names no credential"
    if parameters.get("sendHeaders") or "Bearer" in str(parameters):
        yield f"{name} may hold a key: keep it in the credential"
