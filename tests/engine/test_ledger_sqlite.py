"""The SQLite file itself: durability, and files that are not a ledger of ours."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cado_sentinelone.engine import ledger_sqlite_file
from cado_sentinelone.engine.ledger_sqlite import SqliteLedger
from cado_sentinelone.engine.ledger_sqlite_schema import APPLICATION_ID, MIGRATIONS
from cado_sentinelone.errors import LedgerError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.db"


@pytest.fixture
def written(path, make_draft):
    """A closed ledger of many pages."""
    ledger = SqliteLedger(path)
    for number in range(100):
        ledger.claim(make_draft(number, reason="x" * 500))
    ledger.close()
    return path


def refused(path, match):
    """The error of opening `path`, which must leave its folder byte for byte as it was."""
    before = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with pytest.raises(LedgerError, match=match) as raised:
        SqliteLedger(path, busy_timeout_seconds=0)
    after = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    assert after == before
    assert raised.value.kind == "ledger"
    assert raised.value.remedy
    return raised.value


def pragma(ledger, name):
    return ledger._connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_r1_a_commit_is_on_the_disk_before_it_returns(path):
    ledger = SqliteLedger(path)
    full = 2
    assert pragma(ledger, "journal_mode") == "wal"
    assert pragma(ledger, "synchronous") == full
    assert pragma(ledger, "fullfsync") == 1
    assert pragma(ledger, "busy_timeout") == 30_000
    assert pragma(ledger, "foreign_keys") == 1
    ledger.close()


def test_r1_the_file_itself_refuses_a_second_holder(written):
    """No race and no mistake above it can give one key two holders."""
    with closing(sqlite3.connect(written)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(collections)")]
        kept = ", ".join(name for name in columns if name not in ("sequence", "collection_id"))
        again = f"INSERT INTO collections (collection_id, {kept}) SELECT 'twin', {kept}"
        with pytest.raises(sqlite3.IntegrityError, match="dedupe_key"):
            connection.execute(f"{again} FROM collections WHERE collection_id = 'col-1'")


def test_every_listing_and_look_up_reads_an_index_and_sorts_no_page(written, now):
    ledger = SqliteLedger(written)
    statements = []
    ledger._connection.set_trace_callback(statements.append)
    for filters in (
        {},
        {"states": ["planned"]},
        {"agent_id": "agent-1"},
        {"hostname": "lap-1"},
        {"investigation_id": 13},
        {"since": now},
    ):
        list(ledger.collections(**filters))
    listings = len(statements)
    ledger.find(pipeline_id=1)
    ledger.find(parent_task_id="1")
    ledger.get("col-1")
    ledger.known_pipelines(12)
    ledger._connection.set_trace_callback(None)
    for number, statement in enumerate(statements):
        plan = [row[3] for row in ledger._connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
        if "WHERE 1 " in statement:
            assert plan == ["SCAN collections USING INDEX by_creation"]
        elif number < listings:
            assert len(plan) == 1, (statement, plan)
        assert plan[0].startswith("SEARCH") or "WHERE 1 " in statement, (statement, plan)
        assert "INDEX by_creation" not in plan[0] or number < listings, (statement, plan)
    ledger.close()


def test_a_file_of_no_bytes_is_a_new_ledger(path, make_draft):
    """What a process leaves that died right after it had made the file."""
    path.touch()
    ledger = SqliteLedger(path)
    assert ledger.claim(make_draft())[1]
    ledger.close()


def test_opening_waits_where_sqlite_does_not(path, monkeypatch):
    """Several processes at a new file: the change to WAL fails at once while another reads."""
    path.touch()
    ours = sqlite3.connect(path, timeout=0, isolation_level=None)
    with closing(ours), closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM sqlite_master").fetchall()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            ledger_sqlite_file.use_wal(ours, 0)
        pauses = []
        monkeypatch.setattr(
            ledger_sqlite_file.time,
            "sleep",
            lambda seconds: (pauses.append(seconds), other.execute("ROLLBACK")),
        )
        ledger_sqlite_file.use_wal(ours, 30)
        assert len(pauses) == 1
        assert ours.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs a privilege")
def test_a_link_to_nowhere_is_not_followed_into_making_a_file(path, tmp_path):
    path.symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(LedgerError, match="cannot be opened"):
        SqliteLedger(path)
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_newer_ledger_is_left_alone(written):
    newer = len(MIGRATIONS) + 1
    with closing(sqlite3.connect(written)) as connection:
        connection.execute(f"PRAGMA user_version = {newer}")
    error = refused(written, f"schema version {newer}")
    assert "Upgrade the connector" in error.remedy


@pytest.mark.parametrize("application_id", [0, APPLICATION_ID + 1])
def test_another_programs_database_is_left_alone(path, application_id):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.execute(f"PRAGMA application_id = {application_id}")
    refused(path, "another program's database")


def test_an_empty_database_that_another_program_marked_is_left_alone(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 7")
    refused(path, "another program's database")


@pytest.mark.parametrize(
    "content",
    [
        b"todo\n",
        b"a shopping list\n" * 500,
        b"SQLite format 3\0" + b"\xff" * 5000,
        os.urandom(8192),
    ],
)
def test_a_file_that_is_no_database_is_left_alone(path, content):
    path.write_bytes(content)
    refused(path, "is no ledger|is damaged|cannot be opened")


def test_a_truncated_ledger_is_an_error_and_left_alone(written):
    os.truncate(written, written.stat().st_size // 3)
    before = written.read_bytes()
    with pytest.raises(LedgerError, match="is damaged") as raised:
        ledger = SqliteLedger(written)
        try:
            list(ledger.collections())
        finally:
            ledger.close()
    assert "backup" in raised.value.remedy
    assert written.read_bytes() == before


def test_a_damaged_page_is_an_error_and_left_alone(written, make_draft, now):
    content = bytearray(written.read_bytes())
    page = int.from_bytes(content[16:18], "big")
    for start in range(2 * page, len(content), page):
        content[start : start + page] = b"\xa5" * page
    written.write_bytes(content)
    calls = [
        lambda ledger: list(ledger.collections()),
        lambda ledger: ledger.claim(make_draft(999)),
        lambda ledger: ledger.step("col-1", "requested", at=now),
        lambda ledger: ledger.kept_exclusions(),
    ]
    for call in calls:
        # It may be found when it is opened: a page may be the schema's.
        with pytest.raises(LedgerError, match="is damaged"), closing(SqliteLedger(written)) as one:
            call(one)
    assert written.read_bytes() == bytes(content)


def test_a_ledger_that_lost_a_table_is_an_error(written, now):
    with closing(sqlite3.connect(written)) as connection:
        connection.execute("DROP TABLE steps")
    ledger = SqliteLedger(written)
    with pytest.raises(LedgerError, match="no such table: steps"):
        ledger.step("col-1", "requested", at=now)
    assert ledger.get("col-1").state == "planned"
    ledger.close()


def test_a_folder_in_the_files_place_is_an_error(path):
    path.mkdir()
    refused(path, "cannot be opened")
    assert list(path.iterdir()) == []


def test_a_lock_that_stays_is_an_error_worth_retrying(written, make_draft, now):
    ledger = SqliteLedger(written, busy_timeout_seconds=0)
    with closing(sqlite3.connect(written, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for call in (
            lambda: ledger.claim(make_draft(999)),
            lambda: SqliteLedger(written, busy_timeout_seconds=0),
        ):
            with pytest.raises(LedgerError, match="locked by another process") as raised:
                call()
            assert raised.value.retryable
        assert ledger.get("col-1").state == "planned"
        other.execute("ROLLBACK")
    assert ledger.claim(make_draft(999))[1]
    ledger.close()


def test_a_full_disk_is_an_error_and_what_was_there_stays(written, make_draft, now):
    ledger = SqliteLedger(written)
    ledger._connection.execute(f"PRAGMA max_page_count = {pragma(ledger, 'page_count')}")
    ledger.step("col-1", "requested", at=now)
    with pytest.raises(LedgerError, match="cannot grow") as raised:
        for number in range(1000, 1100):
            ledger.claim(make_draft(number, reason="x" * 500))
    assert "Free space" in raised.value.remedy
    assert not raised.value.retryable
    # The transaction that found no room is gone whole, and no lock stayed.
    others = SqliteLedger(written, busy_timeout_seconds=0)
    kept = [collection.collection_id for collection in others.collections()]
    assert f"col-{number}" not in kept
    assert [f"col-{n}" for n in range(1000, number)] == sorted(kept[: number - 1000])
    assert others.step("col-1", "running", at=now).state == "running"
    assert others._connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    ledger.close()
    others.close()


def test_an_id_that_no_integer_column_can_hold_is_an_error(written, now):
    ledger = SqliteLedger(written)
    with pytest.raises(LedgerError, match="too large"):
        ledger.find(pipeline_id=2**80)
    with pytest.raises(LedgerError, match="surrogates"):
        ledger.step("col-1", "requested", at=now, note="\ud800")
    assert ledger.get("col-1").state == "planned"
    ledger.close()


def test_a_closed_ledger_says_so(path, make_draft):
    ledger = SqliteLedger(path)
    ledger.close()
    ledger.close()
    with pytest.raises(LedgerError, match="closed"):
        ledger.claim(make_draft())


UNPRIVILEGED = """
import os, sqlite3, sys
from pathlib import Path
from cado_sentinelone.engine.ledger_sqlite import SqliteLedger
from cado_sentinelone.errors import LedgerError
os.chdir(sys.argv[1])
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for path in map(Path, sys.argv[2:]):
    try:
        SqliteLedger(path)
    except LedgerError as error:
        print(error.kind, error.message, error.remedy, sep="|")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_what_cannot_be_written_is_an_error_when_it_is_opened(tmp_path, run_script, make_draft):
    """Before anything is sent: a launch never begins with a ledger that cannot take it."""
    script = tmp_path / "unprivileged.py"
    script.write_text(UNPRIVILEGED)
    for name in ("file", "folder", "empty"):
        (tmp_path / name).mkdir()
    for name in ("file", "folder"):
        ledger = SqliteLedger(tmp_path / name / "ledger.db")
        ledger.claim(make_draft())
        ledger.close()
    (tmp_path / "file" / "ledger.db").chmod(0o444)
    (tmp_path / "file").chmod(0o777)
    (tmp_path / "folder" / "ledger.db").chmod(0o666)
    for name in ("folder", "empty"):
        (tmp_path / name).chmod(0o555)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.db")}
    names = ["file/ledger.db", "folder/ledger.db", "empty/ledger.db"]
    process = run_script(str(script), str(tmp_path), *names)
    lines = process.communicate()[0].splitlines()
    assert process.returncode == 0
    assert len(lines) == len(names)
    for line, name in zip(lines, names, strict=True):
        kind, message, remedy = line.split("|")
        assert kind == "ledger"
        assert f"ledger {name} cannot be" in message
        assert "write" in remedy
    assert {file: file.read_bytes() for file in tmp_path.rglob("*.db")} == before
    for name in ("folder", "empty"):
        (tmp_path / name).chmod(0o755)


def test_the_path_in_an_error_is_the_one_that_was_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LedgerError, match=r"the ledger no/such\.db cannot be opened"):
        SqliteLedger(Path("no/such.db"))
