"""Templates: strict, sandboxed, and every value a literal of the language it lands in (S9)."""

from __future__ import annotations

import ast
import json
import sys

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cado_sentinelone_manifests import rendering
from cado_sentinelone_manifests.rendering import as_json, as_line, as_markdown, as_python, render

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(VALUES)
def test_json_and_python_literals_come_back_as_they_were(value):
    assert json.loads(as_json(value)) == value
    assert ast.literal_eval(as_python(value)) == value


@given(st.text())
def test_a_line_is_one_line_and_printable(text):
    assert as_line(text).isprintable()
    cell = as_markdown(text)
    assert cell.isprintable() and "<" not in cell
    assert cell.replace("\\\\", "").replace("\\|", "").count("|") == 0


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package whose one template is what the test says."""
    folder = tmp_path / "acme_templates"
    (folder / "templates").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    rendering._templates.cache_clear()
    yield lambda text: (folder / "templates/a.j2").write_text(text) and "acme_templates"
    rendering._templates.cache_clear()
    sys.modules.pop("acme_templates", None)


def test_what_is_undefined_is_an_error(package):
    with pytest.raises(jinja2.UndefinedError):
        render(package("{{ missing }}"), "a.j2")


@pytest.mark.parametrize("text", ["{{ x.__class__.__mro__ }}", "{{ x.append(1) }}"])
def test_a_template_reaches_nothing_but_its_values(package, text):
    with pytest.raises(jinja2.exceptions.SecurityError):
        render(package(text), "a.j2", x=[])


def test_a_value_is_never_a_template(package):
    assert render(package("{{ x | line }}"), "a.j2", x="{{ 7 * 7 }}") == b"{{ 7 * 7 }}"
