"""The pages say what the code does, and leave nothing out."""

import argparse
import importlib.util
import json
import re
import tomllib
from typing import get_args

import pytest
import yaml

from cado_sentinelone import arguments, errors, hookspecs
from cado_sentinelone.console.run import read_parameters
from cado_sentinelone.host import load_catalogue
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.collection import State


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="module")
def page(root):
    return lambda name: (root / "docs" / name).read_text(encoding="utf-8")


def script(path):
    """A script of packaging/, which is no package, as a module."""
    specification = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_pages_written_from_the_code_are_current(root):
    for path, text in script(root / "packaging" / "write_docs.py").pages().items():
        assert path.read_text(encoding="utf-8") == text, f"run `make docs`: {path.name} is old"


def test_every_action_has_a_page_and_notes(root, catalogue, page):
    notes = tomllib.loads((root / "packaging" / "action_notes.toml").read_text(encoding="utf-8"))
    assert set(notes) == set(catalogue.offered)
    headings = re.findall(r"^### (\w+)$", page("actions.md"), re.MULTILINE)
    assert sorted(headings) == sorted(catalogue.offered)


def test_the_examples_of_the_pages_are_right(root, catalogue):
    notes = tomllib.loads((root / "packaging" / "action_notes.toml").read_text(encoding="utf-8"))
    for action in catalogue.actions():
        action.params.model_validate(read_parameters("", notes[action.identifier]["example"]))


def test_every_parameter_says_what_it_is(catalogue):
    """Name and type do not, and forms, help and pages show nothing else."""
    silent = [
        f"{action.identifier}.{name}"
        for action in catalogue.actions()
        for name, field in action.params.model_fields.items()
        if not field.description
    ]
    assert not silent, silent


def test_every_action_is_named_in_a_test(catalogue, tests):
    text = "\n".join(test.text for test in tests if not test.name.startswith("tests/meta/"))
    missing = [name for name in catalogue.offered if not re.search(rf"\b{name}\b", text)]
    assert not missing, missing


def test_every_hook_has_a_page_and_a_test(page, tests):
    hooks = [name for name in vars(hookspecs) if name.startswith("cado_sentinelone_")]
    assert hooks
    elsewhere = "\n".join(test.text for test in tests if not test.name.startswith("tests/meta/"))
    for hook in hooks:
        assert f"`{hook}()`" in page("plugins.md"), hook
        assert hook in elsewhere, hook


def test_every_promise_of_the_security_page_is_named_in_a_test(page, tests):
    text = "\n".join(test.text for test in tests if not test.name.endswith("test_docs.py"))
    for promise in sorted(set(re.findall(r"\bS\d+\b", page("security.md")))):
        assert re.search(rf"\b{promise}\b|_{promise.lower()}\b", text), promise


def rows(text, heading):
    """The first cells of the table under a heading."""
    section = re.split(r"^## ", text, flags=re.MULTILINE)
    table = next(part for part in section if part.startswith(heading))
    return re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)


def test_operations_explains_every_state(page):
    assert rows(page("operations.md"), "States") == list(get_args(State))


def test_operations_explains_every_kind_of_error(page):
    kinds = {
        error.kind
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.ConnectorError)
    }
    assert set(rows(page("operations.md"), "Errors")) == kinds


def test_quickstart_lists_the_whole_asset(page):
    text = page("quickstart.md")
    assert rows(text, "The asset") == list(Asset.model_fields)
    for name, field in Asset.model_fields.items():
        if isinstance(field.default, bool | int | float) and field.default != ():
            assert f"| `{name}` | `{json.dumps(field.default)}` |" in text, name


def commands():
    """Every command of the command line with its own parser."""
    groups = [a for a in arguments.parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return groups[0].choices


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_and_option_is_in_the_pages(root, name):
    pages = [*(root / "docs").rglob("*.md"), root / "README.md"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    assert f"cado-sentinelone {name}" in text or f"make {name}" in text
    for action in commands()[name]._actions:
        for option in {*action.option_strings} - {"-h", "--help"}:
            assert f"{option}" in text, f"{name} {option}"


def test_every_page_is_in_the_navigation(root):
    def leaves(node):
        if isinstance(node, str):
            yield node
        for child in (
            node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        ):
            yield from leaves(child)

    navigation = yaml.safe_load((root / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    on_disk = {path.relative_to(root / "docs").as_posix() for path in (root / "docs").rglob("*.md")}
    assert sorted(leaves(navigation)) == sorted(on_disk)


def test_the_make_targets_that_pages_name_exist(root):
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    pages = [*(root / "docs").rglob("*.md"), root / "README.md", root / "CONTRIBUTING.md"]
    for path in pages:
        text = path.read_text(encoding="utf-8")
        for line in re.findall(r"(?:`|^)make ([a-z ]+)", text, re.MULTILINE):
            assert set(line.split()) <= targets, f"{path.name}: make {line}"
