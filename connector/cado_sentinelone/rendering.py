"""Templates, rendered: the one place that knows Jinja.

Sandboxed, strict about what is undefined, and fed with nothing but what is handed over: no clock, no
environment, no file but the templates of our own packages (promise S9). The same values give the
same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cado_sentinelone.errors import InternalError

if TYPE_CHECKING:
    from jinja2 import Environment


class Quoted(str):
    """Text that a quoting function made safe for the place it goes to; nothing else reaches a
    script.
    """

    __slots__ = ()


Value = Quoted | Sequence[Quoted] | bool


def render_script(package: str, name: str, values: Mapping[str, Value]) -> str:
    """The script template of `package` with `values`.

    Raises InternalError when anything that was not quoted would get into it: a value of another
    kind, or one that the template changed.
    """
    return _scripts(package).get_template(name).render(values)


def render_page(package: str, name: str, values: Mapping[str, object]) -> str:
    """The HTML template of `package` with `values`, every one of them escaped (promise S16)."""
    return _pages(package).get_template(name).render(values)


def _only_quoted(value: object) -> object:
    if not isinstance(value, Quoted):
        raise InternalError(f"a template would put a {type(value).__name__} into a script unquoted")
    return value


@cache
def _scripts(package: str) -> Environment:
    return ImmutableSandboxedEnvironment(
        loader=PackageLoader(package),
        undefined=StrictUndefined,
        finalize=_only_quoted,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _pages(package: str) -> Environment:
    return ImmutableSandboxedEnvironment(
        loader=PackageLoader(package),
        undefined=StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
