"""R1: a process killed at any instruction leaves the state before or after, and no lock."""

from __future__ import annotations

import sys

import pytest

from cado_sentinelone.engine.ledger_sqlite import SqliteLedger
from cado_sentinelone.errors import NotFoundError

# The only states that one of the four writes leaves: state, pipeline, holds its key, steps.
NOTHING = ("", None, False, 0)
LIFE = [
    NOTHING,
    ("planned", None, True, 1),
    ("requested", None, True, 2),
    ("requested", 66, True, 3),
    ("failed", 66, False, 4),
]


def left_behind(ledger, draft):
    try:
        collection = ledger.get(draft.collection_id)
    except NotFoundError:
        return NOTHING
    twin = draft.model_copy(update={"collection_id": "twin"})
    steps = len(ledger.history(draft.collection_id))
    holds = not ledger.claim(twin)[1]
    return (collection.state, collection.pipeline_id, holds, steps)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_r1_killed_before_any_statement_the_ledger_is_whole(tmp_path, run_script, make_draft):
    draft = make_draft(hostname="lap-0042")
    process = run_script("ledger_killed.py", str(tmp_path), draft.model_dump_json())
    made = int(process.communicate()[0])
    assert process.returncode == 0
    seen = []
    for number in range(1, made + 1):
        ledger = SqliteLedger(tmp_path / f"{number}.db", busy_timeout_seconds=0)
        assert ledger._connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        seen.append(LIFE.index(left_behind(ledger, draft)))
        ledger.close()
    assert seen == sorted(seen)
    assert set(seen) == set(range(len(LIFE)))
    # Each write has several statements, so death came also between those of one transaction.
    assert all(seen.count(stage) >= 4 for stage in range(len(LIFE) - 1))
