"""From what a user calls an investigation to the investigation."""

from __future__ import annotations

import pytest

from cado_sentinelone.engine.investigations import create_investigation, resolve_investigation
from cado_sentinelone.errors import AnswerLostError, ConflictError, NotFoundError, ParamsError
from cado_sentinelone_actions import investigations as actions


def row(number, name):
    return {"id": number, "details": {"name": name}, "created": 1782822000000.0}


def test_digits_are_an_id(api, cado):
    api.answer("GET", "/projects/12", row(12, "case"))
    assert resolve_investigation(cado, " 12 ").name == "case"


def test_digits_that_are_no_id_may_be_a_name(api, cado):
    api.refuse("GET", "/projects/2187", 404, {"msg": "no"})
    api.listing("/projects", [row(9, "2187")])
    assert resolve_investigation(cado, "2187").investigation_id == 9


def test_digits_never_become_a_new_investigation(api, cado):
    api.refuse("GET", "/projects/2187", 404, {"msg": "no"})
    api.listing("/projects", [])
    with pytest.raises(NotFoundError):
        resolve_investigation(cado, "2187", create=True)
    assert "POST" not in dict(api.asked)


def test_a_name_is_compared_exactly_whatever_the_filter_does(api, cado):
    api.listing("/projects", [row(1, "Case 1"), row(2, "case 12"), row(3, "case 1")])
    assert resolve_investigation(cado, "case 1").investigation_id == 3
    assert ("name", "case 1") in api.query()


def test_a_name_on_the_second_page_is_found(api, cado):
    api.listing("/projects", [row(n, f"case {n}") for n in range(25)], per_page=10)
    assert resolve_investigation(cado, "case 24").investigation_id == 24


def test_a_name_that_nobody_has_is_not_found(api, cado):
    api.listing("/projects", [row(1, "case 10")])
    with pytest.raises(NotFoundError, match="'case 1'"):
        resolve_investigation(cado, "case 1")


def test_a_name_that_several_have_is_a_conflict_that_lists_them(api, cado):
    api.listing("/projects", [row(1, "case"), row(2, "case")])
    with pytest.raises(ConflictError, match="1, 2"):
        resolve_investigation(cado, "case")


def test_a_name_that_nobody_has_may_become_an_investigation(api, cado):
    api.listing("/projects", [])
    api.answer("POST", "/projects", {"id": 12, "message": "Project created"}, status=201)
    made = resolve_investigation(cado, "case", create=True)
    assert (made.investigation_id, made.name) == (12, "case")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (409, {"msg": "Project name already exists"}),
        (400, {"status": "error", "message": "Project name already exists", "code": "x"}),
    ],
)
def test_a_name_that_was_taken_meanwhile_is_used(api, cado, status, body):
    """Two runners make the same case at once: both get the one that there is."""
    api.listing("/projects", [])
    api.refuse("POST", "/projects", status, body)
    api.listing("/projects", [row(12, "case")])
    assert resolve_investigation(cado, "case", create=True).investigation_id == 12


def test_a_taken_name_is_a_conflict_that_names_the_existing_id(api, cado):
    api.listing("/projects", [row(12, "case")])
    with pytest.raises(ConflictError, match="investigation 12 ") as caught:
        create_investigation(cado, "case")
    assert "reuse=true" in caught.value.remedy
    assert len(api.asked) == 1


def test_a_name_taken_by_a_case_that_the_key_cannot_see_says_so(api, cado):
    api.listing("/projects", [])
    api.refuse("POST", "/projects", 409, {"msg": "Project name already exists"})
    with pytest.raises(ConflictError) as caught:
        create_investigation(cado, "case", reuse=True)
    assert "cannot see" in caught.value.remedy


def test_a_lost_answer_is_settled_by_looking(api, cado):
    """R1, R2: names are unique, so one look tells."""
    api.listing("/projects", [])
    api.refuse("POST", "/projects", 502, "<html></html>")
    api.listing("/projects", [row(12, "case")])
    made, created = create_investigation(cado, "case")
    assert (made.investigation_id, created) == (12, True)
    assert [method for method, _ in api.asked] == ["GET", "POST", "GET"]


def test_a_lost_answer_that_left_nothing_stays_lost(api, cado):
    api.listing("/projects", [])
    api.refuse("POST", "/projects", 502, "<html></html>")
    with pytest.raises(AnswerLostError) as caught:
        create_investigation(cado, "case")
    assert "reuse=true" in caught.value.remedy


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_name_has_1_to_80_characters(api, cado, name):
    with pytest.raises(ParamsError):
        create_investigation(cado, name)
    assert api.asked == []


def test_list_investigations_gives_ids_counts_and_a_link(api, asset, run):
    item = row(12, "case") | {"alarms": {"malicious": 3, "suspicious": 11}, "evidences": 1}
    api.listing("/projects", [item])
    params = actions.ListInvestigationsParams(status=["Closed"], name="ca")
    (listed,) = actions.list_investigations(asset, params, run)
    assert (listed.investigation_id, listed.malicious, listed.evidence_count) == (12, 3, 1)
    assert listed.link == "https://cado.example.com"
    assert {("status", "Closed"), ("get_alarm_summary", "true")} <= set(api.query())


def test_create_investigation_warns_when_nobody_is_assigned(api, asset, run):
    api.listing("/projects", [])
    api.answer("POST", "/projects", {"id": 12, "message": ""}, status=201)
    made = actions.create_investigation(asset, actions.CreateInvestigationParams(name="case"), run)
    assert (made.investigation_id, made.created) == (12, True)
    assert "analysts" in run.warnings[0]
    assert run.message == "investigation 12 case was created"


def test_create_investigation_with_reuse_takes_the_one_that_is_there(api, asset, run):
    api.listing("/projects", [row(12, "case")])
    params = actions.CreateInvestigationParams(name="case", reuse=True)
    made = actions.create_investigation(asset, params, run)
    assert (made.investigation_id, made.created, run.warnings) == (12, False, [])
