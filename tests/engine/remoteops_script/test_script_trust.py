"""What the script trusts on its endpoint: what is this user's own, and of the form that it has."""

from __future__ import annotations

import os

import pytest


def test_marks_are_for_this_user_alone(endpoint):
    endpoint.environment["TMPDIR"] = "/nowhere"
    endpoint.serve(capture='ls -ld "$PWD" >"$RECORD/modes"; ls -ln . >>"$RECORD/modes"')
    endpoint.run()
    for path in (endpoint.guards, endpoint.guards / endpoint.key):
        assert path.stat().st_mode & 0o7777 == 0o700
    assert (endpoint.guards / endpoint.key / "state").stat().st_mode & 0o7777 == 0o600
    modes = [line.split()[0] for line in (endpoint.record / "modes").read_text().splitlines()]
    assert modes[0] == "drwx------"
    assert all(mode[4:] == "------" for mode in modes if mode != "total")


def test_a_guard_that_is_a_link_is_not_trusted(endpoint, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    endpoint.guards.symlink_to(tmp_path / "elsewhere")
    result = endpoint.run()
    assert (result.step, result.exit_code) == ("guard", 10)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_mark_that_is_a_link_is_not_trusted(endpoint, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    endpoint.guards.mkdir(mode=0o700)
    (endpoint.guards / endpoint.key).symlink_to(tmp_path / "elsewhere")
    assert endpoint.run().exit_code == 10


@pytest.mark.parametrize("mark", [False, True])
def test_what_another_user_made_is_not_trusted(endpoint, mark):
    if os.geteuid() != 0:
        pytest.skip("not root: nothing can be made for another user here")
    made = endpoint.guards / endpoint.key if mark else endpoint.guards
    made.mkdir(parents=True)
    os.chown(made, 65_534, 65_534)
    result = endpoint.run()
    assert (result.step, result.exit_code) == ("guard", 10)
    assert endpoint.left_behind() == []


def test_a_mark_without_a_state_is_of_a_run_that_died_at_once(endpoint):
    (endpoint.guards / endpoint.key).mkdir(parents=True)
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
    guard = endpoint.guards / endpoint.key
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
