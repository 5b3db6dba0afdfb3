"""What ledger_url means, and where the ledger is when it is empty."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

import cado_sentinelone
from cado_sentinelone.engine.ledger import open_ledger
from cado_sentinelone.errors import LedgerError


def test_three_slashes_are_relative_and_four_absolute(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    open_ledger("sqlite:///one.db").close()
    open_ledger(f"sqlite:///{tmp_path}/two.db").close()
    assert (tmp_path / "here" / "one.db").is_file()
    assert (tmp_path / "two.db").is_file()
    assert f"sqlite:///{tmp_path}".startswith("sqlite:////")


@pytest.mark.parametrize(
    "name", ["with space.db", "100%25.db", "a#b.db", "é\U0001f980.db", ";x=1.db"]
)
def test_the_path_is_taken_as_it_stands(tmp_path, make_draft, name):
    ledger = open_ledger(f"sqlite:///{tmp_path}/{name}")
    ledger.claim(make_draft())
    ledger.close()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_in_memory_is_for_tests(make_draft):
    ledger = open_ledger("sqlite:///:memory:")
    ledger.claim(make_draft())
    assert ledger.get("col-1") == make_draft()
    ledger.close()
    again = open_ledger("sqlite:///:memory:")
    assert list(again.collections()) == []
    again.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite://", "would forget every launch"),
        ("sqlite:///", "would forget every launch"),
        ("sqlite://host/file.db", "names no file"),
        ("sqlite:///file.db?mode=ro", "question mark"),
        ("sqlite:", "does not begin with sqlite:///"),
        ("/var/lib/ledger.db", "does not begin with sqlite:///"),
        ("mysql://user:canary@host/db", "does not begin with sqlite:///"),
        ("postgresql+psycopg://user:canary@host/db", "does not begin with sqlite:///"),
    ],
)
def test_s5_other_urls_are_refused_in_words_that_show_no_password(
    url, words, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LedgerError, match=words) as raised:
        open_ledger(url)
    assert "sqlite:///" in raised.value.remedy or "question mark" in raised.value.remedy
    assert "canary" not in f"{raised.value!r} {raised.value.remedy}"
    assert list(tmp_path.iterdir()) == []


def test_a_server_without_its_package_says_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if "ledger_postgres" in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError, match="not installed") as raised:
        open_ledger("postgresql://user:canary@host/db")
    assert "cado-sentinelone[postgres]" in raised.value.remedy


def test_a_folder_that_is_not_there_is_not_made_up(tmp_path):
    with pytest.raises(LedgerError, match="cannot be opened") as raised:
        open_ledger(f"sqlite:///{tmp_path}/missing/ledger.db")
    assert "folder" in raised.value.remedy
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, "home/.local/state"),
        ("linux", {"XDG_STATE_HOME": "{root}/state"}, "state"),
        ("linux", {"XDG_STATE_HOME": "relative"}, "home/.local/state"),
        ("linux", {"XDG_STATE_HOME": ""}, "home/.local/state"),
        ("freebsd14", {}, "home/.local/state"),
        ("darwin", {"XDG_STATE_HOME": "{root}/state"}, "home/Library/Application Support"),
        ("win32", {"LOCALAPPDATA": "{root}/local"}, "local"),
        ("win32", {}, "home/AppData/Local"),
    ],
)
def test_the_users_own_file_is_in_the_state_directory(
    platform, variables, expected, tmp_path, monkeypatch
):
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(root=tmp_path))
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setattr(sys, "platform", platform)
    open_ledger().close()
    open_ledger("").close()
    assert [path.name for path in (tmp_path / expected).rglob("*")] == [
        "cado-sentinelone",
        "ledger.db",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_the_users_own_file_is_nobody_elses(tmp_path, monkeypatch, make_draft):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    ledger = open_ledger()
    ledger.claim(make_draft())
    folder = tmp_path / "cado-sentinelone"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {"ledger.db": 0o600, "ledger.db-wal": 0o600, "ledger.db-shm": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    ledger.close()


def test_a_state_directory_that_cannot_be_made_is_a_ledger_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(LedgerError, match="cannot be made") as raised:
        open_ledger()
    assert "ledger_url" in raised.value.remedy


def test_a_user_without_a_home_is_a_ledger_error(monkeypatch):
    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    with pytest.raises(LedgerError, match="no home directory"):
        open_ledger()


def test_the_driver_is_imported_when_a_ledger_is_opened_and_not_before():
    """S18: the protocol costs no driver."""
    code = (
        "import sys, cado_sentinelone.engine.ledger as ledger\n"
        "assert 'sqlite3' not in sys.modules\n"
        "ledger.open_ledger('sqlite:///:memory:').close()\n"
        "assert 'sqlite3' in sys.modules\n"
    )
    environment = {"PYTHONPATH": str(Path(cado_sentinelone.__file__).parents[1])}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)  # noqa: S603
