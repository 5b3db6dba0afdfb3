"""The bundle for Tines: a story for the main job, and one with an action of Tines per action."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID, uuid5

from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.rendering import render
from cado_sentinelone_manifests.tines.check import check

PACKAGE = "cado_sentinelone_manifests.tines"
_OURS = UUID("0d6d5a0e-3f0b-4c39-9b0e-8a3e2f1d7c55")
# Each with where it stands on the storyboard and what follows it.
COLLECT: dict[str, tuple[tuple[int, int], tuple[str, ...]]] = {
    "Settings": ((300, 0), ("Collect",)),
    "Collect": ((300, 120), ("Launched", "Not launched")),
    "Launched": ((300, 240), ("Wait",)),
    "Not launched": ((600, 240), ("Failed",)),
    "Wait": ((300, 360), ("Look",)),
    "Look": ((300, 480), ("Count looks",)),
    "Count looks": (
        (300, 600),
        ("Completed", "Ended otherwise", "Look again", "Looked long enough"),
    ),
    "Completed": ((300, 720), ("Findings",)),
    "Ended otherwise": ((600, 720), ("Left",)),
    "Look again": ((0, 720), ("Wait",)),
    "Looked long enough": ((900, 720), ("Left",)),
    "Findings": ((300, 840), ()),
    "Failed": ((600, 360), ()),
    "Left": ((600, 840), ()),
}


def files(actions: Sequence[Action]) -> Iterable[File]:
    """The stories, each in the form that Tines exports and imports."""
    description = describe(actions)
    names = list(COLLECT)
    yield File(
        "collect.json",
        _story(
            "collect.json",
            "Cado SentinelOne - collect and read findings",
            {name: list(place) for name, (place, _) in COLLECT.items()},
            links=[
                {"source": names.index(name), "receiver": names.index(one)}
                for name, (_, following) in COLLECT.items()
                for one in following
            ],
        ),
    )
    titles = ["Settings", *(action.title for action in description.actions)]
    yield File(
        "actions.json",
        _story(
            "actions.json",
            "Cado SentinelOne - actions",
            {title: [300 * (i % 4), 120 * (i // 4)] for i, title in enumerate(titles)},
            description=description,
        ),
    )


def _story(file: str, title: str, places: dict[str, list[int]], **values: object) -> bytes:
    """`places` has where each action of the story stands."""
    guids = {one: uuid5(_OURS, f"{file} {one}").hex for one in (title, *places)}
    layout = {guids[one]: place for one, place in places.items()}
    return render(PACKAGE, f"{file}.j2", title=title, guids=guids, layout=layout, **values)


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="tines",
        title="Tines",
        render=files,
        check=check,
        bundle=Bundle(archive="folder", name="tines"),
        proven="not proven: only Tines' own service imports a story; checked by our own check",
    )
