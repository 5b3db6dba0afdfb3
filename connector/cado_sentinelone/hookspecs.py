"""The hooks that a plugin may implement. Hooks return records; they change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pluggy

from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Runner
from cado_sentinelone.plugin import PROJECT

hookspec = pluggy.HookspecMarker(PROJECT)


@hookspec
def cado_sentinelone_actions() -> Iterable[Action]:  # type: ignore[empty-body]
    """The actions that this plugin declares."""


@hookspec
def cado_sentinelone_runners() -> Iterable[Runner]:  # type: ignore[empty-body]
    """The runners that this plugin can make bundles for."""


@hookspec(firstresult=True)
def cado_sentinelone_secret(source: str, reference: Mapping[str, str]) -> str | None:
    """The secret that `reference` names in `source`; None when there is none."""
