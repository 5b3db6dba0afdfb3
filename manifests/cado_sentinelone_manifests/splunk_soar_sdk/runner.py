"""The bundle for Splunk SOAR's SDK: the app's project, from which the SDK derives the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cado_sentinelone import __version__
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.description import ActionDescription, describe
from cado_sentinelone_manifests.pictures import picture
from cado_sentinelone_manifests.rendering import render
from cado_sentinelone_manifests.splunk_soar.words import kind
from cado_sentinelone_manifests.splunk_soar_sdk import words
from cado_sentinelone_manifests.splunk_soar_sdk.check import APP_ID, PROJECT, SOURCE, check

PACKAGE = "cado_sentinelone_manifests.splunk_soar_sdk"
NAME = "cado_sentinelone_app"


def files(actions: Sequence[Action]) -> Iterable[File]:
    """The project, its one module, a page and logos."""
    description = describe(actions)
    values = {
        "app_id": APP_ID,
        "version": __version__,
        "asset": words.asset(description),
        "actions": [_action(one) for one in description.actions if kind(one) != "test"],
    }
    for path in (PROJECT, SOURCE, "README.md"):
        yield File(path, render(PACKAGE, f"{path}.j2", **values))
    yield File("src/__init__.py", b'"""The app."""\n')
    yield File("logo.svg", picture("logo.svg"))
    yield File("logo_dark.svg", picture("logo_dark.svg"))


def _action(action: ActionDescription) -> dict[str, object]:
    verbose = ""
    if action.identifier == "run_collection":
        verbose = (
            "Returns at once with the collection's id. Look with the action 'get task status' until "
            "'terminal' is true; running this again gives the same collection back."
        )
    return {
        "identifier": action.identifier,
        "function_name": action.function_name,
        "class_name": action.class_name,
        "summary": action.summary,
        "verbose": verbose,
        "kind": kind(action),
        "read_only": action.read_only,
        "params": words.params(action),
        "outputs": words.outputs(action),
    }


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="splunk_soar_sdk",
        title="Splunk SOAR, SDK app",
        render=files,
        check=check,
        # Without wheels: `soarapps package build` fetches them itself, by the URLs of the lock file.
        bundle=Bundle(archive="zip", name=f"{NAME}-{__version__}.zip", top=NAME),
        proven="its manifest made by the SDK, every kind of action run with the SDK's own runner",
    )
