"""The bundle for Power Platform and Logic Apps: the two files of a custom connector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.power_platform.check import check
from cado_sentinelone_manifests.power_platform.schemas import definitions
from cado_sentinelone_manifests.rendering import render

PACKAGE = "cado_sentinelone_manifests.power_platform"
# What the designer offers first.
IMPORTANT = ("run_collection", "get_task_status", "get_findings", "list_endpoints")


def files(actions: Sequence[Action]) -> Iterable[File]:
    """The description of the actions as Swagger 2.0, and what the connection asks for."""
    description = describe(actions)
    content = render(
        PACKAGE,
        "apiDefinition.swagger.json.j2",
        description=description,
        definitions=definitions(description),
        important=IMPORTANT,
    )
    yield File("apiDefinition.swagger.json", content)
    yield File("apiProperties.json", render(PACKAGE, "apiProperties.json.j2"))


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="power_platform",
        title="Power Platform and Logic Apps",
        render=files,
        check=check,
        bundle=Bundle(archive="folder", name="power_platform"),
        proven="valid Swagger 2.0, called by generic clients of it; not imported anywhere",
    )
