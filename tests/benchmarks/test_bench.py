"""`make bench` measures what it says: pairs in turn, medians of ratios, limits that can be missed."""

import importlib
import importlib.util
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "packaging" / "bench"


@pytest.fixture
def module(monkeypatch):
    """Imports a module of packaging/bench, which is a folder of scripts and no package."""
    if not BENCH.is_dir():
        pytest.skip("packaging/bench is not here")
    monkeypatch.syspath_prepend(str(BENCH))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_pairs_are_run_in_turn_after_one_that_is_thrown_away(module):
    measure = module("measure")
    calls = []

    def spender(name):
        def spend():
            calls.append(name)
            return measure.Spent(float(len(calls)), 0)

        return spend

    pairs = measure.paired(spender("ours"), spender("theirs"), 3)
    assert calls == ["ours", "theirs"] * 4
    assert [(ours.seconds, theirs.seconds) for ours, theirs in pairs] == [(3, 4), (5, 6), (7, 8)]


def test_the_ratio_is_the_median_of_the_pairs_ratios(module):
    """Not the ratio of the medians: the machine's speed drifts between the pairs."""
    measure = module("measure")
    times = [(1, 2), (10, 10), (300, 100)]
    pairs = [(measure.Spent(ours, 0), measure.Spent(theirs, 0)) for ours, theirs in times]
    row = measure.compared("a", "b", 1.0, pairs)
    assert row.ratio == 1.0
    assert row.holds
    assert not measure.compared("a", "b", 0.99, pairs).holds


def test_time_and_memory_are_those_of_the_process(module):
    measure = module("measure")
    large = measure.spend([sys.executable, "-c", "x = bytearray(768 << 20)"])
    small = measure.spend([sys.executable, "-c", "pass"])
    # A process that is smaller than this one counts as this one.
    assert large.peak_bytes - small.peak_bytes > 256 << 20


def test_a_command_that_ends_otherwise_is_no_measurement(module):
    measure = module("measure")
    with pytest.raises(Exception, match="exit status 3"):
        measure.spend([sys.executable, "-c", "raise SystemExit(3)"])
    assert measure.spend([sys.executable, "-c", "raise SystemExit(2)"], status=2)


def test_the_table_replaces_the_old_one(module, monkeypatch, tmp_path):
    module("measure")  # puts the folder on the path
    specification = importlib.util.spec_from_file_location("bench_main", BENCH / "__main__.py")
    main = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(main)
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{main.BEGIN}\nold\n{main.END}\nafter\n")
    monkeypatch.setattr(main, "PAGE", page)
    row = main.Row("`a`", "b", "2 ms against 1 ms", 2.0, 1.5)
    main._write(main._markdown([row], 9))
    text = page.read_text()
    assert text.startswith(f"before\n{main.BEGIN}\nMeasured ")
    assert "| `a` | b | 2 ms against 1 ms | **2.00** | 1.5 |" in text
    assert text.endswith(f"{main.END}\nafter\n")
    assert "old" not in text


def test_the_table_of_fleets_holds_calls_against_the_least(module):
    table = module("fleet_table")
    told = {
        "requests": {"POST /api/v3/import/xdr": 1500, "GET /api/v3/pipelines": 90},
        "selected": 2000, "counts": {"completed": 1490, "failed": 10, "refused": 500},
        "planning_seconds": 1.0, "working_seconds": 59.0, "ticks": 590, "virtual_hours": 2.0,
        "most_rss_mib": 90.0, "most_effects": 1, "ledger_bytes": 10_000_000,
    }  # fmt: skip
    assert table.least_calls(told) == 1500 + 2 * 2 + 3 * 2
    large = told | {"most_rss_mib": 108.0}
    text = table.table({"small": told, "large": large})
    assert "| 1,590 | 1.053 | 2.0 h | 1.0 min | 10.0 | 90 MiB | 5.0 kB | 1 |" in text
    assert "against 1,000 endpoints: 1.20" in text
