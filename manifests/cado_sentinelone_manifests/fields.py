"""One field of a form or of a record, in words that every runner's types can be made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cado_sentinelone_manifests.examples import example_of

Kind = Literal[
    "text",
    "secret",
    "choice",
    "integer",
    "number",
    "boolean",
    "texts",
    "integers",
    "moment",
    "object",
]
_DEEPEST = 6


@dataclass(frozen=True)
class Parameter:
    """One parameter of an action, or one setting of the asset.

    `default` and `example` are as JSON has them; `texts` is a list of texts, for which every form
    may also take one text split at commas. `choices` is empty unless it is one of a few.
    """

    name: str
    kind: Kind
    description: str
    required: bool
    default: Any
    choices: tuple[str, ...]
    soar: str
    example: Any
    minimum: float | None = None
    maximum: float | None = None

    @property
    def title(self) -> str:
        """The label of a form: "hostname_contains" is "Hostname contains"."""
        return title(self.name)


@dataclass(frozen=True)
class Result:
    """One place in a record. `path` holds its names; a name that ends in "[]" is a list's."""

    path: tuple[str, ...]
    kind: Kind
    description: str
    soar: str
    example: Any

    @property
    def dotted(self) -> str:
        """The path as one text, without the lists' brackets."""
        return ".".join(name.removesuffix("[]") for name in self.path)


def title(name: str) -> str:
    """A label made from an identifier; what is an abbreviation is written as one."""
    words = [_ABBREVIATIONS.get(word, word) for word in name.split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


_ABBREVIATIONS = {
    "id": "ID", "ids": "IDs", "url": "URL", "tls": "TLS", "api": "API", "ca": "CA", "ip": "IP",
    "os": "OS", "sha256": "SHA-256", "uuid": "UUID", "sentinelone": "SentinelOne", "cado": "Cado",
    "html": "HTML", "json": "JSON",
}  # fmt: skip


def parameters(schema: Mapping[str, Any]) -> tuple[Parameter, ...]:
    """What a form with this JSON Schema takes, in its order."""
    required = set(schema.get("required", ()))
    found = []
    for name, given in schema.get("properties", {}).items():
        part = resolved(given, schema)
        kind, choices = _kind(part)
        default = given.get("default")
        found.append(
            Parameter(
                name=name,
                kind=kind,
                description=_sentence(given.get("description") or part.get("description", "")),
                required=name in required,
                default=None if kind == "secret" else default,
                choices=choices,
                soar=part.get("soar", ""),
                example=None if kind == "secret" else example_of(name, kind, given, choices),
                minimum=part.get("minimum", part.get("exclusiveMinimum")),
                maximum=part.get("maximum", part.get("exclusiveMaximum")),
            )
        )
    return tuple(found)


def results(schema: Mapping[str, Any]) -> tuple[Result, ...]:
    """Every place of a record with this JSON Schema that holds a value, in its order."""
    return tuple(_places(schema, schema, (), _DEEPEST))


def _places(
    part: Mapping[str, Any], whole: Mapping[str, Any], above: tuple[str, ...], deepest: int
) -> Iterator[Result]:
    for name, given in part.get("properties", {}).items():
        inner = resolved(given, whole)
        path = (*above, name)
        if inner.get("type") == "array":
            element = resolved(inner.get("items", {}), whole)
            if element.get("properties") and deepest:
                yield from _places(element, whole, (*above, f"{name}[]"), deepest - 1)
                continue
        elif inner.get("properties") and deepest:
            yield from _places(inner, whole, path, deepest - 1)
            continue
        kind, choices = _kind(inner)
        if kind in ("texts", "integers"):
            path = (*above, f"{name}[]")
        yield Result(
            path=path,
            kind=kind,
            description=_sentence(given.get("description") or inner.get("description", "")),
            soar=inner.get("soar", ""),
            example=example_of(name, kind, inner, choices),
        )


def resolved(given: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """`given` with what it refers to, and without the null that an optional one allows."""
    part = dict(given)
    while True:
        if reference := part.pop("$ref", ""):
            part = {**whole.get("$defs", {}).get(reference.rpartition("/")[2], {}), **part}
            continue
        options = [one for one in part.pop("anyOf", ()) if one.get("type") != "null"]
        if len(options) != 1:
            return part
        part = {**options[0], **part}


def _kind(part: Mapping[str, Any]) -> tuple[Kind, tuple[str, ...]]:
    match part.get("type"):
        case "string" if part.get("format") == "password":
            return "secret", ()
        case "string" if part.get("format") == "date-time":
            return "moment", ()
        case "string" if part.get("enum"):
            return "choice", tuple(part["enum"])
        case "string":
            return "text", ()
        case "integer":
            return "integer", ()
        case "number":
            return "number", ()
        case "boolean":
            return "boolean", ()
        case "array":
            element = part.get("items", {})
            if element.get("type") == "integer":
                return "integers", ()
            return ("texts" if element.get("type") == "string" else "object"), tuple(
                element.get("enum", ())
            )
        case _:
            return "object", ()


def _sentence(text: str) -> str:
    """One line that ends in a full stop, as forms show it."""
    text = " ".join(text.split())
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
