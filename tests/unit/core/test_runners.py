"""`runners`, `render`, `check` and `bundle`, and runners that other people's plugins bring."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from cado_sentinelone.errors import InternalError
from cado_sentinelone.models.runner import Bundle, File
from cado_sentinelone.packing import packed, write_files

GROUP = "cado_sentinelone_runners"
RUNNER = """
from pathlib import Path
from cado_sentinelone.models.runner import Bundle, File, Problem, Runner
from cado_sentinelone.plugin import hookimpl

def render(actions):
    yield File("names.txt", "\\n".join(action.identifier for action in actions).encode())

def check(folder):
    if "acme_echo" not in (folder / "names.txt").read_text():
        yield Problem("names.txt", "lacks acme_echo; install it")

@hookimpl
def cado_sentinelone_runners():
    yield Runner("{name}", "Acme SOAR", render, check, Bundle("tgz", "acme.tgz", "top", "{wheels}", "3.11"), "not at all")
"""


def runner(name="acme_soar", wheels=""):
    return RUNNER.replace("{name}", name).replace("{wheels}", wheels)


def test_ours_are_listed_with_how_far_they_are_proven(command_line):
    rows = command_line.document("runners", "--json", status=0)
    assert [row["identifier"] for row in rows] == sorted(row["identifier"] for row in rows)
    assert all(row["proven"] and row["title"] and row["bundle"] for row in rows)
    done = command_line.run("runners", status=0)
    assert all(row["title"] in done.stdout for row in rows)


def test_another_s_runner_gets_another_s_actions(with_plugins, tmp_path):
    line = with_plugins("acme_good")
    line.install("acme_soar", runner(), group=GROUP)
    assert "Acme SOAR" in line.run("runners", status=0).stdout
    line.run("render", "acme_soar", "--out", tmp_path / "out", status=0)
    names = (tmp_path / "out/acme_soar/names.txt").read_text().split()
    assert {"acme_echo", "run_collection"} <= set(names)
    done = line.run("check", tmp_path / "out", status=0)
    assert "no problems" in done.stdout


def test_another_s_actions_are_in_our_bundles(with_plugins, tmp_path):
    line = with_plugins("acme_good")
    line.run("render", "all", "--out", tmp_path / "out", status=0)
    for folder in (tmp_path / "out").iterdir():
        text = "".join(
            path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file()
        )
        assert "acme_echo" in text.replace("-", "_") or "AcmeEcho" in text, folder.name
    line.run("check", tmp_path / "out", status=0)


def test_problems_are_told_and_are_a_failure(command_line, tmp_path):
    command_line.install("acme_soar", runner(), group=GROUP)
    command_line.run("render", "acme_soar", "--out", tmp_path / "out", status=0)
    done = command_line.run("check", tmp_path / "out" / "acme_soar", status=1)
    assert "names.txt: lacks acme_echo; install it" in done.stdout and "1 problem\n" in done.stdout


def test_a_broken_runner_is_left_out_and_the_others_work(command_line):
    command_line.install("acme_bad", "import nothing_like_it", group=GROUP)
    command_line.install(
        "acme_odd", runner().replace('yield Runner("acme_soar"', 'yield ("acme"'), group=GROUP
    )
    done = command_line.run("runners", status=1)
    assert "Shuffle" in done.stdout
    assert "acme_bad" in done.stderr and "not a Runner" in done.stderr


@pytest.mark.parametrize("command", ["render", "bundle"])
def test_a_runner_that_cannot_render_says_so(command_line, tmp_path, command):
    broken = runner().replace("def render(actions):", "def render(actions):\n    1 / 0")
    command_line.install("acme_soar", broken, group=GROUP)
    done = command_line.run(command, "acme_soar", "--out", tmp_path, status=2)
    assert "cannot be rendered: ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr


def test_one_name_twice_is_nobody_s(command_line, tmp_path):
    command_line.install("acme_one", runner(), group=GROUP)
    command_line.install("acme_two", runner(), group=GROUP)
    done = command_line.run("render", "acme_soar", "--out", tmp_path, status=2)
    assert "offered twice" in done.stderr and "there is no runner" in done.stderr


@pytest.mark.parametrize("command", ["render", "bundle"])
def test_a_runner_that_is_not_there_is_named_with_the_nearest(command_line, tmp_path, command):
    done = command_line.run(command, "shufle", "--out", tmp_path, status=2)
    assert "did you mean 'shuffle'" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_bundles_is_not_right(command_line, tmp_path):
    done = command_line.run("check", tmp_path / "nowhere", status=2)
    assert "holds no folder with a runner's name" in done.stderr


def test_a_place_that_cannot_be_written_to_is_named(command_line, tmp_path):
    (tmp_path / "file").write_text("")
    for command in ("render", "bundle"):
        done = command_line.run(command, "shuffle", "--out", tmp_path / "file", status=2)
        assert "--out" in done.stderr


def test_a_bundle_is_the_same_bytes_every_time(command_line, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        done = command_line.run("bundle", "shuffle", "--out", tmp_path / name, status=0)
        assert "SHA-256" in done.stdout
    (one,), (two,) = (list((tmp_path / name).iterdir()) for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes() and zipfile.is_zipfile(one)


def test_a_bundle_that_carries_wheels_wants_ours_among_them(command_line, tmp_path):
    command_line.install("acme_soar", runner(wheels="wheels"), group=GROUP)
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for given in ((), ("--wheels", wheels)):
        done = command_line.run("bundle", "acme_soar", "--out", tmp_path, *given, status=2)
        assert "--wheels" in done.stderr and "pip download" in done.stderr
    (wheels / "cado_sentinelone-1-py3-none-any.whl").write_bytes(b"a wheel")
    command_line.run("bundle", "acme_soar", "--out", tmp_path, "--wheels", wheels, status=0)
    with tarfile.open(tmp_path / "acme.tgz") as archive:
        assert archive.getnames() == [
            "top/names.txt",
            "top/wheels/cado_sentinelone-1-py3-none-any.whl",
        ]
        assert {(member.uid, member.mtime, member.uname) for member in archive} == {(0, 0, "")}


def test_a_manifest_that_names_its_wheels_gets_their_names(command_line, tmp_path):
    module = runner(wheels="wheels").replace(
        '"not at all")',
        '"not at all", lambda files, paths: [File("named.txt", chr(10).join(paths).encode())])',
    )
    command_line.install("acme_soar", module, group=GROUP)
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "cado_sentinelone-1-py3-none-any.whl").write_bytes(b"a wheel")
    command_line.run(
        *("bundle", "acme_soar", "--out", tmp_path, "--wheels", tmp_path / "wheels"), status=0
    )
    with tarfile.open(tmp_path / "acme.tgz") as archive:
        named = archive.extractfile("top/named.txt").read().decode()
    assert named == "wheels/cado_sentinelone-1-py3-none-any.whl"


FILES = [File("b/run.sh", b"#!/bin/sh\n", executable=True), File("a.txt", b"a")]


def test_packed_files_keep_their_modes_and_order():
    with zipfile.ZipFile(io.BytesIO(packed(FILES, Bundle("zip", "x.zip")))) as archive:
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    assert modes == {"a.txt": 0o100644, "b/run.sh": 0o100755}
    assert list(modes) == ["a.txt", "b/run.sh"]


@pytest.mark.parametrize("path", ["../evil", "/evil", "a/../../evil", "a\\evil", ""])
def test_a_file_never_lies_outside_of_its_bundle_s14(tmp_path, path):
    with pytest.raises(InternalError):
        write_files([File(path, b"")], tmp_path / "in", field="--out")
    with pytest.raises(InternalError):
        packed([File(path, b"")], Bundle("tgz", "x.tgz"))
    assert not (tmp_path / "evil").exists()


def test_what_else_lies_in_the_folder_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    written = write_files(FILES, tmp_path, field="--out")
    assert [path.name for path in written] == ["a.txt", "run.sh"]
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert Path(written[1]).stat().st_mode & 0o777 == 0o755


def test_runners_are_for_programs_as_well(command_line):
    assert json.loads(command_line.run("runners", "--json").stdout)
