"""Commands that other packages bring, found by their entry points: servers, which live long."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Sequence

from cado_sentinelone.arguments import Misused, Parser
from cado_sentinelone.console import quick
from cado_sentinelone.discovery import COMMAND_GROUP, offers
from cado_sentinelone.errors import ConnectorError, ParamsError


def run_beside(name: str, arguments: Sequence[str]) -> int:
    """Runs the command; its module says what it takes (`add_arguments`) and does it (`command`)."""
    gc.enable()  # what a quick command leaves to its end, a server cannot
    try:
        module = importlib.import_module(_module(name))
        parser = Parser(prog=f"cado-sentinelone {name}", description=module.__doc__)
        module.add_arguments(parser)
        status: int = module.command(parser.parse_args(arguments))
    except Misused:
        return 2
    except ImportError as error:
        words = ParamsError(
            f"{name}: {error.name or error} is not installed",
            remedy=f'Install the extra: pip install "cado-sentinelone[{name}]"',
        )
        return quick.refuse(name, words, as_json=False)
    except ConnectorError as error:
        return quick.refuse(name, error, as_json=False)
    return status


def _module(name: str) -> str:
    for offer in offers(COMMAND_GROUP):
        if offer.name == name and offer.is_own:
            return offer.module
    raise ParamsError(f"{name}: this installation has no such command")
