"""`fleet work` and `fleet watch` as a person runs them: in processes of their own, over HTTP."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from rich.console import Console

from cado_sentinelone.console.fleet_view import line_of, picture_of, without_secrets
from cado_sentinelone.fleet.status import Cause, FleetStatus
from cado_sentinelone.invoke import invoke
from cado_sentinelone.log import Mask
from cado_sentinelone.sandbox.running import RunningSandbox

STATUS = FleetStatus(
    fleet_id="fleet-9b1c5f0a7d2e4c68",
    state="paused",
    terminal=False,
    paused_reason="3 of 10 that ended have failed \x1b[31m",
    investigation="INC-1",
    via="cado",
    selected=12_345,
    counts={"completed": 345, "failed": 10, "running": 90, "waiting_endpoint": 11_900},
    to_launch=11_900,
    under_way=90,
    ended=355,
    with_evidence=345,
    eta_minutes=200,
    eta_basis="the rate of launches that is allowed",
    oldest_wait_hours=30,
    errors=(Cause(state="failed", error="the disk is full " * 20, endpoints=10),),
    created_at=datetime(2026, 1, 2, tzinfo=UTC),
    expires_at=datetime(2026, 1, 9, tzinfo=UTC),
)


@pytest.fixture
def work_place(tmp_path):
    """A folder with an asset whose sandbox turns an hour in six seconds."""
    with RunningSandbox(endpoints=30, speed=600.0) as sandbox:
        asset = sandbox.asset | {"ledger_url": f"sqlite:///{tmp_path / 'ledger.db'}"}
        file = tmp_path / "asset.json"
        file.write_text(json.dumps(asset), encoding="utf-8")
        file.chmod(0o600)
        yield tmp_path, asset


@contextmanager
def started(folder, *arguments):
    with subprocess.Popen(  # noqa: S603 - this interpreter, our own program
        [sys.executable, "-m", "cado_sentinelone", "fleet", *arguments, "--asset", "asset.json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def plan(asset):
    parameters = {"investigation": "INC-1", "os": "linux", "online_only": True}
    request = {"action": "run_fleet_collection", "asset": asset, "parameters": parameters}
    outcome = invoke(request)
    assert outcome.error is None, outcome.error
    return outcome.data[0]


def test_it_is_worked_on_and_watched_to_its_end(work_place):
    folder, asset = work_place
    fleet = plan(asset)
    with started(folder, "watch") as watch, started(folder, "work", "--until-done") as work:
        told = work.communicate(timeout=300)[1]
        seen = watch.communicate(timeout=30)[0].splitlines()

    assert work.returncode == watch.returncode == 0, told
    assert seen[-1].startswith(f"{fleet['fleet_id']} completed: {fleet['selected']} = ")
    assert "sentinelone_token" not in told and asset["sentinelone_token"] not in told


PARAMETERS = ("-p", "investigation=INC-7", "-p", "os=linux", "-p", "online_only=true")


def test_a_run_is_planned_begun_and_reported_on(work_place):
    folder, _ = work_place
    with started(folder, "plan", "--json", *PARAMETERS) as planning:
        told = json.loads(planning.communicate(timeout=60)[0])
    [plan] = told["plans"]
    assert told["digest"] == plan["digest"] and not plan["fleet_id"]
    with started(folder, "run", "--confirm", "0" * 64, *PARAMETERS) as refused:
        words = refused.communicate(timeout=60)[1]
    assert refused.returncode == 2 and plan["digest"] in words
    fast = ("-p", "start_rate_per_minute=6000")
    with started(folder, "run", "--confirm", told["digest"], *PARAMETERS, *fast) as run:
        words = run.communicate(timeout=300)[1]
    assert run.returncode == 0, words
    assert f"{plan['collectable']} of {plan['selected']} endpoints are planned" in words
    files = ("--html", "r.html", "--csv", "r.csv", "--json-lines", "r.jsonl")
    with started(folder, "report", *files) as report:
        words = report.communicate(timeout=60)[1]
    assert report.returncode == 0 and words.count(f"{plan['selected']} endpoints of fleet-") == 3
    lines = (folder / "r.jsonl").read_text().splitlines()
    assert {json.loads(line)["state"] for line in lines} <= {"completed", "failed", "refused"}
    assert sorted(file.name for file in folder.iterdir() if "r." in file.name) == [
        "ledger.db", "r.csv", "r.html", "r.jsonl",
    ]  # fmt: skip
    with started(folder, "doctor") as doctor:
        seen = doctor.communicate(timeout=60)[0]
    assert doctor.returncode == 0 and "workers:\n  none\nleases:\n  none\n" in seen


def test_ctrl_c_leaves_a_watched_run_going(work_place, monkeypatch):
    folder, _ = work_place
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    fast = ("-p", "start_rate_per_minute=6000")
    with started(folder, "run", "--watch", *PARAMETERS, *fast) as run:
        fleet_id = run.stdout.readline().split()[0]
        run.send_signal(signal.SIGINT)
        told = run.communicate(timeout=60)[1]
    assert run.returncode == 0
    assert f"fleet watch --fleet-id {fleet_id} --asset asset.json" in told
    with started(folder, "watch", "--fleet-id", fleet_id) as watch:
        seen = watch.communicate(timeout=300)[0].splitlines()
    assert seen[-1].startswith(f"{fleet_id} completed: ")
    log = folder / "state" / "cado-sentinelone" / f"{fleet_id}.log"
    assert str(log) in told and log.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("plan", "-p", "investigation=I", "-p", "hostnam=x"), "no such parameter"),
        (("plan", "-p", "investigation"), "-p takes NAME=VALUE"),
        (("report",), "give at least one of --html"),
        (("report", "--csv", "r.csv"), "has no fleet collection of"),
        (("report", "--csv", "r.csv", "--fleet-id", "fleet-0"), "no fleet collection 'fleet-0'"),
        (
            ("run", "-p", "investigation=I", "-p", "os=linux", "-p", "hostname_contains=zz"),
            "no endpoint",
        ),
    ],
)
def test_what_is_wrong_is_named_and_nothing_begins(work_place, arguments, words):
    with started(work_place[0], *arguments) as process:
        told = process.communicate(timeout=60)[1]
    assert process.returncode == 2 and words in told, told
    assert not list(work_place[0].glob("*.csv"))


def test_ctrl_c_ends_the_watching_and_says_how_to_come_back(work_place):
    folder, asset = work_place
    fleet_id = plan(asset)["fleet_id"]
    with started(folder, "watch", "--fleet-id", fleet_id) as watch:
        assert watch.stdout.readline().startswith(fleet_id)
        watch.send_signal(signal.SIGINT)
        told = watch.communicate(timeout=60)[1]

    assert watch.returncode == 0
    assert f"come back with: cado-sentinelone fleet watch --fleet-id {fleet_id}" in told


def test_an_id_that_is_not_there_is_named(work_place):
    with started(work_place[0], "watch", "--fleet-id", "fleet-0") as watch:
        told = watch.communicate(timeout=60)[1]

    assert watch.returncode != 0
    assert "no fleet collection 'fleet-0'" in told and "list_fleet_collections" in told


def test_a_secret_that_a_vendor_repeated_is_masked_s5():
    mask = Mask()
    mask.add(["disk", "of 10 that"])
    told = without_secrets(STATUS, mask)
    assert "of 10 that" not in line_of(told) and "disk" not in told.errors[0].error
    assert told.counts == STATUS.counts


@pytest.mark.parametrize("width", [30, 80, 200])
def test_the_picture_fits_its_terminal_and_adds_up_r3_s16(width):
    screen = io.StringIO()
    Console(file=screen, width=width, force_terminal=False).print(picture_of(STATUS))
    text = screen.getvalue()

    assert max(map(len, text.splitlines())) <= width
    assert "\x1b" not in text
    words = " ".join(text.split())
    for part in ("11,900", "12,345 selected", "3.3 h left", "30.0 h", "10 failed: the disk"):
        assert part in words
    if width == 80:
        assert "= 11,900 to launch + 90 under way + 355 ended" in words


def test_the_line_has_what_the_picture_has_r3():
    line = line_of(STATUS)
    assert "\x1b" not in line and "\n" not in line
    assert "paused (3 of 10 that ended have failed" in line
    assert "12345 = 345 completed, 10 failed, 90 running, 11900 waiting_endpoint" in line
