"""Once only: a second run with a key does nothing and says what the first one did (R1)."""

from __future__ import annotations

import os
import time

import pytest


@pytest.fixture
def slow(endpoint):
    """An endpoint whose collector waits until `go` was written to."""
    os.mkfifo(endpoint.record / "go")
    endpoint.serve(capture='read -r _ <"$RECORD/go"')
    return endpoint


def guards(endpoint):
    return endpoint.root / "var/lib/cado-sentinelone"


def test_after_an_upload(endpoint):
    assert endpoint.run().outcome == "uploaded"
    (endpoint.record / "uploaded").unlink()
    again = endpoint.run()
    assert (again.outcome, again.first_outcome, again.first_step) == (
        "repeated",
        "uploaded",
        "upload",
    )
    assert again.exit_code == 20 and "uploaded its archive" in again.message
    assert again.size_bytes is None and again.digest_sha256 == ""
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


def test_while_the_first_one_runs(slow):
    first = slow.start(slow.script())
    with (slow.record / "go").open("w") as go:  # waits until the capture has begun
        again = slow.run()
        go.write("go\n")
    assert (again.first_outcome, again.first_step) == ("running", "capture")
    assert slow.end(first).outcome == "uploaded"
    assert slow.arguments("capture").count("capture") == 1


def test_after_the_first_one_died(slow):
    first = slow.start(slow.script())
    with (slow.record / "go").open("w"):
        slow.power_off(first)
    assert len(slow.left_behind()) == 1
    again = slow.run()
    assert (again.outcome, again.first_outcome, again.first_step) == ("repeated", "died", "capture")
    assert not (slow.record / "uploaded").exists()
    assert slow.left_behind() == []  # what the dead one had no time for


def test_another_collection_cleans_up_after_one_that_died(slow):
    first = slow.start(slow.script())
    with (slow.record / "go").open("w"):
        slow.power_off(first)
    slow.serve()
    other = "col-" + "f" * 20
    assert slow.end(slow.start(slow.script(other)), other).outcome == "uploaded"
    assert slow.left_behind() == []
    assert slow.run().first_outcome == "died"


def test_another_collection_leaves_one_alone_that_runs(slow):
    first = slow.start(slow.script())
    with (slow.record / "go").open("w") as go:
        slow.serve()
        other = "col-" + "f" * 20
        assert slow.end(slow.start(slow.script(other)), other).outcome == "uploaded"
        assert len(slow.left_behind()) == 1
        go.write("go\n")
    assert slow.end(first).outcome == "uploaded"


def test_a_number_that_another_program_has_now_is_not_the_first_run(slow):
    """Process numbers come again: the state names the start of its process as well."""
    first = slow.start(slow.script())
    with (slow.record / "go").open("w"):
        slow.power_off(first)
    state = guards(slow) / slow.key / "state"
    words = state.read_text().split(" ")
    state.write_text(" ".join([*words[:2], str(os.getpid()), *words[3:]]))
    assert slow.run().first_outcome == "died"


def test_after_a_restart_of_the_machine_nothing_of_before_runs(slow):
    first = slow.start(slow.script())
    with (slow.record / "go").open("w") as go:
        state = guards(slow) / slow.key / "state"
        words = state.read_text().split(" ")
        state.write_text(" ".join([*words[:4], "another-boot", *words[5:]]))
        assert slow.run().first_outcome == "died"
        go.write("go\n")
    slow.end(first)


def test_many_at_once_are_one(endpoint):
    runs = [endpoint.start(endpoint.script()) for _ in range(8)]
    outcomes = sorted(endpoint.end(run).outcome for run in runs)
    assert outcomes == ["repeated"] * 7 + ["uploaded"]
    assert endpoint.arguments("upload").count("upload") == 1


def test_another_key_is_another_collection(endpoint):
    other = "col-" + "f" * 20
    assert endpoint.run().outcome == "uploaded"
    assert endpoint.end(endpoint.start(endpoint.script(other)), other).outcome == "uploaded"


def test_old_marks_go_and_others_stay(endpoint):
    for name, days in (("col-old", 32), ("col-new", 29), ("not-ours", 32)):
        (guards(endpoint) / name).mkdir(parents=True)
        moment = time.time() - days * 86_400
        os.utime(guards(endpoint) / name, (moment, moment))
    endpoint.run()
    assert sorted(path.name for path in guards(endpoint).iterdir()) == sorted(
        [endpoint.key, "col-new", "not-ours"]
    )


def test_the_mark_of_this_key_never_gets_too_old(endpoint):
    endpoint.run()
    moment = time.time() - 100 * 86_400
    os.utime(guards(endpoint) / endpoint.key, (moment, moment))
    assert endpoint.run().first_outcome == "uploaded"


def test_marks_are_for_this_user_alone(endpoint):
    endpoint.environment["TMPDIR"] = "/nowhere"
    endpoint.serve(capture='ls -ld "$PWD" >"$RECORD/modes"; ls -ln . >>"$RECORD/modes"')
    endpoint.run()
    for path in (guards(endpoint), guards(endpoint) / endpoint.key):
        assert path.stat().st_mode & 0o7777 == 0o700
    assert (guards(endpoint) / endpoint.key / "state").stat().st_mode & 0o7777 == 0o600
    modes = [line.split()[0] for line in (endpoint.record / "modes").read_text().splitlines()]
    assert modes[0] == "drwx------"
    assert all(mode[4:] == "------" for mode in modes if mode != "total")


def test_a_guard_that_is_a_link_is_not_trusted(endpoint, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    guards(endpoint).symlink_to(tmp_path / "elsewhere")
    result = endpoint.run()
    assert (result.step, result.exit_code) == ("guard", 10)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_mark_that_is_a_link_is_not_trusted(endpoint, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    guards(endpoint).mkdir(mode=0o700)
    (guards(endpoint) / endpoint.key).symlink_to(tmp_path / "elsewhere")
    assert endpoint.run().exit_code == 10


@pytest.mark.parametrize("mark", [False, True])
def test_what_another_user_made_is_not_trusted(endpoint, mark):
    if os.geteuid() != 0:
        pytest.skip("not root: nothing can be made for another user here")
    made = guards(endpoint) / endpoint.key if mark else guards(endpoint)
    made.mkdir(parents=True)
    os.chown(made, 65_534, 65_534)
    result = endpoint.run()
    assert (result.step, result.exit_code) == ("guard", 10)
    assert endpoint.left_behind() == []


def test_a_mark_without_a_state_is_of_a_run_that_died_at_once(endpoint):
    (guards(endpoint) / endpoint.key).mkdir(parents=True)
    again = endpoint.end(endpoint.start(endpoint.hasty(endpoint.script())))
    assert (again.outcome, again.first_outcome, again.first_step) == ("repeated", "died", "guard")


@pytest.mark.parametrize(
    "state",
    [
        'running"} capture"; 1 x\n',
        "running capture 1\n",
        "running capture x1 - -\n",
        "running $(id) 99999999999 - - /etc\n",
        "\n",
        "uploaded",
        "running capture 1 - - {root}/tmp/cado-host-../../etc\n",
    ],
)
def test_a_state_that_is_nonsense_says_at_least_that_it_is_there(endpoint, state):
    (endpoint.root / "etc").mkdir()
    guard = guards(endpoint) / endpoint.key
    guard.mkdir(parents=True)
    (guard / "state").write_text(state.replace("{root}", str(endpoint.root)))
    again = endpoint.run()
    assert again.outcome == "repeated"
    assert again.first_outcome == "died"
    assert (endpoint.root / "etc").exists()


def test_a_work_folder_that_is_somebody_else_s_is_neither_used_nor_removed(endpoint, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (endpoint.root / "tmp/cado-host-12345678").symlink_to(tmp_path / "elsewhere")
    text = endpoint.script()
    start = text.index('suffix="$(od')
    text = text[:start] + "suffix=12345678" + text[text.index("\n", start) :]
    result = endpoint.end(endpoint.start(text))
    assert (result.step, result.exit_code) == ("work", 21)
    assert endpoint.left_behind() == ["cado-host-12345678"]
    assert list((tmp_path / "elsewhere").iterdir()) == []
