"""The bundle for XSOAR: the zip of a pack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cado_sentinelone import __version__
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.pictures import picture
from cado_sentinelone_manifests.rendering import render
from cado_sentinelone_manifests.xsoar import words
from cado_sentinelone_manifests.xsoar.check import ID, VERSION, check

PACKAGE = "cado_sentinelone_manifests.xsoar"
_INTEGRATION = f"Integrations/{ID}"
_PLAYBOOK = "Playbooks/playbook-Cado_SentinelOne_-_Collect_and_Read_Findings"
TEMPLATES = (
    ("pack_metadata.json.j2", "pack_metadata.json"),
    ("README.md.j2", "README.md"),
    ("release_notes.md.j2", f"ReleaseNotes/{VERSION.replace('.', '_')}.md"),
    ("integration.yml.j2", f"{_INTEGRATION}/{ID}.yml"),
    ("integration.py.j2", f"{_INTEGRATION}/{ID}.py"),
    ("integration_test.py.j2", f"{_INTEGRATION}/{ID}_test.py"),
    ("description.md.j2", f"{_INTEGRATION}/{ID}_description.md"),
    ("integration_README.md.j2", f"{_INTEGRATION}/README.md"),
    ("playbook.yml.j2", f"{_PLAYBOOK}.yml"),
    ("playbook_README.md.j2", f"{_PLAYBOOK}_README.md"),
)


def files(actions: Sequence[Action]) -> Iterable[File]:
    """The pack: an integration with a command per action, a playbook, pages and pictures."""
    description = describe(actions)
    commands = [
        {
            "action": action,
            "name": words.command_name(action),
            "arguments": words.arguments(action),
            "outputs": words.outputs(action),
            "prefix": words.output_prefix(action),
            "key": words.key_field(action),
            "polls": words.polls(action),
        }
        for action in description.actions
    ]
    values = {
        "id": ID,
        "version": VERSION,
        "description": description,
        "configuration": words.configuration(description),
        "commands": commands,
    }
    for template, path in TEMPLATES:
        yield File(path, render(PACKAGE, template, **values))
    yield File(f"{_INTEGRATION}/{ID}_image.png", picture("logo-120x50.png"))
    yield File(".secrets-ignore", b"")
    yield File(".pack-ignore", b"")


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="xsoar",
        title="Cortex XSOAR and XSIAM",
        render=files,
        check=check,
        bundle=Bundle(archive="zip", name=f"xsoar-{ID}-{__version__}.zip", top=ID),
        proven="passed by demisto-sdk's offline rules and packed by it; run on a stand-in for the "
        "platform's demisto object",
    )
