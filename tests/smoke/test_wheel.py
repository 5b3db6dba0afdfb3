"""The built wheel: the same bytes twice, everything in it, nothing else, and it runs."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging" / "build_dist.py"
PACKAGES = ("cado_sentinelone", "cado_sentinelone_actions", "cado_sentinelone_manifests")


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    """Two builds of the tree, by processes that differ in umask, time zone and hash seed."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: which files belong to the project cannot be told")
    pytest.importorskip("setuptools", reason="the build backend is not installed")
    folders = []
    for number, umask in enumerate((0o022, 0o077)):
        folder = tmp_path_factory.mktemp("build") / "dist"
        environment = os.environ | {"TZ": f"UTC+{number}", "PYTHONHASHSEED": str(number + 1)}
        subprocess.run(  # noqa: S603
            [sys.executable, str(SCRIPT), str(folder)],
            check=True,
            capture_output=True,
            env=environment,
            umask=umask,
        )
        folders.append(folder)
    return folders


@pytest.fixture(scope="module")
def wheel(builds):
    return next(builds[0].glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder that holds what the wheel installs."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed, *arguments, request=""):
    """Runs `python -m cado_sentinelone` as the wheel has it, away from the source tree."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "cado_sentinelone", *arguments],
        check=False,
        capture_output=True,
        text=True,
        input=request,
        cwd=installed,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(installed), "HOME": str(installed)},
    )


def test_two_builds_are_the_same_bytes_s19(builds):
    first, second = (
        {path.name: path.read_bytes() for path in folder.iterdir()} for folder in builds
    )
    assert len(first) == 2
    assert first == second


def test_it_installs_under_our_three_names_only(installed):
    names = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert names == set(PACKAGES)


def test_everything_tracked_is_in_it(installed):
    listed = subprocess.run(  # noqa: S603
        ["git", "-C", str(ROOT), "ls-files", "connector", "actions", "manifests"],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    expected = {name.partition("/")[2] for name in listed.stdout.split()}
    found = {
        path.relative_to(installed).as_posix()
        for package in PACKAGES
        for path in (installed / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert found == expected


def test_it_runs_by_itself(installed):
    done = run(installed, "actions", "--json")
    assert done.returncode == 0, done.stderr
    assert "list_endpoints" in done.stdout
    where = run(installed, "plugins")
    assert where.returncode == 0
    assert "broken" not in where.stdout.lower()


def test_it_answers_a_runner(installed):
    request = {"action": "get_endpoint", "parameters": {"endpoint": "x"}}
    done = run(installed, "invoke", request=json.dumps(request))
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["kind"] == "asset"
