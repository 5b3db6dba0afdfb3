"""setup.cfg's entry points are the table of contents: complete, and true."""

import configparser
import importlib
from collections import Counter

import pytest

ACTIONS = "cado_sentinelone_actions"


@pytest.fixture(scope="module")
def entry_points(root):
    """Name and module of every entry point of our own group, in the order of setup.cfg."""
    parser = configparser.ConfigParser(delimiters=("=",))
    parser.optionxform = str
    parser.read(root / "setup.cfg", encoding="utf-8")
    lines = parser["options.entry_points"]["cado_sentinelone"].strip().split("\n")
    return [tuple(part.strip() for part in line.split("=")) for line in lines]


def declared(module):
    return [
        action.identifier for action in importlib.import_module(module).cado_sentinelone_actions()
    ]


def test_every_entry_point_resolves(entry_points):
    for name, module in entry_points:
        assert name in declared(module), f"{module} declares no action {name!r}"


def test_every_action_has_exactly_one_entry_point(entry_points):
    modules = sorted({module for _, module in entry_points})
    assert Counter(name for name, _ in entry_points) == Counter(
        identifier for module in modules for identifier in declared(module)
    )


def test_every_module_with_a_hook_is_listed(entry_points, sources):
    """A module that is forgotten in setup.cfg would be missing everywhere without a word."""
    hooked = {
        source.module
        for source in sources
        if source.module.startswith(f"{ACTIONS}.")
        and "def cado_sentinelone_actions(" in source.text
    }
    assert hooked == {module for _, module in entry_points}


def test_no_action_module_looks_like_a_test(sources):
    """pytest would collect it."""
    assert not [source.name for source in sources if source.name.split("/")[-1].startswith("test_")]
