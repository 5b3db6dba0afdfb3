"""Workers die all the time, servers go away, vendors answer wrongly: nothing twice, nothing lost.

The short form of `make chaos` (R1, R3, R4, R5).
"""

from __future__ import annotations

import pytest
from tests.chaos.chaos import Scene, chaos
from tests.chaos.servers import GROUNDS, missing, standing

PLAYED = list(zip(GROUNDS, ("cado", "remoteops", "remoteops", "cado"), strict=True))


@pytest.mark.parametrize(
    ("ground", "via"), PLAYED, ids=lambda one: one if isinstance(one, str) else "-".join(one)
)
def test_whatever_dies_each_endpoint_ends_once_and_the_counts_add_up(ground, via, tmp_path):
    if why := missing(ground):
        pytest.skip(why)
    scene = Scene(endpoints=100, workers=2, ledger_url="", seed=7, via=via)
    with standing(ground, tmp_path, scene):
        result = chaos(scene, tmp_path)
    said = (tmp_path / "workers.log").read_text(errors="replace")[-3000:]
    assert result.state == "completed", f"{result}\n{said}"
    assert result.open == 0 and result.most_effects == 1, f"{result}\n{said}"
    assert result.wrong_sums == [] and result.samples > 10
    assert sum(result.counts.values()) == result.selected
    assert result.kills > 5
    with_evidence = result.counts["completed"] + result.counts.get("completed_with_errors", 0)
    assert with_evidence > 0.7 * result.effects
