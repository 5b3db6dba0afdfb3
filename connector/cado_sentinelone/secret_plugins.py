"""Secrets from where only a plugin can look: entry points of the group `cado_sentinelone_secrets`.

An entry point is called what its source is called, so that nothing of any other plugin is imported
for a reference, and that two plugins for one source are an error and not a matter of order.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cado_sentinelone.discovery import SOURCE_GROUP, Offer, aside, offers
from cado_sentinelone.errors import AssetError, ConnectorError, PluginError
from cado_sentinelone.gate import nearest
from cado_sentinelone.host import sole_plugin
from cado_sentinelone.secret_sources import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

_HOOK = "cado_sentinelone_secret"


def secret_from_plugin(source: str, reference: Mapping[str, str]) -> str:
    """The secret that the plugin for `source` finds.

    Raises AssetError when there is no such source or it has no such secret, PluginError for a
    plugin that is broken, and whatever the plugin raises of our errors.
    """
    found = offers(SOURCE_GROUP)
    named = [offer for offer in found if offer.name == source]
    if not named:
        known = [*PARTS, *(offer.name for offer in found)]
        raise AssetError(
            f"there is no source {source!r}{nearest(source, known)}",
            remedy="'cado-sentinelone plugins' shows which sources the installed plugins add.",
        )
    if len(named) > 1:
        raise PluginError(f"the source {source!r} is offered by {owners(named)}")
    try:
        secret = aside(partial(_asked, named[0], source, reference))
    except (ConnectorError, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a plugin raises: its words may quote the secret
        raise PluginError(f"{_shown(named[0])} failed with {type(error).__name__}") from None
    if secret is None:
        raise AssetError(f"the source {source!r} has no such secret")
    if not isinstance(secret, str):
        raise PluginError(f"{_shown(named[0])} returned a {type(secret).__name__}, not text")
    return secret


def secret_plugins() -> list[tuple[Offer, str]]:
    """Every plugin that adds a source, with what is wrong with it ("" when nothing is)."""
    found = offers(SOURCE_GROUP)
    return [(offer, _wrong(offer, found)) for offer in found]


def owners(named: list[Offer]) -> str:
    """Who offers one source, in words."""
    return " and ".join(f"{offer.distribution} ({offer.module})" for offer in named)


def _wrong(offer: Offer, found: list[Offer]) -> str:
    if offer.name in PARTS:
        return f"the source {offer.name!r} is the connector's own"
    named = [other for other in found if other.name == offer.name]
    if len(named) > 1:
        return f"the source {offer.name!r} is offered by {owners(named)}"
    try:
        aside(partial(sole_plugin, offer, _HOOK))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever it is: it is told
        return f"{type(error).__name__}: {error}"
    return ""


def _asked(offer: Offer, source: str, reference: Mapping[str, str]) -> object:
    answer: object = sole_plugin(offer, _HOOK).hook.cado_sentinelone_secret(
        source=source, reference=dict(reference)
    )
    return answer


def _shown(offer: Offer) -> str:
    return f"the plugin {offer.distribution} ({offer.module})"
