"""S15: the custody record shows every change, deletion, reorder, splice and truncation."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cado_sentinelone.engine.custody import (
    Entry,
    content_of,
    exported,
    imported,
    next_entry,
    problems_of,
)
from cado_sentinelone.engine.custody_page import custody_page
from cado_sentinelone.engine.ledger import open_ledger
from cado_sentinelone.errors import LedgerError, NotFoundError

PAGE = Path(__file__).resolve().parents[2] / "docs" / "custody.md"


@pytest.fixture
def kept(ledger, make_draft, now):
    """A collection with a record of four entries."""
    ledger.claim(make_draft(hostname="lap-0042", requested_by="an analyst"))
    ledger.step("col-1", "requested", at=now, run_id="r-1", note="intent")
    ledger.note("col-1", at=now, run_id="r-1", event="script prepared", details={"sha": "abc"})
    ledger.step("col-1", "running", at=now, run_id="r-2", pipeline_id=7)
    return ledger


def test_claims_steps_and_notes_are_entries_of_one_chain(kept, now):
    record = kept.custody("col-1")
    assert problems_of(record) == []
    told = [content_of(entry) for entry in record.entries]
    assert [one["event"] for one in told] == ["asked for", "step", "script prepared", "step"]
    assert told[0]["details"]["requested_by"] == "an analyst" and told[0]["previous_sha256"] == ""
    assert (told[1]["from_state"], told[1]["to_state"], told[1]["note"]) == (
        "planned",
        "requested",
        "intent",
    )
    assert told[3]["details"] == {"pipeline_id": 7}
    assert told[1]["previous_sha256"] == record.entries[0].sha256
    assert record.head_sha256 == record.entries[-1].sha256 and record.entries_count == 4


def test_a_step_that_changes_nothing_worth_telling_is_no_entry(kept, now):
    kept.step("col-1", "running", at=now)
    assert kept.custody("col-1").entries_count == 4


def test_a_step_that_is_refused_leaves_no_entry(kept, now):
    from cado_sentinelone.errors import ConflictError

    with pytest.raises(ConflictError):
        kept.step("col-1", "planned", at=now)
    assert kept.custody("col-1").entries_count == 4
    with pytest.raises(NotFoundError):
        kept.note("col-9", at=now, run_id="", event="x", details={})
    with pytest.raises(NotFoundError):
        kept.custody("col-9")


def test_an_entry_too_long_is_refused_and_nothing_is_written(kept, now):
    with pytest.raises(LedgerError, match="65536"):
        kept.note("col-1", at=now, run_id="", event="x", details={"text": "x" * 70_000})
    assert problems_of(kept.custody("col-1")) == []


def test_every_single_bit_is_guarded(kept):
    """Each bit of each entry, of each digest and of what stands apart."""
    record = kept.custody("col-1")
    flipped = 0
    for place, entry in enumerate(record.entries):
        for field in ("line", "sha256"):
            text = getattr(entry, field)
            for index, char in enumerate(text):
                for bit in range(7):
                    changed = text[:index] + chr(ord(char) ^ (1 << bit)) + text[index + 1 :]
                    entries = list(record.entries)
                    entries[place] = entry._replace(**{field: changed})
                    assert problems_of(record._replace(entries=tuple(entries)))
                    flipped += 1
    for index, char in enumerate(record.head_sha256):
        head = record.head_sha256[:index] + chr(ord(char) ^ 1) + record.head_sha256[index + 1 :]
        assert problems_of(record._replace(head_sha256=head))
    assert problems_of(record._replace(entries_count=5)) and flipped > 10_000


def test_deletion_reorder_splice_and_truncation_are_seen(kept, make_draft):
    kept.claim(make_draft(2))
    record, other = kept.custody("col-1"), kept.custody("col-2")
    a, b, c, d = record.entries
    for entries in ((a, b, c), (a, c, d), (b, c, d), (a, c, b, d), (a, b, c, d, d), ()):
        assert problems_of(record._replace(entries=entries)), entries
    # Renumbered so that only the chain can tell.
    renumbered = tuple(Entry(n, one.line, one.sha256) for n, one in enumerate((a, c, d), 1))
    assert problems_of(record._replace(entries=renumbered, entries_count=3))
    spliced = (other.entries[0], b, c, d)
    assert any("another collection" in one for one in problems_of(record._replace(entries=spliced)))


def test_an_entry_that_was_rewritten_with_its_digest_breaks_the_next(kept, now):
    record = kept.custody("col-1")
    forged = next_entry(
        2, record.entries[0].sha256, collection_id="col-1", at=now, event="step", run_id="forged"
    )
    entries = (record.entries[0], forged, *record.entries[2:])
    assert problems_of(record._replace(entries=entries))


def test_a_tail_that_is_cut_off_in_the_database_is_seen(tmp_path, make_draft, now):
    file = tmp_path / "ledger.db"
    with closing(open_ledger(f"sqlite:///{file}")) as ledger:
        ledger.claim(make_draft())
        ledger.step("col-1", "requested", at=now)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DELETE FROM custody WHERE number = 2")
        connection.commit()
    with closing(open_ledger(f"sqlite:///{file}")) as ledger:
        assert any("2 were written" in one for one in problems_of(ledger.custody("col-1")))


def test_an_export_is_the_record_again(kept):
    record = kept.custody("col-1")
    text = exported(record)
    assert imported(text) == record
    cut = json.loads(text)
    del cut["entries"][-1]
    assert problems_of(imported(json.dumps(cut)))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"entries": [1]}', "[" * 5000])
def test_what_is_no_export_is_said_to_be_none(text):
    with pytest.raises(LedgerError, match="not an exported custody record"):
        imported(text)


def test_the_page_s_own_lines_verify_an_export_without_us(kept, tmp_path):
    """The dozen lines of docs/custody.md, taken from the page, run by a Python without us."""
    if not PAGE.is_file():
        pytest.skip("the pages are not here")
    program = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[1]
    (tmp_path / "verify.py").write_text(program)
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    text = exported(kept.custody("col-1"))
    good.write_text(text)
    bad.write_text(text.replace("an analyst", "an Analyst"))

    def verify(file):
        return subprocess.run(  # noqa: S603 - isolated: -I sees nothing of this project
            [sys.executable, "-I", str(tmp_path / "verify.py"), str(file)],
            check=False,
            capture_output=True,
            text=True,
        )

    assert "verifies" in verify(good).stdout and verify(good).returncode == 0
    assert verify(bad).returncode == 1


def test_the_page_shows_the_record_and_hostile_text_is_inert(ledger, make_draft, now):
    """S16."""
    hostile = "<script>alert(1)</script>\x1b[31m\u202e"
    ledger.claim(make_draft(hostname=hostile, reason=hostile, requested_by=hostile))
    ledger.step("col-1", "requested", at=now, note=hostile)
    page = custody_page(ledger.get("col-1"), ledger.custody("col-1"))
    assert "<script" not in page and "\x1b" not in page and "\u202e" not in page
    assert "&lt;script&gt;" in page and "The record verifies" in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_page_says_when_the_record_does_not_verify(kept):
    record = kept.custody("col-1")
    page = custody_page(kept.get("col-1"), record._replace(entries=record.entries[:2]))
    assert "not as it was written" in page and "The record verifies" not in page


def test_older_collections_begin_their_record_where_it_begins(tmp_path, make_draft, now):
    """A ledger of before: its first entry is the first thing that happened since."""
    file = tmp_path / "ledger.db"
    with closing(open_ledger(f"sqlite:///{file}")) as ledger:
        ledger.claim(make_draft())
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DELETE FROM custody")
        connection.execute("UPDATE collections SET custody_count = 0, custody_head = ''")
        connection.commit()
    with closing(open_ledger(f"sqlite:///{file}")) as ledger:
        assert ledger.custody("col-1").entries == ()
        ledger.step("col-1", "requested", at=now)
        assert problems_of(ledger.custody("col-1")) == []
