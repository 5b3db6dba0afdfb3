"""What a story has to be like, as far as public exports show it: there is no validator to ask."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cado_sentinelone.models.runner import Problem
from cado_sentinelone_manifests.checks import loop, missing, read_json

FILES = ("collect.json", "actions.json")
BASE = "<<settings.base_url>>/v1/actions/"
KEY = "Bearer <<CREDENTIAL.cado_sentinelone>>"
_TYPES = {f"Agents::{name}Agent" for name in ("EventTransformation", "HTTPRequest", "Trigger")}
_RULES = {"regex", "!regex", "field==value", "field!=value", "field<value", "field>=value"}
_GUID = re.compile(r"[0-9a-f]{32}")
_REFERENCE = re.compile(r"<<(\w+)")


def check(folder: Path) -> Iterator[Problem]:
    """Problems of the rendered stories."""
    lacking = list(missing(folder, FILES))
    yield from lacking
    for name in FILES:
        if any(problem.path == name for problem in lacking):
            continue
        story, problems = read_json(folder, name)
        yield from problems
        if problems:
            continue
        try:
            for words in _story(story):
                yield Problem(name, words)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            yield Problem(name, f"is not a story: {error!r}")


def _story(story: dict[str, Any]) -> Iterator[str]:
    agents = story["agents"]
    known = {event_name(agent["name"]) for agent in agents}
    guids = {agent["guid"] for agent in agents} | {story["guid"]}
    if len(known) != len(agents) or len(guids) != len(agents) + 1:
        yield "two actions have one name or one guid"
    if not all(_GUID.fullmatch(guid) for guid in guids):
        yield "a guid is not of 32 hexadecimal digits"
    if json.loads(story["diagram_layout"]).keys() != guids - {story["guid"]}:
        yield "diagram_layout does not place every action"
    for agent in agents:
        yield from _agent(agent, known)
    following: dict[int, set[int]] = {number: set() for number in range(len(agents))}
    for link in story["links"]:
        if link["source"] not in following or link["receiver"] not in following:
            yield f"links {link}, which is no action"
        else:
            following[link["source"]].add(link["receiver"])
    for number, agent in enumerate(agents):
        again = loop(number, following)
        if again and not any(_counts(agents[one]) for one in again):
            yield f"{agent['name']} is in a loop that has no end"


def _agent(agent: dict[str, Any], known: set[str]) -> Iterator[str]:
    name, options = agent["name"], agent["options"]
    if agent["type"] not in _TYPES:
        yield f"{name} is of a type that Tines does not have: {agent['type']}"
    if agent["type"] == "Agents::HTTPRequestAgent":
        if not options["url"].startswith(BASE):
            yield f"{name} has a base URL of its own, not that of Settings"
        if options["headers"] != {"Authorization": KEY}:
            yield f"{name} does not send the key of the credential"
    for rule in options.get("rules", ()):
        if rule["type"] not in _RULES:
            yield f"{name} has a rule that Tines does not have: {rule['type']}"
    for reference in _REFERENCE.findall(json.dumps(options)):
        if reference not in known | {"CREDENTIAL"}:
            yield f"{name} refers to {reference}, which is no action"


def event_name(name: str) -> str:
    """What other actions call the events of the action `name`."""
    return re.sub(r"\W+", "_", name.lower())


def _counts(agent: dict[str, Any]) -> bool:
    return any(rule["type"] == "field<value" for rule in agent["options"].get("rules", ()))
