"""The plugin host: every action there is, who offers it, what clashes and what is broken."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial, reduce
from typing import TYPE_CHECKING

from cado_sentinelone.declaration import wrong_fields
from cado_sentinelone.discovery import INDEX_GROUP, Offer, aside, index_of, offers
from cado_sentinelone.errors import ParamsError, PluginError
from cado_sentinelone.gate import nearest
from cado_sentinelone.log import LOGGER
from cado_sentinelone.models.action import Action
from cado_sentinelone.plugin import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    import pluggy


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
    """All actions by identifier; those that are offered twice are in `clashes` only."""

    offered: dict[str, Offered] = field(default_factory=dict)
    clashes: dict[str, list[Offer]] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)

    def actions(self) -> list[Action]:
        """Every action that can be run, by identifier."""
        return [self.offered[name].action for name in sorted(self.offered)]

    def find(self, identifier: str) -> Action:
        """The action called `identifier`. Raises PluginError on a clash, ParamsError if unknown."""
        if identifier in self.clashes:
            raise PluginError(f"the action {identifier!r} is offered by {self.owners(identifier)}")
        for broken in self.broken:
            if broken.offer.name == identifier and identifier not in self.offered:
                raise PluginError(
                    f"the action {identifier!r} cannot be loaded from {broken.offer.distribution}"
                    f" ({broken.offer.module}): {broken.reason}"
                )
        if identifier not in self.offered:
            raise unknown_action(identifier, self.offered)
        return self.offered[identifier].action

    def build(self) -> None:
        """Builds every model, which is done when it is used otherwise; what cannot be built is
        broken.
        """
        for name, offered in list(self.offered.items()):
            try:
                params_schema(offered.action)
                output_schema(offered.action)
            except PluginError as error:
                del self.offered[name]
                self.broken.append(Broken(offered.offer, error.message))
                LOGGER.warning("action %s is left out: %s", name, error.message)

    def owners(self, identifier: str) -> str:
        """Who offers the clashing `identifier`, in words."""
        owners = [f"{offer.distribution} ({offer.module})" for offer in self.clashes[identifier]]
        if len(set(owners)) == 1:
            return f"{owners[0]}, {len(owners)} times"
        return " and ".join(dict.fromkeys(owners))


def unknown_action(identifier: str, names: Iterable[str]) -> ParamsError:
    """The error for an action that does not exist, with the nearest one that does."""
    return ParamsError(
        f"there is no action {identifier!r}{nearest(identifier, names)}",
        remedy="'cado-sentinelone actions' lists them; 'plugins' shows what is broken.",
    )


def find_action(identifier: str) -> Action:
    """The action called `identifier`, loading no more than it takes to be sure.

    Built-in actions are known by their entry points' names (a test holds them to that). What
    anybody else's plugin is called says nothing about its actions, so those are all asked. Raises
    PluginError and ParamsError as `Catalogue.find` does.
    """
    all_offers = offers()
    own = [offer for offer in all_offers if offer.is_own and offer.name == identifier]
    others = [offer for offer in all_offers if not offer.is_own]
    if own and not others and (action := _own_action(own[0])):
        return action
    catalogue = load_catalogue(own + others)
    if identifier in catalogue.offered or identifier in catalogue.clashes:
        return catalogue.find(identifier)
    return load_catalogue(all_offers).find(identifier)


def _own_action(offer: Offer) -> Action | None:
    """The built-in action that `offer` names, or None when something is wrong with it."""
    try:
        declared: Iterable[Action] = importlib.import_module(
            offer.module
        ).cado_sentinelone_actions()
        return next(action for action in declared if action.identifier == offer.name)
    except Exception:  # noqa: BLE001 - the catalogue will say what it is
        return None


def load_catalogue(all_offers: list[Offer] | None = None) -> Catalogue:
    """Imports every plugin and asks each for its actions.

    Never raises for a plugin: one that cannot be used is left out with a warning in the log, and
    an action that is offered twice is in neither's name.
    """
    plugins = new_plugins()
    catalogue = Catalogue()
    # Several entry points of one distribution may name one plugin, which declares them all.
    by_plugin: dict[tuple[str, str, str], list[Offer]] = {}
    for offer in offers() if all_offers is None else all_offers:
        key = (offer.distribution, offer.module, offer.attribute)
        by_plugin.setdefault(key, []).append(offer)
    for same in by_plugin.values():
        try:
            declared = aside(partial(_declared, plugins, same[0]))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever a plugin raises: the others live
            reason = f"{type(error).__name__}: {error}"
            catalogue.broken += [Broken(offer, reason) for offer in same]
            names = ", ".join(offer.name for offer in same)
            LOGGER.warning("plugin %s of %s is left out: %s", names, same[0].distribution, reason)
            continue
        for action in declared:
            _add(catalogue, Offered(action, same[0]))
    for name in catalogue.clashes:
        LOGGER.warning("action %s is left out: offered by %s", name, catalogue.owners(name))
    return catalogue


def params_schema(action: Action) -> dict[str, Any]:
    """What `action` takes, as JSON Schema. Raises PluginError when its model cannot be built."""
    try:
        return action.params.model_json_schema()
    except Exception as error:  # noqa: BLE001 - whatever a plugin's model raises
        raise unbuilt(action, error) from None


def output_schema(action: Action) -> dict[str, Any]:
    """What `action` gives, as JSON Schema. Raises PluginError when its model cannot be built."""
    try:
        return action.output.model_json_schema(mode="serialization")
    except Exception as error:  # noqa: BLE001 - whatever a plugin's model raises
        raise unbuilt(action, error) from None


def unbuilt(action: Action, error: Exception) -> PluginError:
    """The error for a model of `action` that cannot be built."""
    reason = str(error).partition("\n")[0]
    return PluginError(f"a model of the action {action.identifier!r} cannot be built: {reason}")


def broken_indexes() -> list[Broken]:
    """The indexes (see discovery.index) that cannot be read; their actions work without."""
    broken = []
    for offer in offers(INDEX_GROUP):
        try:
            index_of(offer)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is: it is told
            broken.append(Broken(offer, f"{type(error).__name__}: {error}"))
    return broken


def _declared(plugins: pluggy.PluginManager, offer: Offer) -> list[Action]:
    """The actions of one plugin, which stays registered only if all is well with it."""

    def check(action: object) -> None:
        if not isinstance(action, Action):
            raise PluginError(f"{offer.module} returned {type(action).__name__}, not an Action")
        if wrong := wrong_fields(action):
            raise PluginError(f"the action {action.identifier!r} is wrong: {'; '.join(wrong)}")

    return asked(plugins, offer, "cado_sentinelone_actions", check)


def asked(
    plugins: pluggy.PluginManager,
    offer: Offer,
    hook_name: str,
    check: Callable[[object], None],
) -> list[Any]:
    """What one plugin returns for a hook, each record of it checked; nothing when it does not
    implement it. The plugin stays registered only if all is well with it.
    """
    plugin = _register(plugins, offer)
    try:
        plugins.check_pending()
        others = [other for other in plugins.get_plugins() if other is not plugin]
        hook = plugins.subset_hook_caller(hook_name, others)
        if not plugins.get_hookcallers(plugin):
            raise PluginError(f"{offer.module} implements no hook of {PROJECT}")
        returned = hook()
        if hook.get_hookimpls() and not returned:
            raise PluginError(f"{offer.module} returned nothing for {hook_name}")
        declared = [record for records in returned for record in records]
        for record in declared:
            check(record)
    except BaseException:
        plugins.unregister(plugin)
        raise
    return declared


def sole_plugin(offer: Offer, hook_name: str) -> pluggy.PluginManager:
    """A plugin manager with this one plugin. Raises PluginError when it lacks the hook, and
    whatever importing it raises.
    """
    plugins = new_plugins()
    plugin = _register(plugins, offer)
    plugins.check_pending()
    if not any(hook.name == hook_name for hook in plugins.get_hookcallers(plugin) or ()):
        raise PluginError(
            f"the plugin {offer.distribution} ({offer.module}) does not implement {hook_name}"
        )
    return plugins


def new_plugins() -> pluggy.PluginManager:
    """A plugin manager that knows our hooks."""
    import pluggy

    from cado_sentinelone import hookspecs

    plugins = pluggy.PluginManager(PROJECT)
    plugins.add_hookspecs(hookspecs)
    return plugins


def _register(plugins: pluggy.PluginManager, offer: Offer) -> object:
    plugin = _loaded(offer)
    plugins.register(plugin, name=f"{offer.distribution}: {offer.module}:{offer.attribute}")
    return plugin


def _loaded(offer: Offer) -> object:
    module: object = importlib.import_module(offer.module)
    return reduce(getattr, filter(None, offer.attribute.split(".")), module)


def _add(catalogue: Catalogue, new: Offered) -> None:
    name = new.action.identifier
    if name in catalogue.clashes:
        catalogue.clashes[name].append(new.offer)
    elif name in catalogue.offered:
        catalogue.clashes[name] = [catalogue.offered.pop(name).offer, new.offer]
    else:
        catalogue.offered[name] = new
