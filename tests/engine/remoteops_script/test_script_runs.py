"""What the script tells Cado Host to do, and what it says of that; executed in three shells."""

from __future__ import annotations

import hashlib
import os

import pytest

NOT_ROOT = "" if os.geteuid() == 0 else "this is not root: some artifacts will be missing"


def test_it_collects_uploads_and_leaves_nothing_behind(endpoint):
    result = endpoint.run(profile="light")
    assert (result.outcome, result.step, result.exit_code, result.message) == (
        "uploaded",
        "upload",
        0,
        NOT_ROOT,
    )
    content = (endpoint.record / "uploaded").read_bytes()
    assert result.size_bytes == len(content) and f'"size_bytes":{len(content)},' in result.line
    assert result.digest_sha256 == hashlib.sha256(content).hexdigest()
    assert result.archive == endpoint.archive
    assert result.started_at <= result.ended_at and result.started_at.utcoffset().seconds == 0
    assert endpoint.arguments("capture") == ["capture", "-c", "light", "--skip_memory"]
    assert endpoint.arguments("upload")[-1].endswith(endpoint.archive)
    assert endpoint.state().split()[:2] == ["uploaded", "upload"]
    endpoint.wait_for_the_end_of_all()
    assert endpoint.left_behind() == [] and endpoint.processes() == {}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"profile": "max", "include_memory": True}, ["-c", "max"]),
        (
            {"profile": "custom", "groups": ("processes", "User Logs"), "skip_scan": True},
            ["-c", "default", "--skip_memory", "--skip_scan", "--groups", "processes", "User Logs"],
        ),
    ],
)
def test_options_become_the_collector_s_flags(endpoint, options, expected):
    assert endpoint.run(**options).outcome == "uploaded"
    assert endpoint.arguments("capture")[1:] == expected


def test_an_older_collector_is_called_by_its_own_words(endpoint):
    """And what it cannot do is a note: in the output, and in the result's message."""
    endpoint.serve(help='echo "usage: [--skip_linux_memory]"; exit 2')
    result = endpoint.run(skip_scan=True)
    assert result.outcome == "uploaded" and "cannot skip the scan" in result.message
    assert endpoint.arguments("capture")[1:] == ["-c", "default", "--skip_linux_memory"]


def test_additional_files_go_as_a_list(endpoint):
    paths = ("/etc/passwd", "-rf", '/srv/a b/"c"', "/srv/$HOME/*")
    endpoint.run(profile="custom", additional_files=paths, additional_files_only=True)
    assert (endpoint.record / "paths").read_text().splitlines() == list(paths)
    assert "--only_additional_files" in endpoint.arguments("capture")


def test_an_archive_of_another_name_is_the_archive_when_it_is_the_only_one(endpoint):
    endpoint.serve(capture="echo evidence >named-by-somebody.tar.lz4; exit 0")
    assert endpoint.run().outcome == "uploaded"
    assert (endpoint.record / "uploaded").read_text() == "evidence\n"


@pytest.mark.parametrize(
    ("plan", "collector", "step", "code", "words"),
    [
        ({"sha256": "0" * 64}, {}, "pin", 14, "another one: "),
        ({"free": 1 << 60}, {}, "space", 11, "needed"),
        (
            {},
            {"help": "echo GLIBC_2.99 not found >&2; exit 1"},
            "start",
            22,
            "GLIBC_2.99 not found",
        ),
        ({}, {"help": "echo --skip_memory; kill -SEGV $$"}, "start", 22, "cannot run here"),
        ({"additional_files": ("/x",)}, {"help": "mkdir paths"}, "capture", 15, "list of files"),
        ({}, {"capture": "echo no such device >&2; exit 3"}, "capture", 15, "3: no such device"),
        ({}, {"capture": "exit 0"}, "capture", 16, "no archive"),
        (
            {},
            {"capture": "ln -s /etc/hostname cado-host-capture-1.tar.lz4; exit 0"},
            "capture",
            16,
            "no archive",
        ),
        ({}, {"capture": ">cado-host-capture-1.tar.lz4; exit 0"}, "capture", 16, "no archive"),
        ({}, {"capture": "echo x >cado-host-capture-2.tar.lz4"}, "capture", 16, "more than one"),
        ({}, {"upload": "echo AccessDenied >&2; exit 5"}, "upload", 17, "5: AccessDenied"),
    ],
)
def test_nothing_hides_a_failure(endpoint, plan, collector, step, code, words):
    endpoint.serve(**collector)
    result = endpoint.run(**plan)
    assert (result.outcome, result.step, result.exit_code) == ("failed", step, code)
    assert words in result.message
    assert endpoint.left_behind() == []
    assert endpoint.state().split()[:2] == ["failed", step]
    assert not (endpoint.record / "uploaded").exists()


ELSE_ITSELF = 'exec env PATH="$REAL_PATH" "${0##*/}" "$@"'


@pytest.mark.parametrize(
    ("tool", "program", "step", "code", "words"),
    [
        ("chmod", "exit 1", "guard", 10, "cannot be kept to this user"),
        ("mv", "exit 1", "guard", 10, "cannot be written to"),
        (
            "mkdir",
            f'case "$3" in */cado-host-*) exit 0;; esac; {ELSE_ITSELF}',
            "work",
            21,
            "entered",
        ),
        ("mkfifo", "exit 1", "work", 21, "pipe"),
        ("df", "echo nothing", "space", 11, "cannot be told"),
        ("sha256sum", "echo nothing", "pin", 14, "cannot be told"),
        (
            "chmod",
            f'case "$2" in cado-host) exit 1;; esac; {ELSE_ITSELF}',
            "download",
            13,
            "executable",
        ),
        ("mv", f'case "$1" in *.lz4) exit 1;; esac; {ELSE_ITSELF}', "capture", 16, "renamed"),
    ],
)
def test_a_tool_that_fails_ends_it_and_is_said(endpoint, tool, program, step, code, words):
    endpoint.replace(tool, program)
    result = endpoint.run(sha256="0" * 64 if step == "pin" else "")
    assert (result.step, result.exit_code) == (step, code)
    assert words in result.message and endpoint.left_behind() == []


@pytest.mark.parametrize("hidden", [[], ["sha256sum"], ["sha256sum", "shasum"]])
def test_a_pinned_collector_runs_when_it_is_the_one(endpoint, hidden):
    """Whatever the machine has to tell a SHA-256 with."""
    if hidden:
        endpoint.hide(*hidden)
    pin = hashlib.sha256(endpoint.collector.encode()).hexdigest()
    result = endpoint.run(sha256=pin)
    content = (endpoint.record / "uploaded").read_bytes()
    assert result.digest_sha256 == hashlib.sha256(content).hexdigest()


def test_without_a_way_to_tell_a_digest_it_collects_and_notes_it(endpoint):
    endpoint.hide("sha256sum", "shasum", "openssl")
    result = endpoint.run()
    assert (result.outcome, result.digest_sha256) == ("uploaded", "")
    assert "the SHA-256 of the archive cannot be told here" in result.message
    assert endpoint.left_behind() == []


def test_without_random_numbers_the_work_folder_still_has_a_name_of_its_own(endpoint):
    endpoint.hide("od")
    endpoint.serve(capture='pwd >"$RECORD/folder"')
    assert endpoint.run().outcome == "uploaded"
    folder = (endpoint.record / "folder").read_text().strip()
    assert len(folder.rpartition("/cado-host-")[2]) == 8
