"""One request over several tenants: confirmed as a whole, walled off from one another (S10, S11)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cado_sentinelone.assets import asset_of
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.errors import ConflictError, ParamsError, RefusedError
from cado_sentinelone.fleet.begin import prepare, start
from cado_sentinelone.fleet.change import call_off
from cado_sentinelone.fleet.group import begin, digest_of, plan
from cado_sentinelone.fleet.request import FleetRequest
from cado_sentinelone.fleet.work import is_meant, work_once
from cado_sentinelone.models.run import Run
from cado_sentinelone.sandbox.running import RunningSandbox


@pytest.fixture
def tenants(ledger_url):
    """Two tenants of one ledger, each with a console and a platform of its own."""
    with RunningSandbox(endpoints=40, seed=1) as one, RunningSandbox(endpoints=30, seed=2) as two:
        clock = one.world.clock
        desks = [
            Desk(
                asset_of(sandbox.asset | {"ledger_url": ledger_url}),
                Run(utcnow=lambda: datetime.fromtimestamp(clock.now(), UTC)),
            )
            for sandbox in (one, two)
        ]
        yield desks, (one, two)
        for desk in desks:
            desk.run.close()


def request(**parameters):
    return FleetRequest(investigation="INC-1", start_rate_per_minute=6000, canary=0, **parameters)


def test_one_digest_confirms_all_of_them_and_another_nothing_s11(tenants):
    desks, _ = tenants
    digest = digest_of(plan(request(), desks))
    assert digest == digest_of(plan(request(), desks[::-1]))
    for wrong in ("", "0" * 64, plan(request(), desks)[0].told.digest.hex()):
        with pytest.raises(RefusedError, match=r"confirmed"):
            begin(request(confirm_digest=wrong), desks)
    assert not any(desk.ledger.fleets() for desk in desks)

    shares = begin(request(confirm_digest=digest), desks)
    groups = {share.fleet.group_id for share in shares}
    assert len(shares) == 2 and len(groups) == 1 and groups.pop().startswith("group-")
    assert {share.fleet.state for share in shares} == {"running"}


def test_a_worker_of_one_tenant_leaves_the_other_alone_s10(tenants):
    desks, (one, two) = tenants
    begin(request(confirm_digest=digest_of(plan(request(), desks))), desks)
    before = len(list(two.world.cado.pipelines()))
    one.world.clock.advance(60)
    for _ in range(3):
        work_once(desks[0], "worker")
    assert one.world.effects
    assert not two.world.effects and len(list(two.world.cado.pipelines())) == before


def test_what_was_never_begun_can_be_cancelled_and_is_not_begun_then(tenants):
    """A process that was killed while it planned leaves this behind."""
    desk = tenants[0][0]
    fleet, told = prepare(request(), desk)
    stopped, _ = call_off(fleet, desk)
    assert stopped.state == "cancelling"
    with pytest.raises(ConflictError, match="is cancelling by now"):
        start(fleet, told, desk)
    with pytest.raises(ConflictError, match="is cancelling by now"):
        desk.ledger.enroll(fleet.fleet_id, [], at=desk.run.utcnow())
    work_once(desk, "worker")
    counts = desk.ledger.fleet_counts(fleet.fleet_id)
    assert desk.ledger.fleet(fleet.fleet_id).state == "cancelled"
    assert (
        counts.selected == counts.of("cancelled", "refused") > 0 and not tenants[1][0].world.effects
    )


def test_a_tenant_without_endpoints_has_no_fleet_collection(tenants):
    desks, (one, two) = tenants
    others = {agent.hostname for agent in two.world.agents}
    word = next(a.hostname for a in one.world.agents if a.hostname not in others)
    wanted = request(hostname_contains=word)
    [share] = begin(wanted, desks)
    assert share.desk is desks[0] and share.told.selected == 1
    assert is_meant(share.fleet, share.fleet.group_id) and not is_meant(share.fleet, "group-0")
    with pytest.raises(RefusedError, match="no endpoint"):
        begin(request(hostname_contains="nobody-is-called-so"), desks)
    assert len(desks[0].ledger.fleets()) == 1


def test_what_means_something_in_one_console_only_is_refused(tenants):
    desks, _ = tenants
    with pytest.raises(ParamsError, match="site_ids: such ids are of one console"):
        plan(request(site_ids=("1",)), desks)
    with pytest.raises(ParamsError, match="two of the assets"):
        begin(request(), [desks[0], desks[0]])
