"""The script when it is stopped: by its time limit, by signals, by a kill, by its reader."""

from __future__ import annotations

import os
import signal

import pytest


@pytest.fixture
def heard():
    """Signals that whoever started the tests ignores, as for a job in the background, are heard."""
    ignored = [
        number
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)
        if signal.getsignal(number) == signal.SIG_IGN
    ]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


def nothing_is_left(endpoint):
    endpoint.wait_for_the_end_of_all()
    return endpoint.left_behind() == [] and endpoint.processes() == {}


def test_the_time_limit_ends_it_and_what_it_started(endpoint):
    os.mkfifo(endpoint.record / "late")
    endpoint.serve(capture='sleep 300 & echo over >"$RECORD/late"; exec sleep 300')
    # Here the time is over when the collector says so.
    text = endpoint.hasty(endpoint.script())
    text = text.replace('sleep "$time_limit"', 'read -r _ <"$RECORD/late"')
    result = endpoint.end(endpoint.start(text))
    assert (result.outcome, result.step, result.exit_code) == ("failed", "capture", 18)
    assert "600 seconds" in result.message
    assert nothing_is_left(endpoint)


@pytest.mark.parametrize("name", ["TERM", "INT", "HUP", "QUIT"])
def test_a_signal_ends_it_cleanly(endpoint, heard, name):
    endpoint.serve(capture=f'kill -{name} "$PPID"; sleep 300')
    result = endpoint.end(endpoint.start(endpoint.hasty(endpoint.script())))
    assert (result.outcome, result.step, result.exit_code) == ("failed", "capture", 19)
    assert nothing_is_left(endpoint)
    assert endpoint.run().first_outcome == "failed"


@pytest.mark.parametrize("moment", ["child='new'\n", "</dev/null 9<&- &\n"])
def test_a_signal_just_when_something_starts_ends_that_too(endpoint, moment):
    """Before it started there is nothing to stop, after that its number may not be noted yet."""
    endpoint.serve(capture="exec sleep 300")
    start = endpoint.hasty(endpoint.script())
    at = start.index(moment) + len(moment)
    text = f'{start[:at]}case "$*" in *" -c default"*) kill -TERM $$;; esac\n{start[at:]}'
    result = endpoint.end(endpoint.start(text))
    assert (result.step, result.exit_code) == ("capture", 19)
    assert nothing_is_left(endpoint)


def test_without_setsid_it_ends_cleanly_too(endpoint):
    endpoint.hide("setsid")
    endpoint.serve(capture='kill -TERM "$PPID"; exec sleep 300')
    assert endpoint.end(endpoint.start(endpoint.hasty(endpoint.script()))).exit_code == 19
    assert nothing_is_left(endpoint)


def test_a_collector_that_ignores_the_request_is_ended_all_the_same(endpoint):
    endpoint.serve(capture="trap '' TERM; kill -TERM \"$PPID\"; while :; do sleep 300; done")
    assert endpoint.end(endpoint.start(endpoint.hasty(endpoint.script()))).exit_code == 19
    assert nothing_is_left(endpoint)


def test_once_it_uploaded_no_signal_changes_what_it_says(endpoint):
    """It is uploaded whatever comes next: a signal that is too late must not call it failed."""
    text = endpoint.script().replace("outcome='uploaded'\n", "kill -TERM $$; outcome='uploaded'\n")
    assert endpoint.end(endpoint.start(text)).outcome == "uploaded"


@pytest.mark.parametrize("whole_group", [False, True])
def test_after_a_kill_its_watch_cleans_up(slow, whole_group):
    first = slow.start(slow.script())
    with (slow.record / "go").open("w"):
        (os.killpg if whole_group else os.kill)(first.pid, signal.SIGKILL)
        first.communicate()
        assert nothing_is_left(slow)
    again = slow.run()
    assert (again.first_outcome, again.first_step) == ("died", "capture")


def test_after_a_kill_without_setsid_its_watch_cleans_up(slow):
    slow.hide("setsid")
    first = slow.start(slow.script())
    with (slow.record / "go").open("w"):
        os.kill(first.pid, signal.SIGKILL)
        first.communicate()
        assert nothing_is_left(slow)


def test_a_reader_that_goes_away_does_not_stop_it(slow):
    first = slow.start(slow.script())
    with (slow.record / "go").open("w") as go:
        first.stdout.close()
        go.write("go\n")
    first.stderr.read()
    assert first.wait() == 0
    first.stderr.close()
    assert (slow.record / "uploaded").exists() and nothing_is_left(slow)


def test_without_proc_a_run_is_told_by_its_number(slow):
    text = slow.script().replace("/proc/", "/nowhere/")
    first = slow.start(text)
    with (slow.record / "go").open("w"):
        assert slow.end(slow.start(text)).first_outcome == "running"
        slow.power_off(first)
    assert slow.end(slow.start(text)).first_outcome == "died"


def test_a_state_that_comes_a_moment_later_is_waited_for(endpoint):
    mark = endpoint.guards / endpoint.key
    mark.mkdir(parents=True)
    endpoint.environment["MARK"] = str(mark)
    endpoint.replace("sleep", 'echo "uploaded upload 1 - -" >"$MARK/state"')
    again = endpoint.run()
    assert (again.outcome, again.first_outcome) == ("repeated", "uploaded")
