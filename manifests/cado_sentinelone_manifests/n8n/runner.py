"""The bundle for n8n: a ready workflow for the main job, and one with a node per action."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.description import ActionDescription, describe
from cado_sentinelone_manifests.n8n.check import FILES, check
from cado_sentinelone_manifests.rendering import render

PACKAGE = "cado_sentinelone_manifests.n8n"


def files(actions: Sequence[Action]) -> Iterable[File]:
    """The workflows, each in the form that n8n imports."""
    description = describe(actions)
    notes = {action.identifier: _notes(action) for action in description.actions}
    for name in FILES:
        yield File(name, render(PACKAGE, f"{name}.j2", description=description, notes=notes))


def _notes(action: ActionDescription) -> str:
    """What a node's body may hold, for the person who fills it in."""
    lines = [action.summary]
    for one in action.parameters:
        choices = f" ({', '.join(filter(None, one.choices))})" if one.choices else ""
        lines.append(f"{one.name}{' *' if one.required else ''}: {one.description}{choices}")
    return "\n".join(lines)


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="n8n",
        title="n8n",
        render=files,
        check=check,
        bundle=Bundle(archive="folder", name="n8n"),
        proven="imported and executed by n8n itself",
    )
