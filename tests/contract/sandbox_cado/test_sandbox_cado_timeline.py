"""The timeline: by cursor, and in its own query language (Cado contract 7)."""

import pytest


def search(platform, text="", **query):
    query = {"project_id": platform.project_id, "search_text": text, "per_page": 10_000} | query
    return platform.get("/timeline", **query)["data"]


def severity(event):
    return event["alarm_information"][0]["severity"] if event["alarm_information"] else None


@pytest.fixture(scope="module")
def everything(collected):
    return search(collected)


def test_events_come_in_order_of_time_in_seconds(collected, everything):
    times = [event["timestamp"] for event in everything]
    assert times == sorted(times)
    assert max(times) < collected.world.clock.now() < max(times) + 15 * 86_400
    backwards = search(collected, order_by="-timestamp")
    assert backwards == everything[::-1]
    assert len({event["id"] for event in everything}) == len(everything) > 1000


def test_events_come_by_cursor_a_hundred_at_a_time(collected, everything):
    query = {"project_id": collected.project_id}
    seen, cursor, previous = [], "", None
    while cursor or not seen:
        page = collected.get("/timeline", **query, cursor=cursor)
        pagination = page["pagination"]
        assert pagination["per_page"] == 100
        assert pagination["total_records"] == len(everything)
        assert pagination["current_token"] == cursor
        assert bool(pagination["previous_token"]) == bool(seen)
        if previous is not None:
            back = collected.get("/timeline", **query, cursor=pagination["previous_token"])
            assert back["data"] == previous
        previous = page["data"]
        seen += previous
        cursor = pagination["next_token"]
    assert seen == everything
    collected.refusal("GET", "/timeline", 400, params=query | {"cursor": "nonsense"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alarm_severity:1", lambda event: severity(event) == 1),
        ("alarm_severity: 3", lambda event: severity(event) == 3),
        ("alarm_severity:[1 TO 3]", lambda event: severity(event) in (1, 3)),
        ("alarm_severity:[4 TO *]", lambda event: severity(event) == 10),
        ("source:FILE", lambda event: event["source"] == "FILE"),
        ("source:file", lambda event: event["source"] == "FILE"),
        ("source:FIL", lambda event: False),
        ("source:FIL*", lambda event: event["source"] == "FILE"),
        ("source:F??E", lambda event: event["source"] == "FILE"),
        ('source:"FIL*"', lambda event: False),
        ('sourcetype:"NTFS MFT"', lambda event: event["sourcetype"] == "NTFS MFT"),
        ("NOT source:FILE", lambda event: event["source"] != "FILE"),
        (
            "source:FILE AND alarm_severity:1",
            lambda event: event["source"] == "FILE" and severity(event) == 1,
        ),
        (
            "source:FILE alarm_severity:1",
            lambda event: event["source"] == "FILE" and severity(event) == 1,
        ),
        (
            "source:REG OR source:FILE AND alarm_severity:1",
            lambda event: (
                event["source"] == "REG" or (event["source"] == "FILE" and severity(event) == 1)
            ),
        ),
        (
            "(source:REG OR source:FILE) AND alarm_severity:1",
            lambda event: event["source"] in ("REG", "FILE") and severity(event) == 1,
        ),
        ("cobaltstrike", lambda event: "cobaltstrike" in event["short"]),
        ('"unsigned process"', lambda event: "unsigned process" in event["short"]),
        ("short:logged", lambda event: "logged" in event["short"]),
        (
            'filename:"C:/Users/Public/svch0st.exe"',
            lambda event: event["filename"] == "C:/Users/Public/svch0st.exe",
        ),
        ("filename:*evtx", lambda event: event["filename"].endswith("evtx")),
        ("filename:evtx", lambda event: False),
        ("alarm_attack:T1003.001", lambda event: attacked(event, "T1003.001")),
        ("sha256:*", lambda event: "sha256" in event),
        ("user:SYSTEM", lambda event: event["user"] == "SYSTEM"),
        ("executed_process:*", lambda event: "executed_process" in event),
        ("auto_investigate_score:[0.9 TO 1]", lambda event: severity(event) == 1),
        ("evidence_id:0", lambda event: False),
        ("no_such_field:1", lambda event: False),
        ("NOT no_such_field:1", lambda event: True),
    ],
)
def test_a_search_finds_exactly_what_it_asks_for(collected, everything, text, expected):
    wanted = [event for event in everything if expected(event)]
    assert search(collected, text) == wanted
    if "FIL" not in text and text not in ("filename:evtx", "evidence_id:0", "no_such_field:1"):
        assert wanted


def attacked(event, technique):
    return any(technique in alarm["attack"] for alarm in event["alarm_information"])


def test_times_and_hosts_can_be_searched(collected, everything):
    middle = everything[len(everything) // 2]["timestamp"]
    found = search(collected, f"timestamp:[{middle} TO *]")
    assert found == [event for event in everything if event["timestamp"] >= middle]
    assert search(collected, f"timestamp:{middle:.0f}")
    host = collected.world.agents[1].hostname
    found = search(collected, f'host:"{host}"')
    assert found == [event for event in everything if event["host"] == host]


@pytest.mark.parametrize(
    "text",
    [
        "source:",
        "source: AND user:x",
        "(source:FILE",
        "source:FILE)",
        "AND",
        "OR source:FILE",
        "NOT",
        '"open',
        "alarm_severity:[1 TO",
        "alarm_severity:[one TO three]",
        "[1 TO 3]",
        "filename:C:/Users",
        "(" * 300,
    ],
)
def test_a_search_that_makes_no_sense_is_refused(collected, text):
    query = {"project_id": collected.project_id, "search_text": text}
    for path in ("/timeline", "/timeline/facets/counts"):
        assert "search_text" in collected.refusal("GET", path, 400, params=query)


def test_quotes_can_be_escaped(collected):
    """Quoted user input cannot break out of its quotes (Cado contract 7: quote user input)."""
    assert search(collected, r'"\" OR source:FILE OR \""') == []


def test_the_automated_view_holds_the_key_events_only(collected, everything):
    key = search(collected, auto_investigate="true")
    assert 0 < len(key) <= 50
    assert {event["auto_investigate_score"] for event in key} <= {0.95, 0.85, 0.5}
    assert {severity(event) for event in everything} >= {severity(event) for event in key}


def test_facets_count_values_and_severities(collected, everything):
    query = {"project_id": collected.project_id}
    counts = collected.get("/timeline/facets/counts", **query)["data"]
    for name in ("macb", "source", "sourcetype", "filename", "evidence_id", "user"):
        assert counts[name] == len({event[name] for event in everything}), name
    assert counts["malicious"] == sum(severity(event) == 1 for event in everything)
    narrowed = collected.get("/timeline/facets/counts", **query, search_text="source:FILE")["data"]
    assert narrowed["source"] == 1


def test_an_investigation_without_evidence_has_an_empty_timeline(platform):
    page = platform.get("/timeline", project_id=platform.project())
    assert page["data"] == []
    assert page["pagination"]["next_token"] == ""
    assert page["pagination"]["total_records"] == 0
