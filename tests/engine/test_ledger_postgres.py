"""What only the ledger on PostgreSQL has (R10): its server, its schema, its words."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from cado_sentinelone.engine.ledger import open_ledger
from cado_sentinelone.errors import ConflictError, LedgerError

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")


@pytest.fixture
def url(postgres):
    return postgres.database()


def run(url, *statements):
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_restart_of_the_server_is_survived(postgres, url, make_draft, now):
    ledger = open_ledger(url)
    ledger.claim(make_draft())
    postgres.stop()
    with pytest.raises(LedgerError, match=r"database (cannot be reached|was stopped)") as raised:
        ledger.step("col-1", "requested", at=now)
    assert raised.value.retryable and raised.value.remedy
    postgres.start()
    time.sleep(1.1)  # for longer than a connection is taken to be alive without asking

    assert ledger.step("col-1", "requested", at=now).state == "requested"
    assert [step.to_state for step in ledger.history("col-1")] == ["planned", "requested"]
    ledger.close()


def test_a_connection_that_was_cut_is_replaced(url, make_draft):
    ledger = open_ledger(url)
    ledger.claim(make_draft())
    run(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
             " WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip
    with pytest.raises(LedgerError, match="database"):
        ledger.get("col-1")

    assert ledger.get("col-1").state == "planned"
    ledger.close()


def test_a_connection_that_was_left_in_the_middle_is_not_used_again(url, make_draft):
    """What a cut leaves behind need not look closed: it only refuses every further word."""
    with closing(open_ledger(url)) as ledger:
        ledger.claim(make_draft(1))
        for leave in (
            lambda connection: connection.pgconn.enter_pipeline_mode(),
            lambda connection: connection.pgconn.exec_(b"BEGIN"),
        ):
            with ledger._connection() as left:
                leave(left)
            assert left.closed
            assert ledger.get("col-1")


def test_a_write_inside_another_that_fails_changes_nothing(url, make_draft, now):
    """The server gives a transaction up at its first error, unless there is a savepoint."""
    ledger = open_ledger(url)
    with ledger.together():
        for number in (1, 2):
            ledger.claim(make_draft(number))
        ledger.step("col-1", "requested", at=now, pipeline_id=7)
        with pytest.raises(ConflictError, match="belongs to another collection"):
            ledger.step("col-2", "requested", at=now, pipeline_id=7)
        assert ledger.get("col-2").state == "planned"
        ledger.step("col-2", "requested", at=now, pipeline_id=8)

    assert [ledger.get(f"col-{number}").pipeline_id for number in (1, 2)] == [7, 8]
    ledger.close()


def test_a_database_of_another_program_is_left_alone(url):
    run(url, "CREATE TABLE collections (name text)")
    with pytest.raises(LedgerError, match="of another program"):
        open_ledger(url)
    run(url, "INSERT INTO collections VALUES ('still theirs')")


def test_a_newer_schema_is_left_alone(url):
    open_ledger(url).close()
    run(url, "UPDATE cado_sentinelone_ledger SET version = 99")
    with pytest.raises(LedgerError, match=r"version 99; this version .* knows \d"):
        open_ledger(url)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("/ledger_", "/nowhere_"), "does not exist"),
        (("postgres@", "stranger:canary@"), "refuses this user|does not exist"),
        (("127.0.0.1:", "127.0.0.1:1"), "cannot be reached|failed"),
    ],
)
def test_s5_what_is_wrong_is_said_without_the_password(url, change, words):
    with pytest.raises(LedgerError, match=words) as raised:
        open_ledger(url.replace(*change))
    assert "canary" not in f"{raised.value!r} {raised.value} {raised.value.__cause__}"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:can/ary@host/db",
        "postgresql://user@host/db?canary=1",
        "postgresql://[canary",
    ],
)
def test_s5_a_url_that_is_misread_is_not_shown(url):
    with pytest.raises(LedgerError, match="no URL of a PostgreSQL database") as raised:
        open_ledger(url)
    assert "can" not in f"{raised.value.message} {raised.value.__cause__}"


def test_nothing_stays_connected_after_it_was_closed(url, make_draft):
    ledger = open_ledger(url)
    ledger.claim(make_draft())
    ledger.close()
    ledger.close()
    with psycopg.connect(url) as connection:
        [others] = connection.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ).fetchone()
    assert others == 0
