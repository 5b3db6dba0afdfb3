"""Accounts: health from filters, checks that are followed, secrets that stay secret."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from cado_sentinelone.errors import (
    AnswerLostError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    ParamsError,
)
from cado_sentinelone_actions import accounts as actions

NAMES = ["green", "red", "cancelled", "never"]
ISSUE = {"service": "RemoteOps", "issue": "Missing permission: upload", "issue_type": "x"}


def account(name, **fields):
    return {"id": 1, "account_name": name, "type": "sentinelone", **fields}


def health(api, **results):
    """The listing as the filter by check result shows it: result -> names."""
    for result in ("success", "failure"):
        rows = [account(name) for name in results.get(result, [])]
        api.page("/accounts", rows, last=min(len(rows), 1), account_check_result=result)


def one(api, name, *issues):
    api.answer("GET", f"/accounts/{name}", account(name, account_issues=list(issues) or None))


def check(status, subtasks=(), **summary):
    return {
        "pipeline": {"id": 64, "type": "healthcheck"},
        "status": status,
        "subtasks": list(subtasks),
        "summary": summary,
    }


def test_health_is_green_red_or_grey_and_issues_come_in_words(api, asset, run):
    health(api, success=["green"], failure=["red"])
    api.page("/accounts", [account(name) for name in NAMES])
    one(api, "red", ISSUE)
    one(api, "cancelled")
    one(api, "never")
    listed = list(actions.list_accounts(asset, actions.ListAccountsParams(), run))
    assert [(one.name, one.health) for one in listed] == [
        ("green", "green"),
        ("red", "red"),
        ("cancelled", "grey"),
        ("never", "grey"),
    ]
    assert listed[1].issues == ("RemoteOps: Missing permission: upload",)


def test_an_account_whose_name_only_begins_like_it_lends_no_health(api, asset, run):
    health(api, success=["s1-prod-2"])
    one(api, "s1-prod")
    api.answer("POST", "/accounts/check", {"pipeline_id": 64})
    api.answer("GET", "/pipelines/64", check("complete"))
    checked = actions.check_account(asset, actions.CheckAccountParams(), run)
    assert checked.health == "grey"


def test_add_account_takes_the_asset_and_follows_the_check(api, asset, run):
    api.refuse("GET", "/accounts/s1-prod", 404, {"msg": "no"})
    api.answer("POST", "/accounts", {"account_name": "s1-prod"}, status=201)
    api.answer("POST", "/accounts/check", {"pipeline_id": 64})
    for status in ("queued", "in_progress", "complete"):
        api.answer("GET", "/pipelines/64", check(status))
    one(api, "s1-prod")
    health(api, success=["s1-prod"])
    added = actions.add_account(asset, actions.AddAccountParams(), run)
    assert (added.health, added.check_status, added.check_pipeline_id) == ("green", "complete", 64)
    sent = api.body(1)
    assert sent["account_type"] == "sentinelone"
    assert sent["credential_data"] == {
        "endpoint": "https://console.example.com",
        "token": "canary-s1-token",
    }
    assert run.monotonic() == 3.0
    assert "canary" not in repr(added) + run.message


def test_add_account_takes_its_own_endpoint_and_token(api, asset, run):
    api.refuse("GET", "/accounts/other", 404, {"msg": "no"})
    api.answer("POST", "/accounts", {"account_name": "other"}, status=201)
    one(api, "other")
    health(api)
    params = actions.AddAccountParams(
        name="other",
        endpoint="https://other.example.com",
        token=SecretStr("canary-other"),
        check=False,
    )
    assert "canary" not in repr(params)
    assert actions.add_account(asset, params, run).health == "grey"
    assert api.body(1)["credential_data"] == {
        "endpoint": "https://other.example.com",
        "token": "canary-other",
    }
    assert ("POST", "/accounts/check") not in api.asked


def test_a_taken_name_is_refused_and_the_remedy_says_how_to_rotate(api, asset, run):
    one(api, "s1-prod")
    with pytest.raises(ConflictError, match="'s1-prod' already") as caught:
        actions.add_account(asset, actions.AddAccountParams(), run)
    assert "delete_account" in caught.value.remedy
    assert len(api.asked) == 1


def test_a_name_that_was_taken_meanwhile_has_the_same_remedy(api, asset, run):
    api.refuse("GET", "/accounts/s1-prod", 404, {"msg": "no"})
    api.refuse("POST", "/accounts", 409, {"msg": "exists"})
    with pytest.raises(ConflictError) as caught:
        actions.add_account(asset, actions.AddAccountParams(), run)
    assert "delete_account" in caught.value.remedy


def test_an_account_whose_answer_was_lost_is_looked_for(api, asset, run):
    api.refuse("GET", "/accounts/s1-prod", 404, {"msg": "no"})
    api.refuse("POST", "/accounts", 502, "<html></html>")
    one(api, "s1-prod")
    one(api, "s1-prod")
    health(api)
    params = actions.AddAccountParams(check=False)
    assert actions.add_account(asset, params, run).name == "s1-prod"


def test_an_account_that_is_not_there_after_a_lost_answer_is_not_claimed(api, asset, run):
    api.refuse("GET", "/accounts/s1-prod", 404, {"msg": "no"})
    api.refuse("POST", "/accounts", 502, "<html></html>")
    with pytest.raises(AnswerLostError) as caught:
        actions.add_account(asset, actions.AddAccountParams(), run)
    assert "list_accounts" in caught.value.remedy


@pytest.mark.parametrize("endpoint", ["http://x.example.com", "https://127.0.0.1", "not a url"])
def test_an_endpoint_that_must_not_be_reached_is_refused_before_sending(api, asset, run, endpoint):
    params = actions.AddAccountParams(endpoint=endpoint)
    with pytest.raises(ParamsError, match="endpoint"):
        actions.add_account(asset, params, run)
    assert api.asked == []


def test_an_account_without_a_name_or_token_is_refused_before_sending(api, asset, run):
    bare = asset.model_copy(update={"cado_account_name": "", "sentinelone_url": ""})
    with pytest.raises(ParamsError, match="name"):
        actions.add_account(bare, actions.AddAccountParams(), run)
    with pytest.raises(ParamsError, match="endpoint"):
        actions.add_account(bare, actions.AddAccountParams(name="x"), run)
    assert api.asked == []


def test_a_check_that_still_runs_is_said_to(api, asset, run):
    """R2: health is then that of the check before, and the outcome says so."""
    api.answer("POST", "/accounts/check", {"pipeline_id": 64})
    api.answer("GET", "/pipelines/64", check("in_progress"))
    one(api, "s1-prod")
    health(api)
    params = actions.CheckAccountParams(wait_seconds=5)
    checked = actions.check_account(asset, params, run)
    assert (checked.health, checked.check_status) == ("grey", "in_progress")
    assert "still runs (pipeline 64)" in run.warnings[0]
    assert run.monotonic() == 5.0


def test_a_failed_check_is_red_and_its_reasons_come_from_both_places(api, asset, run):
    failed = {
        "name": "XDR connections",
        "state": "FAILURE",
        "progress_text": ["Token has site scope"],
    }
    passed = {"name": "Readiness", "state": "SUCCESS", "progress_text": ["fine"]}
    api.answer("POST", "/accounts/check", {"pipeline_id": 64})
    api.answer("GET", "/pipelines/64", check("failed", [failed, passed], failure=1))
    one(api, "s1-prod", ISSUE)
    health(api)
    checked = actions.check_account(asset, actions.CheckAccountParams(), run)
    assert checked.health == "red"
    assert checked.issues == ("RemoteOps: Missing permission: upload", "Token has site scope")


def test_a_check_that_completes_with_failures_is_not_green(api, asset, run):
    api.answer("POST", "/accounts/check", {"pipeline_id": 64})
    api.answer("GET", "/pipelines/64", check("complete", failure=1, success=3))
    one(api, "s1-prod")
    health(api, success=["s1-prod"])
    assert actions.check_account(asset, actions.CheckAccountParams(), run).health == "red"


def test_a_platform_administrator_may_check_but_not_follow(api, asset, run):
    """Only Analyst and up read pipelines, only administrators check accounts (contract 0.3)."""
    api.answer("POST", "/accounts/check", {"pipeline_id": 64})
    api.refuse("GET", "/pipelines/64", 403, {"status": "error", "message": "no", "code": "x"})
    one(api, "s1-prod")
    health(api, success=["s1-prod"])
    checked = actions.check_account(asset, actions.CheckAccountParams(), run)
    assert (checked.health, checked.check_status) == ("green", "")
    assert "may not follow" in run.warnings[0]


def test_a_lead_analyst_may_not_check_and_is_told_who_may(api, asset, run):
    api.refuse("POST", "/accounts/check", 403, {"status": "error", "message": "no", "code": "x"})
    with pytest.raises(ForbiddenError) as caught:
        actions.check_account(asset, actions.CheckAccountParams(), run)
    assert "Administrator or Platform Administrator" in caught.value.remedy


def test_delete_account_says_what_is_gone(api, asset, run):
    api.answer("DELETE", "/accounts/s1-prod")
    deleted = actions.delete_account(asset, actions.DeleteAccountParams(name="s1-prod"), run)
    assert deleted.name == "s1-prod"


def test_deleting_an_account_that_is_not_there_is_not_found(api, asset, run):
    api.refuse("DELETE", "/accounts/s1-prod", 404, {"msg": "no"})
    with pytest.raises(NotFoundError):
        actions.delete_account(asset, actions.DeleteAccountParams(name="s1-prod"), run)


def test_a_deletion_whose_answer_was_lost_is_settled_by_looking(api, asset, run):
    api.refuse("DELETE", "/accounts/s1-prod", 502, "<html></html>")
    api.refuse("GET", "/accounts/s1-prod", 404, {"msg": "no"})
    params = actions.DeleteAccountParams(name="s1-prod")
    assert actions.delete_account(asset, params, run).name == "s1-prod"
    api.refuse("DELETE", "/accounts/s1-prod", 502, "<html></html>")
    one(api, "s1-prod")
    with pytest.raises(AnswerLostError):
        actions.delete_account(asset, params, run)
