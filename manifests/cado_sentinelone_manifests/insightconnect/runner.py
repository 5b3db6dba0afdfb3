"""The bundle for InsightConnect: the specification, and our code to lay over what the product's own tool
makes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cado_sentinelone import __version__
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.insightconnect import spec
from cado_sentinelone_manifests.insightconnect.check import CODE, VERSION, check
from cado_sentinelone_manifests.pictures import picture
from cado_sentinelone_manifests.rendering import render

PACKAGE = "cado_sentinelone_manifests.insightconnect"


def files(actions: Sequence[Action]) -> Iterable[File]:
    """plugin.spec.yaml, and below overlay/ the connection, the actions and the icons."""
    description = describe(actions)
    values = {
        "version": VERSION,
        "description": description,
        "connection": spec.inputs(description.asset),
        "types": spec.types(description),
        "actions": [
            (action, spec.title_case(action.title), spec.plain(action.summary))
            for action in description.actions
        ],
        "inputs": {one.identifier: spec.inputs(one.parameters) for one in description.actions},
        "outputs": {one.identifier: spec.outputs(one) for one in description.actions},
    }
    yield File("plugin.spec.yaml", render(PACKAGE, "plugin.spec.yaml.j2", **values))
    yield File(f"{CODE}/connection/connection.py", render(PACKAGE, "connection.py.j2"))
    for action in description.actions:
        content = render(PACKAGE, "action.py.j2", action=action)
        yield File(f"{CODE}/actions/{action.function_name}/action.py", content)
    yield File("overlay/requirements.txt", render(PACKAGE, "requirements.txt.j2", **values))
    yield File("overlay/icon.png", picture("logo-200x200.png"))
    yield File("overlay/extension.png", picture("logo-200x200.png"))


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="insightconnect",
        title="Rapid7 InsightConnect",
        render=files,
        check=check,
        bundle=Bundle(archive="zip", name=f"insightconnect-cado-sentinelone-{__version__}.zip"),
        proven="made by insight-plugin, passed by its offline validators, run by its runtime on stdin "
        "and over HTTP",
    )
