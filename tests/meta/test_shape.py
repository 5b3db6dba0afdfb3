"""The shape of the code: how long files are, what things are called."""

import ast
import re

import pytest

MOST_LINES = 400
# Written by `make index`; nobody reads it.
GENERATED = {"actions/cado_sentinelone_actions/index.py"}
FORBIDDEN = {
    *("handle", "handler", "process", "processor", "manage", "manager", "do", "data", "info"),
    *("util", "utils", "helper", "helpers", "common", "misc"),
}

# Methods of others' classes, which have the names they have: the standard library's, Splunk SOAR's,
# Celery's.
STANDARD = {"do_handshake", "do_GET", "do_POST", "add_data", "create_task_handler"}


def words(name):
    """The words of snake_case and CamelCase names, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+|\d+", name)}


def named(source):
    """The names that a file gives: its own, its functions' and its classes'."""
    yield source.name, source.name.rsplit("/", 1)[-1].removesuffix(".py")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield source.at(node), node.name


def says_nothing(sources):
    return [
        f"{place}: {name!r} says {word!r}, which says nothing: what is it really?"
        for source in sources
        for place, name in named(source)
        if name not in STANDARD
        for word in sorted(words(name) & FORBIDDEN)
    ]


def test_names_say_something(sources, scripts):
    found = says_nothing([*sources, *scripts])
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text", ["def handle_task(): ...", "class TaskManager: ...", "async def get_data(): ..."]
)
def test_an_empty_name_is_found(source, text):
    assert says_nothing([source("connector/cado_sentinelone/a.py", text)])


def test_names_that_only_contain_such_a_word_are_fine(source):
    assert not says_nothing([source("a.py", "def processing(): ...\nclass Domain: ...")])


def test_no_file_is_long(sources, scripts, tests):
    """A file that has grown past this does two things; the second one wants a file of its own."""
    lengths = {
        source.name: source.text.count("\n")
        for source in [*sources, *scripts, *tests]
        if "Written by packaging/" not in source.text[:200]
    }
    long = {name: length for name, length in lengths.items() if length > MOST_LINES}
    assert not long.keys() - GENERATED, long
