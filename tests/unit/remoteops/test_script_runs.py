"""The script's life on an endpoint, really executed in dash, bash and busybox."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest


def test_it_collects_uploads_and_leaves_nothing_behind(endpoint):
    result = endpoint.run(profile="light")
    assert (result.outcome, result.step, result.exit_code, result.message) == (
        "uploaded",
        "upload",
        0,
        "",
    )
    content = (endpoint.record / "uploaded").read_bytes()
    assert result.size_bytes == len(content)
    assert result.digest_sha256 == hashlib.sha256(content).hexdigest()
    assert result.archive == endpoint.archive
    assert result.started_at <= result.ended_at and result.started_at.utcoffset().seconds == 0
    assert endpoint.left_behind() == []
    assert endpoint.arguments("capture") == ["capture", "-c", "light", "--skip_memory"]
    assert endpoint.arguments("upload")[-1].endswith(endpoint.archive)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"profile": "max", "include_memory": True}, ["-c", "max"]),
        ({"skip_scan": True}, ["-c", "default", "--skip_memory", "--skip_scan"]),
        (
            {"profile": "custom", "groups": ("program_execution", "User Logs")},
            ["-c", "default", "--skip_memory", "--groups", "program_execution", "User Logs"],
        ),
    ],
)
def test_options_become_the_collector_s_flags(endpoint, options, expected):
    assert endpoint.run(**options).outcome == "uploaded"
    assert endpoint.arguments("capture")[1:] == expected


def test_an_older_collector_is_called_by_its_own_words(endpoint):
    endpoint.collector = endpoint.collector.replace(
        "--skip_memory] [--skip_scan", "--skip_linux_memory"
    )
    process = endpoint.start(endpoint.script(skip_scan=True))
    assert endpoint.end(process).outcome == "uploaded"
    assert endpoint.arguments("capture")[1:] == ["-c", "default", "--skip_linux_memory"]
    assert "cannot skip the scan" in process.out


def test_additional_files_go_as_a_list(endpoint):
    paths = ("/etc/passwd", "-rf", '/srv/a b/"c"')
    endpoint.run(profile="custom", additional_files=paths, additional_files_only=True)
    assert (endpoint.record / "paths").read_text().splitlines() == list(paths)
    assert "--only_additional_files" in endpoint.arguments("capture")


@pytest.mark.parametrize(
    ("plan", "collector", "step", "code", "words"),
    [
        ({"url": "/nowhere"}, {}, "download", 13, "404"),
        ({"url": "/empty"}, {}, "download", 13, "empty"),
        ({"sha256": "0" * 64}, {}, "pin", 14, "another"),
        ({"free": 1 << 60}, {}, "space", 11, "needed"),
        ({}, {"capture": "echo no such device >&2; exit 3"}, "capture", 15, "3: no such device"),
        ({}, {"capture": "exit 0"}, "capture", 16, "no archive"),
        ({}, {"capture": "echo x >cado-host-capture-2.tar.lz4"}, "capture", 16, "more than one"),
        ({}, {"upload": "echo AccessDenied >&2; exit 5"}, "upload", 17, "5: AccessDenied"),
    ],
)
def test_nothing_hides_a_failure(endpoint, plan, collector, step, code, words):
    endpoint.serve(**collector)
    if "url" in plan:
        plan = plan | {"url": endpoint.url + plan["url"]}
    result = endpoint.run(**plan)
    assert (result.outcome, result.step, result.exit_code) == ("failed", step, code)
    assert words in result.message
    assert endpoint.left_behind() == []


def test_a_pinned_collector_runs_when_it_is_the_one(endpoint):
    pin = hashlib.sha256(endpoint.collector.encode()).hexdigest()
    assert endpoint.run(sha256=pin).outcome == "uploaded"


def test_without_a_downloader_it_says_so(endpoint, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for folder in ("/usr/local/bin", "/usr/bin", "/bin"):
        for name in map(os.path.basename, Path(folder).iterdir()):
            if name not in ("curl", "wget") and not (tools / name).exists():
                (tools / name).symlink_to(f"{folder}/{name}")
    text = endpoint.script()
    start = text.index('PATH="')
    text = text[:start] + f'PATH="{tools}"' + text[text.index("\n", start) :]
    result = endpoint.end(endpoint.start(text))
    assert (result.step, result.exit_code) == ("download", 12)


def test_the_credential_is_in_no_output(endpoint):
    endpoint.serve(upload='echo "refused for $3" >&2; exit 5')
    text = endpoint.script()
    secret = text.split("presigned='")[1].split("'")[0]
    process = endpoint.start(text)
    endpoint.end(process)
    assert secret not in process.out + process.err


def test_hostile_words_of_the_collector_stay_one_line_of_json(endpoint):
    endpoint.serve(capture="printf 'a\"b\\\\c\\n\\033[31m\\377}' >&2; exit 1")
    result = endpoint.run()
    assert result.exit_code == 15 and "[31m" in result.message


def test_the_time_limit_ends_it_and_what_it_started(endpoint):
    endpoint.serve(capture='echo $$ >"$RECORD/pid"; exec sleep 300')
    # The watch sleeps for the limit; here it is told that the time is over.
    text = endpoint.script().replace(
        'sleep "$time_limit"', 'while [ ! -s "$RECORD/pid" ]; do :; done'
    )
    text = text.replace(":; done &", ":; done; true &")
    process = endpoint.start(text.replace("pause=$!", "pause=$!"))
    result = endpoint.end(process)
    assert (result.outcome, result.step, result.exit_code) == ("failed", "capture", 18)
    child = int((endpoint.record / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert endpoint.left_behind() == []


def test_a_signal_ends_it_cleanly(endpoint):
    endpoint.serve(capture='kill -TERM "$PPID"; sleep 300')
    result = endpoint.run()
    assert (result.outcome, result.exit_code) == ("failed", 19)
    assert endpoint.left_behind() == []
