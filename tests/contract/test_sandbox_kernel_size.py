"""A world of the size of a fleet: many sites, many tenants, endpoints that come and go, dice."""

from collections import Counter

import pytest

from cado_sentinelone.sandbox.clock import Clock
from cado_sentinelone.sandbox.faults import Faults
from cado_sentinelone.sandbox.places import DAY
from cado_sentinelone.sandbox.server import serve
from cado_sentinelone.sandbox.world import World

MONDAY = 1_767_571_200.0  # 2026-01-05, midnight


def test_there_are_as_many_sites_as_were_asked_for_each_with_endpoints():
    world = World(endpoints=20_000, sites=200)
    sites = world.accounts[0].sites
    assert len(sites) == len({site.name for site in sites}) == 200
    assert min(len(site.agents) for site in sites if site.name.startswith("Branch")) > 0
    assert len({site.site_id for site in world.sites}) == len(world.sites)
    with pytest.raises(ValueError, match="12 to 240 sites, not 300"):
        World(endpoints=10, sites=300)


def test_more_sites_leave_the_first_endpoints_what_they_are():
    small, large = World(endpoints=50), World(endpoints=50, sites=100)
    assert [a.agent_id for a in small.agents[:50]] == [a.agent_id for a in large.agents[:50]]


def test_endpoints_come_and_go_as_the_days_pass():
    world = World(endpoints=2000, clock=Clock(0, MONDAY), presence=True)
    agents = world.accounts[0].agents
    online, changes = [], Counter()
    before = [agent.is_active for agent in agents]
    for _ in range(7 * 24):
        world.clock.advance(3600)
        world.settle()
        now = [agent.is_active for agent in agents]
        changes.update(
            place for place, pair in enumerate(zip(before, now, strict=True)) if pair[0] != pair[1]
        )
        online.append(sum(now))
        before = now
    # Some are always there, the weekend is quieter than the week, and most of those who move do often.
    assert min(online) > 900 and max(online) < 1900
    assert max(online[: 5 * 24]) - max(online[5 * 24 + 18 : 6 * 24 + 18]) > 100
    assert 600 < len(changes) < 1100 and changes.most_common(1)[0][1] >= 4
    assert not any(a.is_active for a in agents if a.is_decommissioned or a.is_uninstalled)


def test_who_went_was_last_seen_when_it_went_and_the_same_world_has_the_same_days():
    worlds = [World(endpoints=500, clock=Clock(0, MONDAY), presence=True) for _ in range(2)]
    for world, steps in zip(worlds, (1, 50), strict=True):
        for _ in range(steps):
            world.clock.advance(3 * DAY / steps)
            world.settle()
    one, two = ([(a.is_active, a.is_active or a.last_seen) for a in w.agents] for w in worlds)
    assert one == two
    now = worlds[0].clock.now()
    assert all(agent.last_seen <= now for agent in worlds[0].agents if not agent.is_active)


def test_a_percentage_is_of_the_occasions_and_by_the_seed():
    def taken(seed):
        faults = Faults("error_503@/api%10", seed)
        return [bool(faults.take("error_503", "/api/x")) for _ in range(2000)]

    assert 140 < sum(taken(1)) < 260
    assert taken(1) == taken(1) != taken(2)
    faults = Faults("error_503@/api%50*3")
    assert str(faults) == "error_503@/api%50*3"
    assert sum(bool(faults.take("error_503", "/api")) for _ in range(100)) == 3


def test_an_approval_may_be_asked_for_on_some_sites_only():
    world = World(endpoints=200, faults=Faults("rso_approval=Boston"))
    remote = world.sentinelone.remote
    script = type("Script", (), {"type": "action"})
    by_site = {agent.group.site.name: agent for agent in world.agents}
    assert remote.asks_approval(script, [by_site["Boston"], by_site["Warsaw"]])
    assert not remote.asks_approval(script, [by_site["Warsaw"]])


def test_a_number_of_tenants_that_makes_no_sense_is_named(capsys):
    assert serve(tenants=0) == 1
    assert "1 to 20 tenants, not 0" in capsys.readouterr().err
