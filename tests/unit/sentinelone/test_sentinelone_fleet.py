"""Long listings: all endpoints once, in an order of their own, in fewer rounds (R7, R9)."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from cado_sentinelone.clients.sentinelone import SentinelOne
from cado_sentinelone.errors import ForbiddenError
from cado_sentinelone.models.action import Run


class Fleet:
    """A console with agents on sites, which answers as the contract says: by keyset cursors."""

    def __init__(self, console, sites, *, hidden=()):
        self.console = console
        self.agents = [
            {"id": f"{number:018}", "siteId": site, "accountId": "1", "osType": "macos"}
            for number, site in enumerate(sites)
        ]
        self.licences = Counter(sites)
        self.hidden = set(hidden)
        console.compute("GET", "agents", self.page)
        console.compute("GET", "sites", self.sites)

    def page(self, query):
        wanted = query.get("siteIds", "").split(",")
        rows = [row for row in self.agents if row["siteId"] in wanted or wanted == [""]]
        after, limit = query.get("cursor", ""), int(query["limit"])
        left = [row for row in rows if row["id"] > after]
        following = left[limit - 1]["id"] if len(left) > limit else None
        return {
            "data": left[:limit],
            "pagination": {"totalItems": len(rows), "nextCursor": following},
        }

    def sites(self, query):
        shown = sorted(self.licences.keys() - self.hidden)
        sites = [{"id": site, "activeLicenses": self.licences[site]} for site in shown]
        return {"data": {"sites": sites}, "pagination": {"nextCursor": None}}

    @property
    def asked_sites(self):
        """The sites of every request for agents."""
        return [
            self.console.query(index).get("siteIds", "")
            for index, (_, route) in enumerate(self.console.asked)
            if route == "agents"
        ]


def spread(count, *sites):
    """Which site each of `count` agents is on, in turn."""
    return list(itertools.islice(itertools.cycle(sites), count))


def slow_run():
    """A run in which every look at the clock is a second after the one before."""
    clock = itertools.count()
    return Run(sleep=lambda seconds: None, monotonic=lambda: float(next(clock)))


def listed(asset, run=None):
    run = run or Run(sleep=lambda seconds: None, monotonic=lambda: 0.0)
    return [endpoint.agent_id for endpoint in SentinelOne(asset, run).endpoints()]


def test_every_endpoint_comes_once_in_chains(console, asset):
    fleet = Fleet(console, spread(6000, "a", "b", "c", "d"))
    found = listed(asset)
    assert Counter(found) == Counter(row["id"] for row in fleet.agents)
    assert len({sites for sites in fleet.asked_sites if sites}) > 1


@pytest.mark.parametrize("count", [0, 1, 1000, 1001, 2000])
def test_short_listings_are_one_chain(console, asset, count):
    fleet = Fleet(console, spread(count, "a", "b"))
    console.mock.assert_all_requests_are_fired = False
    assert listed(asset) == [row["id"] for row in fleet.agents]
    assert set(fleet.asked_sites) == {""}
    assert len(fleet.asked_sites) == max(1, -(-count // 1000))


def test_the_order_does_not_depend_on_speed(console, asset):
    Fleet(console, spread(7000, *"aaabbc"))
    assert listed(asset) == listed(asset, slow_run())


def test_the_chains_take_less_than_half_the_rounds(console, asset):
    fleet = Fleet(console, spread(10_000, *"abcdefghij"))
    listed(asset)
    calls = Counter(fleet.asked_sites)
    assert calls.pop("") == 1
    assert max(calls.values()) <= 3
    assert sum(calls.values()) <= 15


def test_sites_that_the_first_page_does_not_show_are_listed_too(console, asset):
    fleet = Fleet(console, [*spread(1000, "a", "b"), *spread(5000, "c", "d", "e", "f")])
    found = listed(asset)
    assert Counter(found) == Counter(row["id"] for row in fleet.agents)
    assert any("c" in sites for sites in fleet.asked_sites)
    assert fleet.asked_sites.count("") == 1


def test_when_the_first_page_is_of_one_site_the_others_are_chained(console, asset):
    fleet = Fleet(console, [*spread(1000, "a"), *spread(5000, "b", "c", "d", "e")])
    found = listed(asset)
    assert Counter(found) == Counter(row["id"] for row in fleet.agents)
    assert fleet.asked_sites.count("") == 1


def test_agents_on_sites_that_the_console_hides_are_not_lost(console, asset):
    sites = [*spread(1000, "a", "b"), *spread(4000, "c", "d", "lost")]
    fleet = Fleet(console, sites, hidden=["lost"])
    found = listed(asset)
    assert Counter(found) == Counter(row["id"] for row in fleet.agents)


def test_agents_on_no_site_are_not_lost(console, asset):
    fleet = Fleet(console, spread(5000, "a", "b", "c"))
    fleet.agents[1500]["siteId"] = None
    assert Counter(listed(asset)) == Counter(row["id"] for row in fleet.agents)


def test_sites_that_cannot_be_read_cost_no_endpoint(console, asset):
    fleet = Fleet(console, [*spread(1000, "a", "b"), *spread(4000, "c", "d")])
    console.mock.remove("GET", f"{asset.sentinelone_url}/web/api/v2.1/sites")
    console.fail("GET", "sites", 403, 4030010, "Insufficient permissions")
    assert Counter(listed(asset)) == Counter(row["id"] for row in fleet.agents)


def test_one_site_is_one_chain(console, asset):
    fleet = Fleet(console, spread(4000, "a"))
    assert listed(asset) == [row["id"] for row in fleet.agents]
    assert fleet.asked_sites == [""] * 4


def test_chains_stay_inside_the_sites_that_were_asked_for(console, pinned):
    fleet = Fleet(console, spread(9000, "11", "12", "13"))
    found = listed(pinned(site_ids=("11", "12")))
    assert Counter(found) == Counter(
        row["id"] for row in fleet.agents if row["siteId"] in ("11", "12")
    )
    assert all(set(sites.split(",")) <= {"11", "12"} for sites in fleet.asked_sites)


def test_a_limit_takes_the_one_chain(console, client, run):
    fleet = Fleet(console, spread(6000, "a", "b", "c"))
    console.mock.assert_all_requests_are_fired = False
    found = [endpoint.agent_id for endpoint in client.endpoints(limit=2500)]
    assert found == [row["id"] for row in fleet.agents[:2500]]
    assert set(fleet.asked_sites) == {""}
    rest = [endpoint.agent_id for endpoint in client.endpoints(cursor=run.summary["next_cursor"])]
    assert found + rest == [row["id"] for row in fleet.agents]


@pytest.mark.parametrize("run", [None, slow_run()])
def test_an_error_in_a_chain_surfaces(console, asset, run):
    fleet = Fleet(console, spread(6000, "a", "b", "c", "d"))
    answer = fleet.page

    def broken(query):
        return {"data": "nothing"} if query.get("siteIds") and "cursor" in query else answer(query)

    console.mock.remove("GET", f"{asset.sentinelone_url}/web/api/v2.1/agents")
    console.compute("GET", "agents", broken)
    with pytest.raises(Exception, match="does not fit"):
        listed(asset, run)


def test_a_refused_chain_surfaces_in_threads(console, asset):
    """S17: five chains that get a 401 at once check the token once."""
    fleet = Fleet(console, spread(6000, "a", "b", "c", "d"))
    url = f"{asset.sentinelone_url}/web/api/v2.1/agents"
    console.mock.remove("GET", url)
    first = fleet.page({"limit": "1000"})
    console.answer("GET", "agents", first["data"], pagination=first["pagination"])
    console.fail("GET", "agents", 401, 4010010, "Authentication Failed")
    console.answer("POST", "users/api-token-details", {})
    console.answer("GET", "user", {"id": "1"})
    with pytest.raises(ForbiddenError, match=r"Endpoints\.view"):
        listed(asset, slow_run())
    assert console.asked.count(("POST", "users/api-token-details")) == 1


def test_a_reader_may_stop_early(console, asset):
    Fleet(console, spread(6000, "a", "b", "c", "d"))
    endpoints = SentinelOne(asset, slow_run()).endpoints()
    for _ in range(1500):
        next(endpoints)
    endpoints.close()
