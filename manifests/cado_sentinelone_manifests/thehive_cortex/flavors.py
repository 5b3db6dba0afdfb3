"""A flavor per action: an analyzer for what only reads, a responder for what changes something."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cado_sentinelone_manifests.description import ActionDescription, Description
from cado_sentinelone_manifests.fields import Parameter

# Cortex removes the values of settings with one of these words in their names from its errors.
_MASKED = re.compile("key|password|secret")
PARAMETER_PREFIX = "parameter_"
_OBSERVABLES = {
    "hostname": ("hostname", "fqdn", "ip", "other"),
    "ip": ("ip",),
    "url": ("url",),
    "sha256": ("hash",),
}
_TYPES = {"integer": "number", "number": "number", "boolean": "boolean"}


@dataclass(frozen=True)
class Item:
    """One configuration item of a flavor."""

    name: str
    description: str
    type: str
    multi: bool
    default: object


@dataclass(frozen=True)
class Flavor:
    """One JSON file: an action, and the parameter that the observable or the case gives."""

    name: str
    action: ActionDescription
    is_analyzer: bool
    subject: str
    data_types: tuple[str, ...]
    items: tuple[Item, ...]


def flavors(description: Description) -> list[Flavor]:
    """Every action as a flavor; an action that takes no text has no observable to look at, so it
    is a responder of a case.
    """
    return [_flavor(action, description) for action in description.actions]


def setting_name(name: str, *, secret: bool) -> str:
    """What a setting of the asset is called in Cortex, so that a secret is masked there."""
    return f"{name}_key" if secret and not _MASKED.search(name) else name


def _flavor(action: ActionDescription, description: Description) -> Flavor:
    subject = _subject(action)
    is_analyzer = action.read_only and subject is not None
    if is_analyzer and subject:
        data_types = _OBSERVABLES.get(subject.soar, ("other",))
    elif subject and subject.name not in ("investigation", "name"):
        data_types = ("thehive:case_artifact",)
    else:
        data_types = ("thehive:case", "thehive:alert")
    return Flavor(
        name=f"CadoSentinelOne_{action.class_name}",
        action=action,
        is_analyzer=is_analyzer,
        subject=subject.name if subject else "",
        data_types=data_types,
        items=(
            *(
                _item(one, setting_name(one.name, secret=one.kind == "secret"))
                for one in description.asset
            ),
            *(
                _item(one, f"{PARAMETER_PREFIX}{one.name}" + "_key" * (one.kind == "secret"))
                for one in action.parameters
                if one is not subject
            ),
        ),
    )


def _subject(action: ActionDescription) -> Parameter | None:
    # Only an investigation is called like a case; an account is not, and must not be deleted so.
    texts = [
        one
        for one in action.parameters
        if one.kind == "text" and (one.name != "name" or action.group == "investigations")
    ]
    for candidates in (
        [one for one in texts if one.required],
        [one for one in texts if one.soar],
        texts,
    ):
        if candidates:
            return candidates[0]
    return None


def _item(one: Parameter, name: str) -> Item:
    words = one.description
    if one.choices:
        words += f" One of: {', '.join(choice for choice in one.choices if choice)}."
    return Item(
        name=name,
        description=words or one.title,
        type=_TYPES.get(one.kind, "string"),
        multi=one.kind in ("texts", "integers"),
        default=one.default if one.kind != "object" else None,
    )
