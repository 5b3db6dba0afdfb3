"""Every runner that a bundle can be made for, and what of their plugins is broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from cado_sentinelone.discovery import RUNNER_GROUP, aside, offers
from cado_sentinelone.errors import ParamsError, PluginError
from cado_sentinelone.gate import nearest
from cado_sentinelone.host import Broken, asked, new_plugins
from cado_sentinelone.log import LOGGER
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import File, Runner


@dataclass
class Runners:
    """All runners by identifier. One that is offered twice is broken, and in neither's name."""

    found: dict[str, Runner] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)

    def named(self, identifier: str) -> list[Runner]:
        """The runner called `identifier`, or every one for "all". Raises ParamsError."""
        if identifier == "all":
            return [self.found[name] for name in sorted(self.found)]
        if identifier in self.found:
            return [self.found[identifier]]
        raise ParamsError(
            f"there is no runner {identifier!r}{nearest(identifier, self.found)}",
            remedy="'cado-sentinelone runners' lists them; 'all' stands for every one.",
        )


def load_runners() -> Runners:
    """Asks every plugin for its runners. Never raises for one: it is left out with a warning."""
    plugins, runners = new_plugins(), Runners()
    twice: set[str] = set()
    for offer in offers(RUNNER_GROUP):
        try:
            declared = aside(partial(asked, plugins, offer, "cado_sentinelone_runners", _check))
            for runner in declared:
                if runner.identifier in runners.found or runner.identifier in twice:
                    twice.add(runner.identifier)
                    runners.found.pop(runner.identifier, None)
                    raise PluginError(f"the runner {runner.identifier!r} is offered twice")
                runners.found[runner.identifier] = runner
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever a plugin raises: the others live
            runners.broken.append(Broken(offer, f"{type(error).__name__}: {error}"))
            LOGGER.warning(
                "runner plugin %s of %s is left out: %s", offer.name, offer.distribution, error
            )
    return runners


def rendered(runner: Runner, actions: Sequence[Action]) -> list[File]:
    """The runner's files. Raises PluginError when its plugin cannot render them."""
    try:
        return list(runner.render(actions))
    except Exception as error:  # noqa: BLE001 - whatever a plugin raises
        reason = f"{type(error).__name__}: {error}"
        raise PluginError(
            f"the runner {runner.identifier!r} cannot be rendered: {reason}"
        ) from None


def _check(record: object) -> None:
    if not isinstance(record, Runner):
        raise PluginError(f"a {type(record).__name__} was returned, not a Runner")
    if not record.identifier.isidentifier():
        raise PluginError(f"the runner's identifier {record.identifier!r} is no identifier")
