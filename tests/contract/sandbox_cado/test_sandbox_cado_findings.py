"""Evidence and what is found in it: everywhere the same counts (Cado contract 7)."""

from collections import Counter

import pytest

from cado_sentinelone.sandbox.cado.findings import VERDICTS, alarms_of, verdict
from cado_sentinelone.sandbox.world import World

MINUTE = 60.0
HOUR = 3600.0
FIRST_THREE = {0: (True, True), 1: (False, True), 2: (False, False)}


def assert_counts_agree(platform, project_id):
    """List, summary, overview, evidence, project and timeline count the same alarms."""
    alarms = platform.get("/alarms", investigation_id=project_id, per_page=1000)["data"]
    severities = Counter(alarm["severity"] for alarm in alarms)
    counts = {"malicious": severities[1], "suspicious": severities[3]}
    summary = platform.get("/alarms/summary", investigation_id=project_id)["data"]
    assert summary["total"] == len(alarms)
    summed = Counter()
    for one in summary["breakdown"]:
        assert one["content_alarm_count"] + one["event_alarm_count"] == one["total_count"] > 0
        summed[one["severity"]] += one["total_count"]
    assert summed == severities
    overview = platform.get("/alarms/overview", investigation_ids=[project_id])["data"]
    assert overview == [{"investigation_id": project_id} | counts]
    evidences = platform.evidences(project_id)
    for name, count in counts.items():
        assert sum(evidence["alarms"][name] for evidence in evidences) == count
    assert platform.get(f"/projects/{project_id}")["data"]["alarms"] == counts
    listed = platform.get("/projects", project_id=project_id, get_alarm_summary="true")["data"]
    assert listed[0]["alarms"] == counts
    facets = platform.get("/timeline/facets/counts", project_id=project_id)["data"]
    assert {name: facets[name] for name in counts} == counts
    assert facets["informational"] == severities[10]
    return counts


def test_counts_grow_and_agree_at_every_moment(platform):
    project_id = platform.project()
    platform.collect(project_id)
    totals = []
    for _ in range(9):
        totals.append(sum(assert_counts_agree(platform, project_id).values()))
        platform.advance(8 * MINUTE)
    assert totals == sorted(totals)
    assert len(set(totals)) > 2
    assert totals[0] == 0


def test_the_verdicts_of_the_first_three_endpoints_are_known(platform):
    """Index 0 malicious, 1 suspicious, 2 neither, if it is ever online; none without alarms."""
    platform.world.agents[2].is_active = True
    project_ids = {number: platform.project(f"case {number}") for number in FIRST_THREE}
    for number, project_id in project_ids.items():
        platform.collect(project_id, number)
    platform.advance(2 * HOUR)
    for number, project_id in project_ids.items():
        counts = assert_counts_agree(platform, project_id)
        assert (counts["malicious"] > 0, counts["suspicious"] > 0) == FIRST_THREE[number]
        assert platform.get("/alarms", investigation_id=project_id, alarm_severity=10)["data"]


def test_about_a_third_of_the_fleet_shows_each_verdict(still_platform):
    world = still_platform.world
    shares = Counter(verdict(world, agent) for agent in world.agents)
    assert set(shares) == set(VERDICTS)
    assert all(share > len(world.agents) / 6 for share in shares.values())


def test_evidence_says_where_it_comes_from(collected):
    """The join keys to the device (Cado contract 7)."""
    agent = collected.world.agents[0]
    evidence = collected.evidences(collected.project_id)[1]
    found = collected.get("/evidences", hostname=agent.hostname.upper())["data"]
    assert [one["resource"] for one in found] == [
        {
            "id": agent.agent_id,
            "type": "xdr",
            "account_id": collected.account,
            "account_type": "sentinelone",
            "roles": [],
        }
    ]
    assert found[0]["details"]["hostname"] == found[0]["display_name"] == agent.hostname
    assert found[0]["details"]["is_cado_host"] is True
    assert found[0]["processing_ran"] is True
    assert evidence["project_id"] == collected.project_id


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 3),
        ({"os": "Linux"}, 1),
        ({"os": ["Linux", "Windows"]}, 3),
        ({"os": "linux"}, 0),
        ({"capture_type": "triage"}, 3),
        ({"capture_type": "full"}, 0),
        ({"account_type": ["aws", "sentinelone"]}, 3),
        ({"account_type": "aws"}, 0),
        ({"resource_type": "xdr"}, 3),
        ({"evidence_type": "disk"}, 0),
        ({"display_name": "shared"}, 1),
        ({"is_compromised": "true", "os": "Linux"}, 0),
        ({"is_compromised": "false", "os": "Linux"}, 1),
    ],
)
def test_evidences_are_filtered(collected, query, count):
    found = collected.get("/evidences", project_id=collected.project_id, **query)
    assert found["pagination"]["total_records"] == len(found["data"]) == count


def test_evidences_are_sorted(collected):
    names = [one["display_name"] for one in collected.get("/evidences")["data"]]
    by_name = collected.get("/evidences", order_by="display_name", per_page=100)["data"]
    assert [one["display_name"] for one in by_name] == sorted(names)
    ids = [one["id"] for one in collected.get("/evidences", per_page=100)["data"]]
    assert ids == sorted(ids, reverse=True)


@pytest.mark.parametrize(
    "query",
    [
        {"alarm_type": "content"},
        {"alarm_type": "event"},
        {"alarm_severity": 1},
        {"alarm_severity": [1, 3]},
        {"alarm_name": "COBALTSTRIKE"},
        {"resource": "shared"},
        {"order_by": "id"},
    ],
)
def test_alarms_are_filtered(collected, query):
    case = {"investigation_id": collected.project_id, "per_page": 1000}
    everything = collected.get("/alarms", **case)["data"]
    found = collected.get("/alarms", **case, **query)["data"]
    key, value = next(iter(query.items()))
    accepted = {str(one) for one in value} if isinstance(value, list) else {str(value)}
    passing = {
        "alarm_type": lambda alarm: alarm["type"] in accepted,
        "alarm_severity": lambda alarm: str(alarm["severity"]) in accepted,
        "alarm_name": lambda alarm: "cobaltstrike" in alarm["description"],
        "resource": lambda alarm: "shared" in alarm["resource"],
        "order_by": lambda alarm: True,
    }[key]
    expected = [alarm for alarm in everything if passing(alarm)]
    assert found
    assert found == (expected[::-1] if key == "order_by" else expected)


def test_an_alarm_points_at_its_hash_or_its_event(collected):
    case = {"investigation_id": collected.project_id, "per_page": 1000}
    for alarm in collected.get("/alarms", **case)["data"]:
        assert collected.get(f"/alarms/{alarm['id']}")["data"] == alarm
        assert alarm["attack"]
        field = "sha256" if alarm["type"] == "content" else "alarm_description"
        value = alarm["item_id"] if alarm["type"] == "content" else alarm["description"]
        search = f'evidence_id:{alarm["evidence_id"]} {field}:"{value}"'
        events = collected.get(
            "/timeline", project_id=collected.project_id, search_text=search, per_page=1000
        )["data"]
        assert any(
            alarm["type"] == "content" or event["id"] == alarm["item_id"] for event in events
        )


def test_indicators_are_matched_or_extracted(collected):
    case = {"investigation_id": collected.project_id}
    everything = collected.get("/indicators", **case)["data"]
    kinds = {
        kind: collected.get("/indicators", **case, filter=kind)["data"]
        for kind in ("matched", "extracted")
    }
    together = [one for kind in kinds.values() for one in kind["detected_iocs"]]
    assert len(together) == len(everything["detected_iocs"])
    for kind, found in kinds.items():
        assert found["detected_iocs"]
        assert {one["type"] for one in found["detected_iocs"]} == {kind}
    assert set(everything["indicators"]) == {one["indicator"] for one in together}
    assert len(set(everything["indicators"])) == len(everything["indicators"])


def test_a_download_url_is_for_the_archive(collected):
    evidence = collected.evidences(collected.project_id)[0]
    path = f"/evidences/{evidence['id']}/generate-url"
    url = collected.get(f"{path}/preservation")["data"]["url"]
    assert evidence["preservation"]["raw"].rpartition("/")[2] in url
    collected.refusal("GET", f"{path}/everything", 404)


def test_evidence_can_be_renamed_and_deleted(platform):
    project_id = platform.project()
    platform.collect(project_id)
    platform.advance(2 * HOUR)
    evidence_id = platform.evidences(project_id)[0]["id"]
    change = {"hostname": "other", "description": "wiped"}
    assert platform.send("PATCH", f"/evidences/{evidence_id}", change) == {
        "evidence_id": evidence_id
    }
    evidence = platform.get(f"/evidences/{evidence_id}")["data"]
    assert (evidence["details"]["hostname"], evidence["description"]) == ("other", "wiped")
    platform.send("DELETE", f"/evidences/{evidence_id}")
    platform.refusal("GET", f"/evidences/{evidence_id}", 404)
    platform.refusal("POST", "/evidences/process", 404, json={"evidence_id": evidence_id})
    assert sum(assert_counts_agree(platform, project_id).values()) == 0


def test_the_same_seed_finds_the_same():
    first, again = World(seed=3, endpoints=30), World(seed=3, endpoints=30)
    other = World(seed=4, endpoints=30)
    found = [alarms_of(world, world.agents[0], 7) for world in (first, again, other)]
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_findings_of_one_evidence_are_its_own(collected):
    case = {"investigation_id": collected.project_id}
    for evidence in collected.evidences(collected.project_id):
        only = case | {"evidence_id": evidence["id"]}
        alarms = collected.get("/alarms", **only, per_page=1000)["data"]
        assert {alarm["evidence_id"] for alarm in alarms} == {evidence["id"]}
        assert collected.get("/alarms/summary", **only)["data"]["total"] == len(alarms)
        malicious = collected.get("/alarms/summary", **only, alarm_severity=1)["data"]
        assert malicious["total"] == evidence["alarms"]["malicious"]
        indicators = collected.get("/indicators", **only)["data"]["detected_iocs"]
        assert {one["evidence_id"] for one in indicators} <= {evidence["id"]}
    collected.refusal("GET", "/alarms", 404, params=case | {"evidence_id": 999})
