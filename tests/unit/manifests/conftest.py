"""The command line as a process, as the core's tests have it."""

from pathlib import Path

import pytest


@pytest.fixture
def command_line(tmp_path):
    return _core().CommandLine(tmp_path)


def _core():
    import importlib.util

    place = Path(__file__).resolve().parents[1] / "core" / "conftest.py"
    spec = importlib.util.spec_from_file_location("core_conftest", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
