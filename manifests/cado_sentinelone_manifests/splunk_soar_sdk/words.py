"""The classes of an SDK app: what each field of a form or a record is called and typed there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cado_sentinelone_manifests.description import ActionDescription, Description
from cado_sentinelone_manifests.fields import Parameter, Result
from cado_sentinelone_manifests.splunk_soar.words import contains

_TYPES = {"boolean": "bool", "integer": "int", "integers": "int", "number": "float"}


@dataclass(frozen=True)
class Field:
    """One line of a class: `options` are the keyword arguments of the SDK's function."""

    name: str
    annotation: str
    options: dict[str, Any]


@dataclass(frozen=True)
class OutputClass:
    """One class of an output; the ones that it holds come before it."""

    name: str
    fields: tuple[Field, ...]


def asset(description: Description) -> list[Field]:
    """The asset's settings. An action says itself which of them it lacks."""
    return [
        Field(
            one.name,
            f"{_form_type(one)} | None",
            {
                "description": one.description or one.title,
                **_default(one),
                **({"sensitive": True} if one.kind == "secret" else {}),
            },
        )
        for one in description.asset
    ]


def params(action: ActionDescription) -> list[Field]:
    """What the action takes; the platform's forms know no lists but texts split at commas."""
    found = []
    for one in action.parameters:
        options: dict[str, Any] = {"description": one.description or one.title}
        options |= _default(one)
        if cef_types := contains(one.name, one.soar):
            options |= {"primary": True, "cef_types": cef_types}
        if one.kind == "choice":
            options["value_list"] = [choice for choice in one.choices if choice]
        if one.kind in ("texts", "integers"):
            options["allow_list"] = True
        if one.kind == "secret":
            options["sensitive"] = True
        annotation = _form_type(one)
        found.append(
            Field(one.name, annotation if one.required else f"{annotation} | None", options)
        )
    return found


def outputs(action: ActionDescription) -> list[OutputClass]:
    """The classes of the action's records, the whole record last."""
    tree: dict[str, Any] = {}
    for result in action.results:
        place = tree
        for name in result.path[:-1]:
            place = place.setdefault(name, {})
        place[result.path[-1]] = result
    return list(_classes(f"{action.class_name}Output", tree, action.columns))


def _classes(name: str, tree: dict[str, Any], columns: Sequence[str]) -> Iterator[OutputClass]:
    fields = []
    for key, given in tree.items():
        plain = key.removesuffix("[]")
        if isinstance(given, dict):
            inner = name + "".join(part.capitalize() for part in plain.split("_"))
            yield from _classes(inner, given, ())
            annotation, options = inner, {}
        elif given.kind == "object":
            continue  # without a data path; the record still holds it
        else:
            annotation, options = _TYPES.get(given.kind, "str"), _options(given, plain, columns)
        whole = f"list[{annotation}] | None" if key.endswith("[]") else f"{annotation} | None"
        fields.append(Field(plain, whole, options))
    yield OutputClass(name, tuple(fields))


def _options(result: Result, name: str, columns: Sequence[str]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if cef_types := contains(name, result.soar):
        options["cef_types"] = cef_types
    example = result.example
    if example not in ("", None, [], {}) and result.kind != "boolean":
        options["example_values"] = example if isinstance(example, list) else [example]
    if name in columns:
        options["column_name"] = name.replace("_", " ").capitalize()
    return options


def _form_type(one: Parameter) -> str:
    return "str" if one.kind == "integers" else _TYPES.get(one.kind, "str")


def _default(one: Parameter) -> dict[str, Any]:
    return {} if one.default in (None, "", []) else {"default": one.default}
