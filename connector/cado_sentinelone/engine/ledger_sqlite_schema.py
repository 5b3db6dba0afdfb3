"""The schema of the SQLite ledger, as the steps that lead to it.

Migration N brings a file from version N to N + 1, in one transaction. A released migration is
never edited; a change is a new one at the end. Times are microseconds since 1970 UTC.
Nothing newer than SQLite 3.24 is used.
"""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x43_53_31_4C  # "CS1L", in the header of each of our files

_FIRST = (
    """
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
    )
    """,
    # No race can give one key two holders, whatever the code above it does.
    "CREATE UNIQUE INDEX one_holder_per_key ON collections (dedupe_key) WHERE holds_key = 1",
    # Each listing ends with the order it is read in, so that no page is ever sorted.
    "CREATE INDEX by_creation ON collections (created_at)",
    "CREATE INDEX by_state ON collections (state, created_at)",
    "CREATE INDEX by_agent ON collections (agent_id, created_at)",
    "CREATE INDEX by_hostname ON collections (hostname, created_at)",
    "CREATE INDEX by_investigation ON collections (investigation_id, created_at)",
    # The account tells apart the tenants of one ledger, whose Cado numbers repeat.
    """
    CREATE UNIQUE INDEX one_owner_per_pipeline
    ON collections (pipeline_id, investigation_id, account_id) WHERE pipeline_id IS NOT NULL
    """,
    "CREATE INDEX by_parent_task ON collections (parent_task_id) WHERE parent_task_id <> ''",
    """
    CREATE TABLE steps (
        collection INTEGER NOT NULL REFERENCES collections (sequence),
        number INTEGER NOT NULL,
        at INTEGER NOT NULL,
        from_state TEXT NOT NULL,
        to_state TEXT NOT NULL,
        run_id TEXT NOT NULL,
        note TEXT NOT NULL,
        PRIMARY KEY (collection, number)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE exclusions (
        exclusion_id TEXT PRIMARY KEY,
        scope TEXT NOT NULL,
        scope_id TEXT NOT NULL,
        os TEXT NOT NULL,
        value TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
)

# What a script of our own leaves behind: its name and hash, its task, its archive, its report.
# And the custody record of each collection, whose end stands in the collection's own row.
_SCRIPTS_AND_CUSTODY = (
    *(
        f"ALTER TABLE collections ADD COLUMN {column}"
        for column in (
            "requested_by TEXT NOT NULL DEFAULT ''",
            "task_id TEXT NOT NULL DEFAULT ''",
            "pending_execution_id TEXT NOT NULL DEFAULT ''",
            "script_name TEXT NOT NULL DEFAULT ''",
            "script_sha256 TEXT NOT NULL DEFAULT ''",
            "script_deleted_at INTEGER",
            "attempts INTEGER NOT NULL DEFAULT 0",
            "archive_name TEXT NOT NULL DEFAULT ''",
            "archive_sha256 TEXT NOT NULL DEFAULT ''",
            "archive_size_bytes INTEGER",
            "result_line TEXT NOT NULL DEFAULT ''",
            "custody_count INTEGER NOT NULL DEFAULT 0",
            "custody_head TEXT NOT NULL DEFAULT ''",
        )
    ),
    """
    CREATE TABLE custody (
        collection INTEGER NOT NULL REFERENCES collections (sequence),
        number INTEGER NOT NULL,
        entry TEXT NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (collection, number)
    ) WITHOUT ROWID
    """,
)

# Fleet collections: who belongs to which, what is due next, and the calls that a token has left.
_FLEETS = (
    """
    CREATE TABLE fleets (
        sequence INTEGER PRIMARY KEY,
        fleet_id TEXT NOT NULL UNIQUE,
        group_id TEXT NOT NULL,
        tenant TEXT NOT NULL,
        state TEXT NOT NULL,
        paused_reason TEXT NOT NULL,
        digest TEXT NOT NULL,
        selected INTEGER NOT NULL,
        request TEXT NOT NULL,
        rate_per_minute REAL NOT NULL,
        allowance REAL NOT NULL,
        allowance_at INTEGER NOT NULL,
        raised_at INTEGER NOT NULL,
        judged_from INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        finished_at INTEGER,
        requested_by TEXT NOT NULL,
        runner TEXT NOT NULL,
        run_id TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE fleet_members (
        fleet INTEGER NOT NULL REFERENCES fleets (sequence),
        collection INTEGER NOT NULL REFERENCES collections (sequence),
        due_at INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        PRIMARY KEY (fleet, collection)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX fleets_of_collection ON fleet_members (collection)",
    """
    CREATE TABLE fleet_duties (
        fleet INTEGER NOT NULL REFERENCES fleets (sequence),
        duty TEXT NOT NULL,
        due_at INTEGER NOT NULL,
        owner TEXT NOT NULL,
        lease_until INTEGER NOT NULL,
        done_at INTEGER NOT NULL,
        PRIMARY KEY (fleet, duty)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE budgets (
        token TEXT NOT NULL,
        prefix TEXT NOT NULL,
        full_at INTEGER NOT NULL,
        PRIMARY KEY (token, prefix)
    ) WITHOUT ROWID
    """,
)

# What is due, what has begun and how it ended, told of a hundred thousand endpoints without reading
# one collection; and who works.
_MEMBERS_AND_WORKERS = (
    "ALTER TABLE collections ADD COLUMN verdict TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE fleet_members ADD COLUMN state TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE fleet_members ADD COLUMN began_at INTEGER",
    "ALTER TABLE fleet_members ADD COLUMN ended_at INTEGER",
    """
    UPDATE fleet_members SET
        state = (SELECT state FROM collections WHERE sequence = collection),
        began_at = (SELECT requested_at FROM collections WHERE sequence = collection),
        ended_at = (SELECT finished_at FROM collections WHERE sequence = collection)
    """,
    "CREATE INDEX members_due ON fleet_members (fleet, state, due_at, collection)",
    """
    CREATE TABLE workers (
        owner TEXT PRIMARY KEY,
        tenant TEXT NOT NULL,
        version TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        seen_at INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
)

# Endpoints that were sent one script in one call.
_SHARED_SCRIPTS = (
    "ALTER TABLE collections ADD COLUMN batch_id TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX by_script ON collections (script_id) WHERE script_id <> ''",
    "CREATE INDEX by_lease ON collections (lease_until) WHERE lease_until > 0",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    _FIRST, _SCRIPTS_AND_CUSTODY, _FLEETS, _MEMBERS_AND_WORKERS, _SHARED_SCRIPTS,
)  # fmt: skip
