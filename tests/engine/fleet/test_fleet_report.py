"""What is written of a fleet collection: figures that are the ledger's, and nothing that runs."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta

import pytest

from cado_sentinelone.assets import asset_of
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.ledger_fleets import Draft
from cado_sentinelone.engine.ledger_workers import Worker
from cado_sentinelone.fleet.checkup import checkup
from cado_sentinelone.fleet.outcomes import COLUMNS, write_csv, write_json_lines
from cado_sentinelone.fleet.report import write_report
from cado_sentinelone.fleet.report_figures import durations, history, quantile, rows_by, step_for
from cado_sentinelone.fleet.report_plots import WIDTH, areas, duration, histogram
from cado_sentinelone.models.fleet import Fleet
from cado_sentinelone.models.run import Run

HOSTILE = "=cmd|' /C calc'!A0</script><img src=x onerror=alert(1)>\x1b[31m"


@pytest.fixture
def desk(ledger_url, now):
    asset = asset_of(
        {
            "sentinelone_url": "https://console.example",
            "sentinelone_token": "token-for-tests",
            "cado_url": "https://cado.example",
            "cado_api_key": "key-for-tests",
            "ledger_url": ledger_url,
        }
    )
    run = Run(utcnow=lambda: now + timedelta(hours=1))
    yield Desk(asset, run)
    run.close()


@pytest.fixture
def fleet(desk, make_draft, now):
    """Twelve endpoints of two sites: eight with evidence, two failed, one under way, one waits."""
    begun = Fleet(
        fleet_id="fleet-1", state="planning", digest="d" * 64, request={"investigation": "INC-1",
        "via": "cado", "profile": "light", "start_rate_per_minute": 20.0,
        "site_names": {"s1": "Head <b>office</b>"}}, allowance_at=now, raised_at=now,
        judged_from=now, rate_per_minute=20, created_at=now, updated_at=now, expires_at=now + timedelta(days=7),
    )  # fmt: skip
    ledger = desk.ledger
    ledger.add_fleet(begun)
    drafts = [
        make_draft(
            number,
            hostname=HOSTILE if number == 1 else f"host-{number:02}",
            os="linux" if number % 4 == 0 else "windows",
            site_id="s1" if number <= 8 else "s2",
        )
        for number in range(1, 13)
    ]
    ledger.enroll("fleet-1", [Draft(draft, now) for draft in drafts], at=now)
    for number in range(1, 12):
        at = now + timedelta(seconds=60 * number)
        ledger.step(f"col-{number}", "requested", at=at, pipeline_id=number)
        ledger.step(f"col-{number}", "running", at=at + timedelta(seconds=30))
    for number in range(1, 9):
        at = now + timedelta(seconds=60 * number + 100 * number)
        verdict = "malicious" if number == 1 else "no_findings"
        ledger.step(f"col-{number}", "completed", at=at, verdict=verdict,
                    evidence_ids=(number,))  # fmt: skip
    for number in (9, 10):
        at = now + timedelta(minutes=30)
        ledger.step(f"col-{number}", "failed", at=at, error=f"full: {HOSTILE}")
    return ledger.step_fleet("fleet-1", ("planning",), "running", at=now + timedelta(hours=1))


def test_the_history_begins_with_all_and_ends_as_it_stands_r3(desk, fleet):
    moments = history(fleet, desk)

    assert {sum(moment.counts.values()) for moment in moments} == {12}
    assert moments[-1].counts == desk.ledger.fleet_counts("fleet-1").states
    assert moments[0].counts["planned"] > moments[-1].counts["planned"] == 1
    assert [moment.at for moment in moments] == sorted({moment.at for moment in moments})


def test_sites_and_systems_add_up_to_the_fleet_r3(desk, fleet):
    sites, more = rows_by(fleet, desk, "site_id")

    assert [(row.name, row.total) for row in sites] == [("Head <b>office</b>", 8), ("s2", 4)]
    assert sites[1].counts == {"failed": 2, "running": 1, "planned": 1} and not more
    assert sum(row.total for row in rows_by(fleet, desk, "os")[0]) == 12
    told = {row.name: row.total for row in rows_by(fleet, desk, "verdict")[0]}
    assert told == {"malicious": 1, "no_findings": 7, "unknown": 4}


def test_durations_are_those_of_evidence_only(desk, fleet):
    width, bars = durations(fleet, desk)

    assert sum(count for _, count in bars) == 8
    assert bars[0][0] <= 100 and bars[-1][0] <= 800 < bars[-1][0] + width
    assert quantile(bars, 1, width) >= 800 > quantile(bars, 0.1, width)


def test_the_areas_fill_the_plot_and_do_not_leave_it(desk, fleet):
    drawn = areas(history(fleet, desk), 12)
    points = [tuple(map(float, p.split(","))) for area in drawn for p in area.points.split()]

    assert max(x for x, _ in points) == WIDTH and min(y for _, y in points) == 0
    assert [area.state for area in drawn] == ["completed", "failed", "running", "planned"]
    assert not areas([], 0) and not histogram([], 1)


def test_the_page_holds_what_the_ledger_holds_and_nothing_that_runs_s16(desk, fleet):
    out = io.StringIO()
    assert write_report(fleet, desk, out) == 12
    page = out.getvalue()

    assert page.count("</script>") == 2 and "<img" not in page and "<b>office" not in page
    assert "\x1b" not in page and "http:" not in page and "https:" not in page
    text = re.search(r'<script type="application/json" id="rows">(.*?)</script>', page, re.DOTALL)[
        1
    ]
    told = json.loads(text)
    assert [row[0] for row in told["rows"]][:2] == [HOSTILE.replace("\x1b", "\\x1b"), "host-02"]
    assert told["errors"][told["rows"][8][8]].startswith("full: =cmd")
    assert '<th class="n" id="together">12</th>' in page


def test_a_fleet_without_any_end_is_a_page_too(desk, fleet, now):
    empty = fleet.model_copy(update={"fleet_id": "fleet-2", "state": "planning", "request": {}})
    desk.ledger.add_fleet(empty)
    out = io.StringIO()
    assert write_report(empty, desk, out) == 0
    assert "States over time" not in out.getvalue()


def test_csv_gives_no_spreadsheet_a_formula_s16(desk, fleet):
    out = io.StringIO(newline="")
    assert write_csv(desk.ledger.members("fleet-1"), out) == 12
    rows = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))

    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["hostname"].startswith("'=cmd") and "\x1b" not in out.getvalue()
    assert (rows[0]["verdict"], rows[0]["evidence_ids"]) == ("malicious", "1")
    assert [row["state"] for row in rows].count("failed") == 2


def test_json_lines_are_the_collections(desk, fleet):
    out = io.StringIO()
    assert write_json_lines(desk.ledger.members("fleet-1"), out) == 12
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [one["collection_id"] for one in told] == [f"col-{n}" for n in range(1, 13)]


def test_the_doctor_says_who_works_and_what_is_stuck(desk, fleet, now):
    ledger, later = desk.ledger, desk.run.utcnow()
    told = checkup(desk)
    assert not told.workers and not told.troubles  # a fleet of another tenant

    ours = fleet.model_copy(update={"fleet_id": "fleet-3", "tenant": tenant(desk)})
    ledger.add_fleet(ours)
    [trouble] = checkup(desk).troubles
    assert "no worker of tenant" in trouble and "fleet work" in trouble

    ledger.see_worker(Worker("box:1:0", tenant(desk), "1", now, later - timedelta(seconds=20)))
    ledger.see_worker(Worker("box:2:0", "other", "1", now, later - timedelta(hours=2)))
    ledger.lease_due("fleet-1", "box:1:0", states=("planned",), now=later,
                     until=later + timedelta(minutes=10), limit=9)  # fmt: skip
    ledger.take_duty("fleet-1", "look", "box:2:0", now=now, until=later - timedelta(minutes=5))
    for _ in range(31):
        wait = ledger.take_budget("t" * 32, "/remote-scripts", per_second=1, burst=30, now=later)
    told = checkup(desk)
    assert wait and not told.troubles
    assert "seen 20 s ago, working" in told.workers[0] and "quiet" in told.workers[1]
    assert "fleet-1 launches (1) held by box:1:0 for 600 s more" in told.leases
    assert any("look (1) held by box:2:0 ran out 300 s ago" in one for one in told.leases)
    [budget] = told.budgets
    assert budget.startswith("/remote-scripts of token tttttttt: used up")

    ledger.step_fleet("fleet-3", ("running",), "paused", at=later, paused_reason="ask")
    assert "fleet-3 is paused: ask" in checkup(desk).troubles


def test_a_worker_of_yesterday_is_forgotten(desk, now):
    for hours, owner in ((0, "old"), (25, "new")):
        seen = now + timedelta(hours=hours)
        desk.ledger.see_worker(Worker(owner, "t", "1", now, seen))
    assert [worker.owner for worker in desk.ledger.workers()] == ["new"]


def tenant(desk):
    from cado_sentinelone.fleet.begin import tenant_of

    return tenant_of(desk.asset)


@pytest.mark.parametrize(
    ("seconds", "most", "step"),
    [(10, 160, 1), (200, 160, 5), (86400, 160, 900), (9e9, 10, 900000001)],
)
def test_steps_are_round_and_few(seconds, most, step):
    assert step_for(seconds, most) == step
    assert seconds / step <= most


@pytest.mark.parametrize(
    ("seconds", "words"), [(20, "20 s"), (600, "10 min"), (9000, "2.5 h"), (200_000, "2.3 days")]
)
def test_durations_are_said_as_a_person_says_them(seconds, words):
    assert duration(seconds) == words
