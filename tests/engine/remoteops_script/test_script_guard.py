"""Once only: a second run with a key does nothing and says what the first one did (R1)."""

from __future__ import annotations

import os
import re
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
    assert again.exit_code == 20 and "uploaded its archive" in again.message
    assert again.size_bytes is None and again.digest_sha256 == ""
    assert not (endpoint.record / "uploaded").exists()


def test_one_that_others_are_sent_too_names_its_own_archive_once(endpoint):
    stem = endpoint.archive.removesuffix(".tar.lz4")
    first = endpoint.run(own_archive=True)
    assert first.outcome == "uploaded"
    assert re.fullmatch(rf"{stem}-[0-9a-f]{{16}}\.tar\.lz4", first.archive)
    assert endpoint.arguments("upload")[-1].endswith(f"/{first.archive}")
    again = endpoint.run(own_archive=True)
    assert (again.outcome, again.first_outcome) == ("repeated", "uploaded")
    assert again.archive == first.archive
    other = "col-" + "f" * 20
    elsewhere = endpoint.end(endpoint.start(endpoint.script(other, own_archive=True)), other)
    assert elsewhere.outcome == "uploaded" and elsewhere.archive != first.archive


def test_a_name_is_drawn_where_there_is_nothing_to_draw_it_with(endpoint):
    endpoint.hide("od")
    names = {
        endpoint.end(endpoint.start(endpoint.script(key, own_archive=True)), key).archive
        for key in ("col-" + "a" * 20, "col-" + "b" * 20)
    }
    assert len(names) == 2 and all(len(name) == len(endpoint.archive) + 17 for name in names)


def test_a_name_that_somebody_put_there_is_not_taken(endpoint):
    endpoint.run(own_archive=True)
    (endpoint.guards / endpoint.key / "archive").write_text("cado-host-capture-other.tar.lz4\n")
    assert endpoint.run(own_archive=True).archive == endpoint.archive


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
    state = slow.guards / slow.key / "state"
    words = state.read_text().split(" ")
    state.write_text(" ".join([*words[:2], str(os.getpid()), *words[3:]]))
    assert slow.run().first_outcome == "died"


def test_after_a_restart_of_the_machine_nothing_of_before_runs(slow):
    first = slow.start(slow.script())
    with (slow.record / "go").open("w") as go:
        state = slow.guards / slow.key / "state"
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
        (endpoint.guards / name).mkdir(parents=True)
        moment = time.time() - days * 86_400
        os.utime(endpoint.guards / name, (moment, moment))
    endpoint.run()
    assert sorted(path.name for path in endpoint.guards.iterdir()) == sorted(
        [endpoint.key, "col-new", "not-ours"]
    )


def test_the_mark_of_this_key_never_gets_too_old(endpoint):
    endpoint.run()
    moment = time.time() - 100 * 86_400
    os.utime(endpoint.guards / endpoint.key, (moment, moment))
    assert endpoint.run().first_outcome == "uploaded"
