"""Templates of bundles, rendered: strict, sandboxed, fed with the description and nothing else (S9).

Every value goes through a filter that makes it a literal of the language it lands in, so that no
description of a third party's action can break out of its quotes.
"""

from __future__ import annotations

import json
import pprint
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from jinja2 import Environment


def render(package: str, name: str, **values: object) -> bytes:
    """The template `name` of `package` with `values`, as UTF-8. The same values, the same bytes.

    Filters: `json` (also a YAML scalar or flow collection), `python` (a literal), `keywords` (arguments of
    a call), `line` (one line
    of plain text), `markdown` (a table's cell).
    """
    return _templates(package).get_template(name).render(values).encode()


def as_json(value: object, indent: int | None = None) -> str:
    """`value` as JSON."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def as_python(value: object) -> str:
    """`value`, of JSON's types, as a Python literal."""
    return pprint.pformat(value, width=88, sort_dicts=False)


def as_keywords(values: Mapping[str, object]) -> str:
    """`values` as the keyword arguments of a Python call."""
    return ", ".join(f"{name}={value!r}" for name, value in values.items())


def as_line(value: object) -> str:
    """Text on one line, without anything that a terminal or a parser would act on."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())


def as_markdown(value: object) -> str:
    """Text for a cell of a Markdown table."""
    text = as_line(value).replace("\\", "\\\\").replace("|", "\\|")
    return text.replace("<", "&lt;").replace(">", "&gt;")


@cache
def _templates(package: str) -> Environment:
    templates = ImmutableSandboxedEnvironment(
        loader=PackageLoader(package),
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {
        "json": as_json,
        "python": as_python,
        "keywords": as_keywords,
        "line": as_line,
        "markdown": as_markdown,
    }
    templates.filters |= filters
    return templates
