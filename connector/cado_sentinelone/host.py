"""The plugin host: every action there is, who offers it, what clashes and what is broken."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType

from cado_sentinelone.discovery import OWN_DISTRIBUTION, Offer, offers
from cado_sentinelone.errors import ParamsError, PluginError
from cado_sentinelone.gate import nearest
from cado_sentinelone.models.action import Action


@dataclass(frozen=True)
class Offered:
    """An action and the entry point that brought it."""

    action: Action
    offer: Offer


@dataclass(frozen=True)
class Broken:
    """An entry point that could not be used, and why. It is left out; the rest works."""

    offer: Offer
    reason: str


@dataclass
class Catalogue:
    """All actions by identifier; those that two distributions offer are in `clashes` only."""

    offered: dict[str, Offered] = field(default_factory=dict)
    clashes: dict[str, list[Offer]] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)

    def actions(self) -> list[Action]:
        return [self.offered[name].action for name in sorted(self.offered)]

    def find(self, identifier: str) -> Action:
        """The action called `identifier`. Raises PluginError on a clash, ParamsError if unknown."""
        if identifier in self.clashes:
            owners = " and ".join(
                sorted({f"{o.distribution} ({o.module})" for o in self.clashes[identifier]})
            )
            raise PluginError(f"the action {identifier!r} is offered by {owners}")
        if identifier not in self.offered:
            hint = nearest(identifier, self.offered)
            raise ParamsError(
                f"there is no action {identifier!r}{hint}",
                remedy="'cado-sentinelone actions' lists them; 'plugins' shows what is broken.",
            )
        return self.offered[identifier].action


def find_action(identifier: str) -> Action:
    """The action called `identifier`, loading no other plugin where that is safe.

    Safe means: only the built-in distribution offers anything, so no name can clash. Raises
    PluginError and ParamsError as `Catalogue.find` does.
    """
    all_offers = offers()
    mine = [offer for offer in all_offers if offer.name == identifier]
    if mine and all(offer.distribution == OWN_DISTRIBUTION for offer in all_offers):
        for action in _declared(importlib.import_module(mine[0].module)):
            if action.identifier == identifier:
                return action
    return load_catalogue(all_offers).find(identifier)


def load_catalogue(all_offers: list[Offer] | None = None) -> Catalogue:
    """Imports every plugin and asks each for its actions. Never raises for a broken plugin."""
    import pluggy

    from cado_sentinelone import hookspecs
    from cado_sentinelone.plugin import PROJECT

    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    catalogue = Catalogue()
    modules: dict[str, Offer] = {}
    for offer in offers() if all_offers is None else all_offers:
        modules.setdefault(offer.module, offer)
    for offer in modules.values():
        try:
            module = importlib.import_module(offer.module)
            manager.register(module, name=offer.module)
            manager.check_pending()
            declared = list(_declared(module))
        except Exception as error:  # noqa: BLE001 - whatever a plugin raises: it is left out, the others live
            catalogue.broken.append(Broken(offer, f"{type(error).__name__}: {error}"))
            continue
        for action in declared:
            _add(catalogue, Offered(action, offer))
    return catalogue


def _declared(module: ModuleType) -> Iterator[Action]:
    hook = getattr(module, "cado_sentinelone_actions", None)
    if hook is None:
        raise PluginError(f"{module.__name__} implements no hook of cado_sentinelone")
    for action in hook():
        if not isinstance(action, Action):
            raise PluginError(f"{module.__name__} returned {type(action).__name__}, not an Action")
        yield action


def _add(catalogue: Catalogue, new: Offered) -> None:
    name = new.action.identifier
    if name in catalogue.clashes:
        catalogue.clashes[name].append(new.offer)
    elif name in catalogue.offered:
        catalogue.clashes[name] = [catalogue.offered.pop(name).offer, new.offer]
    else:
        catalogue.offered[name] = new
