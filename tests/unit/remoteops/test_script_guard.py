"""Once only: a second run with a key does nothing and says what the first one did (R1)."""

from __future__ import annotations

import os
import time


def test_after_an_upload(endpoint):
    assert endpoint.run().outcome == "uploaded"
    (endpoint.record / "uploaded").unlink()
    again = endpoint.run()
    assert (again.outcome, again.first_outcome, again.first_step) == (
        "repeated",
        "uploaded",
        "upload",
    )
    assert again.exit_code == 20
    assert not (endpoint.record / "uploaded").exists()


def test_after_a_failure(endpoint):
    endpoint.serve(capture="exit 1")
    assert endpoint.run().step == "capture"
    endpoint.serve()
    again = endpoint.run()
    assert (again.outcome, again.first_outcome, again.first_step) == (
        "repeated",
        "failed",
        "capture",
    )
    assert not (endpoint.record / "uploaded").exists()


def test_while_the_first_one_runs(endpoint):
    os.mkfifo(endpoint.record / "go")
    endpoint.serve(capture='read -r _ <"$RECORD/go"')
    first = endpoint.start(endpoint.script())
    with (endpoint.record / "go").open("w") as go:  # waits until the capture has begun
        again = endpoint.run()
        go.write("go\n")
    assert (again.first_outcome, again.first_step) == ("running", "capture")
    assert endpoint.end(first).outcome == "uploaded"


def test_after_the_first_one_died(endpoint):
    os.mkfifo(endpoint.record / "go")
    endpoint.serve(capture='read -r _ <"$RECORD/go"')
    first = endpoint.start(endpoint.script())
    with (endpoint.record / "go").open("w"):
        endpoint.kill(first)
    again = endpoint.run()
    assert (again.outcome, again.first_outcome, again.first_step) == ("repeated", "died", "capture")
    assert not (endpoint.record / "uploaded").exists()


def test_many_at_once_are_one(endpoint):
    runs = [endpoint.start(endpoint.script()) for _ in range(6)]
    outcomes = sorted(endpoint.end(run).outcome for run in runs)
    assert outcomes == ["repeated"] * 5 + ["uploaded"]
    assert endpoint.arguments("upload").count("upload") == 1


def test_another_key_is_another_collection(endpoint):
    endpoint.run()
    other = "col-" + "f" * 20
    process = endpoint.start(endpoint.script(other))
    process.communicate()
    assert process.returncode == 0


def test_old_marks_go_and_others_stay(endpoint):
    guards = endpoint.root / "var/lib/cado-sentinelone"
    for name, days in (("col-old", 31), ("col-new", 29)):
        (guards / name).mkdir(parents=True)
        moment = time.time() - days * 86_400
        os.utime(guards / name, (moment, moment))
    endpoint.run()
    assert sorted(path.name for path in guards.iterdir()) == sorted([endpoint.key, "col-new"])


def test_a_guard_that_is_a_link_is_not_trusted(endpoint, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (endpoint.root / "var/lib/cado-sentinelone").symlink_to(tmp_path / "elsewhere")
    result = endpoint.run()
    assert (result.step, result.exit_code) == ("guard", 10)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_mark_that_is_nonsense_says_at_least_that_it_is_there(endpoint):
    guard = endpoint.root / "var/lib/cado-sentinelone" / endpoint.key
    guard.mkdir(parents=True)
    (guard / "state").write_text('running"} capture"; 1 x\n')
    again = endpoint.run()
    assert again.outcome == "repeated" and again.first_outcome == "died"
