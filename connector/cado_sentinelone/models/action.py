"""What an action is: its parameters, its records, and the run it happens in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from cado_sentinelone.models.form import Form
from cado_sentinelone.models.run import Run

if TYPE_CHECKING:
    from cado_sentinelone.models.asset import Asset

# Run belongs to what an action is declared with, so plugins find it here as well.
__all__ = ["Action", "Output", "Params", "Run", "SoarKind", "Uses"]

SoarKind = Literal["hostname", "ip", "agent id", "account id", "site id", "sha256", "url"]
Uses = Literal["sentinelone", "cado", "cado_account_name"]


class Params(Form):
    """The parameters of one action."""


class Output(BaseModel):
    """One record of an action's data."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


@dataclass(frozen=True)
class Action:
    """One action: what it is called, takes and gives, and the function that does it.

    `run` returns one Output or any iterable of them; an iterator is streamed to the caller.
    `noun` names what the records are, singular and plural, for messages and tables.
    `columns` are the fields that a table shows first. `plain` names a function, as
    "module:function", that takes and does the same but yields each record as a dict: it runs
    instead of `run` when nothing in the request needs a model, and must not import one (plain.py).
    """

    identifier: str
    summary: str
    params: type[Params]
    output: type[Output]
    run: Callable[[Asset, Any, Run], Output | Iterable[Output]]
    noun: tuple[str, str]
    group: str
    uses: tuple[Uses, ...] = ()
    read_only: bool = True
    long_running: bool = False
    columns: tuple[str, ...] = ()
    plain: str = ""
