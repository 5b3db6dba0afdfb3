"""What a validator of Swagger lets pass, and the designer refuses or gets wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cado_sentinelone.models.runner import Problem
from cado_sentinelone_manifests.checks import missing, read_json

DEFINITION, PROPERTIES = "apiDefinition.swagger.json", "apiProperties.json"
_NOT_TAKEN = ("anyOf", "oneOf", "allOf", "$defs", "nullable", "const")


def check(folder: Path) -> Iterator[Problem]:
    """Problems of the rendered connector."""
    lacking = list(missing(folder, (DEFINITION, PROPERTIES)))
    yield from lacking
    if lacking:
        return
    document, problems = read_json(folder, DEFINITION)
    properties, more = read_json(folder, PROPERTIES)
    yield from (*problems, *more)
    if problems or more:
        return
    try:
        yield from _definition(document)
        yield from _properties(properties, document)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        yield Problem(DEFINITION, f"is not a custom connector: {error!r}")


def _definition(document: dict[str, Any]) -> Iterator[Problem]:
    if document["swagger"] != "2.0":
        yield Problem(DEFINITION, "is not Swagger 2.0, which is all that the designer takes")
    if "/" in document["host"]:
        yield Problem(DEFINITION, "host has more than a name and a port")
    if document["schemes"] != ["https"]:
        yield Problem(DEFINITION, "schemes: the key would cross the network in the clear")
    for path, methods in document["paths"].items():
        for operation in methods.values():
            yield from _operation(path, operation)
    for name, schema in document["definitions"].items():
        for place, part in _parts(schema, name):
            for word in sorted(part.keys() & set(_NOT_TAKEN)):
                yield Problem(DEFINITION, f"{place} has {word}, which Swagger 2.0 does not know")
    used = set(_references(document["paths"])) | set(_references(document["definitions"]))
    for name in sorted(used - document["definitions"].keys()):
        yield Problem(DEFINITION, f"there is no definition {name}")


def _operation(path: str, operation: dict[str, Any]) -> Iterator[Problem]:
    if operation.get("security") == []:
        yield Problem(DEFINITION, f"{path} would be called without the key")
    if not str(operation["operationId"]).isidentifier():
        yield Problem(DEFINITION, f"{path}: operationId has more than letters and digits")
    if not operation.get("summary") or not operation.get("description"):
        yield Problem(DEFINITION, f"{path} has no summary or no description to be shown by")
    if "200" not in operation["responses"]:
        yield Problem(DEFINITION, f"{path} does not say what it answers")


def _properties(properties: dict[str, Any], document: dict[str, Any]) -> Iterator[Problem]:
    ((name, scheme),) = document["securityDefinitions"].items()
    if (scheme["type"], scheme["in"], scheme["name"]) != ("apiKey", "header", "Authorization"):
        yield Problem(DEFINITION, "the key is not sent as the header Authorization")
    if document["security"] != [{name: []}]:
        yield Problem(DEFINITION, "the actions would be called without the key")
    asked = properties["properties"]["connectionParameters"].get(name, {})
    if asked.get("type") != "securestring":
        yield Problem(PROPERTIES, f"{name} is not asked for as a secret")


def _parts(part: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - JSON
    """Every schema inside this one; a property may be called anything."""
    yield place, part
    for name, inner in part.get("properties", {}).items():
        yield from _parts(inner, f"{place}.{name}")
    if "items" in part:
        yield from _parts(part["items"], f"{place}[]")


def _references(part: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(part, dict):
        if isinstance(reference := part.get("$ref"), str):
            yield reference.removeprefix("#/definitions/")
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _references(one)
