"""Every runner's rendered files are the reviewed ones; `make goldens` writes them anew."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from cado_sentinelone.runner_host import load_runners

HERE = Path(__file__).parent
WRITER = HERE.parent.parent / "packaging" / "write_goldens.py"
RUNNERS = sorted(load_runners().found)

if not WRITER.is_file():
    pytest.skip("not a source tree: the writer of the goldens is not here", allow_module_level=True)


@pytest.fixture(scope="module")
def writer():
    return runpy.run_path(str(WRITER))


def files_below(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_there_is_a_folder_for_each_runner_and_no_other():
    assert [path.name for path in sorted(HERE.iterdir()) if path.is_dir() and path.name[0] != "_"] == RUNNERS


@pytest.mark.parametrize("name", RUNNERS)
def test_what_is_rendered_is_what_was_reviewed(writer, name):
    wanted = writer["goldens"](name)
    found = files_below(HERE / name)
    assert sorted(found) == sorted(wanted), "run make goldens and look at the difference"
    for path, content in wanted.items():
        assert found[path].decode() == content.decode(), f"{path}: run make goldens and look"


@pytest.mark.parametrize("name", RUNNERS)
def test_the_same_actions_give_the_same_bytes(writer, name):
    assert writer["goldens"](name) == writer["goldens"](name)
