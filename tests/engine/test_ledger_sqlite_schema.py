"""Migrations: an older file comes forward whole, and a released step is never edited."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from cado_sentinelone.engine import ledger_sqlite
from cado_sentinelone.engine.ledger_rows import columns_of
from cado_sentinelone.engine.ledger_sqlite import SqliteLedger
from cado_sentinelone.engine.ledger_sqlite_schema import MIGRATIONS
from cado_sentinelone.errors import LedgerError

# A file of version 1 as the first release wrote it. It changes never again.
VERSION_1 = """
PRAGMA journal_mode = WAL;
BEGIN;
CREATE TABLE collections (
    sequence INTEGER PRIMARY KEY,
    collection_id TEXT NOT NULL UNIQUE,
    dedupe_key TEXT NOT NULL,
    holds_key INTEGER NOT NULL,
    state TEXT NOT NULL,
    route TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    agent_uuid TEXT NOT NULL,
    hostname TEXT NOT NULL COLLATE NOCASE,
    os TEXT NOT NULL,
    site_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    investigation_id INTEGER NOT NULL,
    investigation_name TEXT NOT NULL,
    profile TEXT NOT NULL,
    options TEXT NOT NULL,
    reason TEXT NOT NULL,
    runner TEXT NOT NULL,
    run_id TEXT NOT NULL,
    pipeline_id INTEGER,
    pipeline_watermark INTEGER,
    parent_task_id TEXT NOT NULL,
    script_id TEXT NOT NULL,
    evidence_ids TEXT NOT NULL,
    error TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    requested_at INTEGER,
    updated_at INTEGER NOT NULL,
    finished_at INTEGER,
    deadline_at INTEGER,
    lease_owner TEXT NOT NULL DEFAULT '',
    lease_until INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX one_holder_per_key ON collections (dedupe_key) WHERE holds_key = 1;
CREATE INDEX by_creation ON collections (created_at);
CREATE INDEX by_state ON collections (state, created_at);
CREATE INDEX by_agent ON collections (agent_id, created_at);
CREATE INDEX by_hostname ON collections (hostname, created_at);
CREATE INDEX by_investigation ON collections (investigation_id, created_at);
CREATE UNIQUE INDEX one_owner_per_pipeline
    ON collections (pipeline_id, investigation_id, account_id) WHERE pipeline_id IS NOT NULL;
CREATE INDEX by_parent_task ON collections (parent_task_id) WHERE parent_task_id <> '';
CREATE TABLE steps (
    collection INTEGER NOT NULL REFERENCES collections (sequence),
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    run_id TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (collection, number)
) WITHOUT ROWID;
CREATE TABLE exclusions (
    exclusion_id TEXT PRIMARY KEY,
    scope TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    os TEXT NOT NULL,
    value TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO collections VALUES (
    1, 'col-1', 'key-1', 1, 'requested', 'cado', 'agent-1', 'uuid-1', 'Lap-0042', 'windows', 's',
    'a', 'd', 12, 'INC-2187', 'balanced', '{"skip_scan":false}', 'why', 'cli', 'run-1', 66, 65,
    '', '', '[31]', '', 1767323045678901, 1767323045678902, 1767323045678903, NULL,
    1767409445678901, '', 0
);
INSERT INTO steps VALUES (1, 1, 1767323045678901, '', 'planned', 'run-1', '');
INSERT INTO steps VALUES (1, 2, 1767323045678902, 'planned', 'requested', 'run-1', 'intent');
INSERT INTO exclusions VALUES ('225', 'site', 's', 'linux', '/cado-host', 1767323045678901);
PRAGMA application_id = 1129525580;
PRAGMA user_version = 1;
COMMIT;
"""
ADDED = (
    "ALTER TABLE collections ADD COLUMN tag TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE extra (a)",
)


@pytest.fixture
def version_1(tmp_path):
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(VERSION_1)
    return path


def structure(path):
    """What the file declares, by the meaning and not by the blanks of its SQL."""
    with closing(sqlite3.connect(path)) as connection:
        declared = connection.execute(
            "SELECT name, sql FROM sqlite_master ORDER BY name"
        ).fetchall()
        version = connection.execute("PRAGMA user_version").fetchone()
    return version, [(name, "".join((sql or "").split())) for name, sql in declared]


def test_a_file_of_version_1_opens_with_all_it_holds(version_1, make_draft, now):
    ledger = SqliteLedger(version_1)
    kept = ledger.get("col-1")
    assert (kept.hostname, kept.pipeline_id, kept.evidence_ids) == ("Lap-0042", 66, (31,))
    assert (kept.created_at, kept.options) == (now, {"skip_scan": False})
    assert [step.note for step in ledger.history("col-1")] == ["", "intent"]
    assert ledger.kept_exclusions() == {"225"}
    assert ledger.claim(make_draft(2, dedupe_key="key-1")) == (kept, False)
    assert ledger.step("col-1", "running", at=now).state == "running"
    ledger.close()


def test_a_file_of_version_1_comes_to_the_structure_of_a_new_one(version_1, tmp_path):
    SqliteLedger(version_1).close()
    SqliteLedger(tmp_path / "new.db").close()
    assert structure(version_1) == structure(tmp_path / "new.db")


def test_the_first_migration_is_as_it_was_released(version_1, tmp_path, monkeypatch):
    monkeypatch.setattr(ledger_sqlite, "MIGRATIONS", MIGRATIONS[:1])
    SqliteLedger(tmp_path / "new.db").close()
    assert structure(version_1) == structure(tmp_path / "new.db")


def test_every_field_of_a_collection_has_its_column(tmp_path, make_draft):
    """A new field needs a migration."""
    SqliteLedger(tmp_path / "new.db").close()
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(collections)")}
    ours = {"sequence", "holds_key", "lease_owner", "lease_until", "custody_count", "custody_head"}
    assert columns == columns_of(make_draft()).keys() | ours


def test_the_next_migration_brings_an_old_file_forward(version_1, monkeypatch, now):
    monkeypatch.setattr(ledger_sqlite, "MIGRATIONS", (*MIGRATIONS, ADDED))
    ledger = SqliteLedger(version_1)
    assert ledger.get("col-1").hostname == "Lap-0042"
    assert ledger.step("col-1", "running", at=now).state == "running"
    ledger.close()
    version, declared = structure(version_1)
    assert version == (len(MIGRATIONS) + 1,)
    assert "extra" in dict(declared)
    # The release before it now refuses the file, and says why.
    monkeypatch.setattr(ledger_sqlite, "MIGRATIONS", MIGRATIONS)
    with pytest.raises(LedgerError, match=f"schema version {len(MIGRATIONS) + 1}"):
        SqliteLedger(version_1)


def test_a_migration_that_fails_in_the_middle_leaves_the_old_version(version_1, monkeypatch):
    broken = (*ADDED, "CREATE TABLE extra (b)")
    before = structure(version_1)
    monkeypatch.setattr(ledger_sqlite, "MIGRATIONS", (*MIGRATIONS[:1], broken))
    with pytest.raises(LedgerError, match="already exists"):
        SqliteLedger(version_1)
    assert structure(version_1) == before
    monkeypatch.undo()
    ledger = SqliteLedger(version_1)
    assert ledger.get("col-1").pipeline_id == 66
    ledger.close()


def test_a_file_that_another_process_migrates_meanwhile_is_migrated_once(tmp_path, monkeypatch):
    use_wal = ledger_sqlite.use_wal

    def overtaken(connection, busy_timeout_seconds):
        use_wal(connection, busy_timeout_seconds)
        with closing(sqlite3.connect(tmp_path / "ledger.db")) as other:
            other.executescript(VERSION_1)

    monkeypatch.setattr(ledger_sqlite, "use_wal", overtaken)
    ledger = SqliteLedger(tmp_path / "ledger.db")
    assert ledger.get("col-1").pipeline_id == 66
    ledger.close()
