"""The bundle for Cortex: one folder of analyzers, one of responders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cado_sentinelone import __version__
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.rendering import render
from cado_sentinelone_manifests.thehive_cortex.check import check
from cado_sentinelone_manifests.thehive_cortex.flavors import flavors

PACKAGE = "cado_sentinelone_manifests.thehive_cortex"


def files(actions: Sequence[Action]) -> Iterable[File]:
    """A JSON file per flavor, one script for all analyzers and one for all responders."""
    description = describe(actions)
    every = flavors(description)
    for folder, kind in (("analyzers", True), ("responders", False)):
        here = [flavor for flavor in every if flavor.is_analyzer is kind]
        place = f"{folder}/CadoSentinelOne"
        for flavor in here:
            content = render(
                PACKAGE, "flavor.json.j2", flavor=flavor, version=description.version, folder=folder
            )
            yield File(f"{place}/{flavor.name}.json", content)
        subjects = {flavor.action.identifier: flavor.subject for flavor in here}
        yield File(
            f"{place}/{folder}.py",
            render(PACKAGE, f"{folder}.py.j2", subjects=subjects),
            executable=True,
        )
        yield File(
            f"{place}/requirements.txt",
            render(PACKAGE, "requirements.txt.j2", version=description.version),
        )


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="thehive_cortex",
        title="TheHive Cortex",
        render=files,
        check=check,
        bundle=Bundle(archive="zip", name=f"cortex-cado-sentinelone-{__version__}.zip"),
        proven="run by cortexutils, from a job folder and from stdin; schema checked by our own check",
    )
