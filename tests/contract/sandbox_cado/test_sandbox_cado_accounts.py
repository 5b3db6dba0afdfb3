"""Accounts, their health and the devices behind them (Cado contract 2 and 3.1)."""

import base64

import pytest

from cado_sentinelone.sandbox import landmarks

CHECK_SECONDS = 120


def new_account(endpoint="https://console.example.com", key="sandbox", name="s1-prod"):
    return {
        "account_name": name,
        "account_type": "sentinelone",
        "credential_data": {"endpoint": endpoint, "token": key},
    }


def names(platform, **query):
    return [account["account_name"] for account in platform.get("/accounts", **query)["data"]]


def devices(platform, **query):
    query = {"account_name": platform.account, "per_page": 1000} | query
    return platform.get("/import/xdr/sentinelone", **query)


def test_the_world_starts_with_a_healthy_sentinelone_account(still_platform):
    listed = still_platform.get("/accounts", type="sentinelone")["data"]
    assert [account["account_name"] for account in listed] == [still_platform.account]
    assert names(still_platform, account_check_result="success") == [still_platform.account]
    check = still_platform.pipeline(listed[0]["account_check_id"])
    assert check["pipeline"]["type"] == "healthcheck"
    one = still_platform.get(f"/accounts/{still_platform.account}")["data"]
    assert one["account_issues"] == []
    assert "account_check_id" not in one


def test_repeated_keys_ask_for_several_types(still_platform):
    assert len(names(still_platform, type=["sentinelone", "aws"])) == 2
    assert names(still_platform, type=["gcp", "aws"]) == ["aws-forensics"]
    assert names(still_platform, account_name="SANDBOX") == [still_platform.account]
    assert names(still_platform, group_name="IR") == []


@pytest.mark.parametrize(
    ("endpoint", "token", "result"),
    [
        ("https://console.example.com", "sandbox", "success"),
        ("{url}", "sandbox", "success"),
        ("http://console.example.com", "sandbox", "failure"),
        ("console.example.com", "sandbox", "failure"),
        ("https://console.example.com", "", "failure"),
        ("https://console.example.com", "a-bad-one", "failure"),
    ],
)
def test_a_check_takes_time_and_then_tells(platform, endpoint, token, result):
    account = new_account(endpoint.format(url=platform.sandbox.url), token)
    assert platform.send("POST", "/accounts", account, 201) == {"account_name": "s1-prod"}
    assert names(platform, account_check_result="no_checks") == ["aws-forensics", "s1-prod"]
    assert platform.get("/accounts/s1-prod")["data"]["account_issues"] is None
    check_id = platform.send("POST", "/accounts/check", {"account_name": "s1-prod"})["pipeline_id"]
    assert platform.pipeline(check_id)["status"] == "queued"
    assert "s1-prod" in names(platform, account_check_result="no_checks")
    platform.advance(CHECK_SECONDS)
    assert "s1-prod" in names(platform, account_check_result=result)
    assert platform.get("/accounts", account_name="s1-prod")["data"][0]["account_check_id"] == (
        check_id
    )
    check = platform.pipeline(check_id)
    assert check["status"] == {"success": "complete", "failure": "failed"}[result]
    assert "project" not in check
    issues = platform.get("/accounts/s1-prod")["data"]["account_issues"]
    assert bool(issues) == (result == "failure")
    if issues:
        subtask = check["subtasks"][0]
        assert subtask["notification_level"] == "Error"
        assert issues[0]["issue"] in subtask["progress_text"][0]


def test_a_check_that_was_cancelled_is_neither(platform):
    check_id = platform.send("POST", "/accounts/check", {"account_name": platform.account})[
        "pipeline_id"
    ]
    platform.send("PATCH", f"/pipelines/{check_id}", {"aborted": True})
    assert names(platform, account_check_result="cancelled") == [platform.account]


def test_the_fault_account_issue_is_told_in_its_own_words(platform):
    platform.world.faults.set("account_issue=Missing permission: upload")
    issues = platform.get(f"/accounts/{platform.account}")["data"]["account_issues"]
    assert [issue["issue"] for issue in issues] == ["Missing permission: upload"]
    assert names(platform, account_check_result="failure") == [platform.account]
    health_id = platform.send("POST", "/system/healthcheck")["pipeline_id"]
    platform.advance(5 * CHECK_SECONDS)
    assert platform.pipeline(health_id)["status"] == "failed"


def test_the_fault_account_unknown_hides_the_account(platform):
    platform.world.faults.set("account_unknown")
    assert names(platform) == ["aws-forensics"]
    platform.refusal("GET", f"/accounts/{platform.account}", 404)
    query = {"account_name": platform.account, "per_page": 1}
    platform.refusal("GET", "/import/xdr/sentinelone", 404, params=query)


def test_an_alias_is_taken_once_and_free_again(platform):
    platform.send("POST", "/accounts", new_account(), 201)
    message = platform.refusal("POST", "/accounts", 409, json=new_account())
    assert message == "Account name already exists"
    assert platform.send("DELETE", "/accounts/s1-prod") is None
    platform.refusal("DELETE", "/accounts/s1-prod", 404)
    platform.send("POST", "/accounts", new_account(), 201)


@pytest.mark.parametrize(
    ("credential", "named"),
    [
        ({"endpoint": "https://console.example.com"}, "token"),
        ({"token": "sandbox"}, "endpoint"),
        ({"endpoint": "https://console.example.com", "token": "x", "scope": "site"}, "scope"),
        ({"endpoint": "https://console.example.com", "token": 7}, "token"),
        ({}, "endpoint"),
    ],
)
def test_an_account_needs_endpoint_and_token(still_platform, credential, named):
    body = new_account() | {"credential_data": credential}
    assert named in still_platform.refusal("POST", "/accounts", 400, json=body)


def test_accounts_of_other_kinds_are_kept_too(platform):
    body = {"account_name": "cloud", "account_type": "aws"}
    assert "credential_data" in platform.refusal("POST", "/accounts", 400, json=body)
    platform.send("POST", "/accounts", body | {"credential_data": {"role": "arn:aws:iam"}}, 201)
    query = {"account_name": "cloud", "per_page": 1}
    platform.refusal("GET", "/import/xdr/sentinelone", 400, params=query)


def test_a_token_never_comes_back(platform):
    """S5 on this side of the wire: neither an answer nor the audit log repeats it."""
    platform.send("POST", "/accounts", new_account(key="canary"), 201)
    for path, query in (
        ("/accounts", {}),
        ("/accounts/s1-prod", {}),
        ("/audit-log", {"page": 1, "per_page": 10}),
    ):
        assert "canary" not in platform.call("GET", path, params=query).text


def test_an_account_is_used_by_listing_its_devices(platform):
    platform.send("POST", "/accounts", new_account(), 201)
    assert platform.get("/accounts/s1-prod")["data"]["account_last_used"] is None
    assert devices(platform, account_name="s1-prod")["data"]
    platform.advance(7260)
    assert platform.get("/accounts/s1-prod")["data"]["account_last_used"] == "2 hours ago"


@pytest.mark.parametrize("spec", ["token_expired", ""])
def test_devices_need_a_token_that_sentinelone_takes(platform, spec):
    platform.world.faults.set(spec)
    name = platform.account
    if not spec:
        platform.send("POST", "/accounts", new_account(key="bad"), 201)
        name = "s1-prod"
    query = {"account_name": name, "per_page": 1}
    message = platform.refusal("GET", "/import/xdr/sentinelone", 400, params=query)
    assert "token" in message


def test_devices_are_the_worlds_endpoints(still_platform):
    """Ids, private addresses, name and revision of the system; macOS too (contract 3.1)."""
    listed = {device["device_id"]: device for device in devices(still_platform)["data"]}
    ours = still_platform.world.accounts[0].account_id
    agents = [agent for agent in still_platform.world.agents if agent.account_id == ours]
    expected = [one for one in agents if not (one.is_decommissioned or one.is_uninstalled)]
    assert list(listed) == [agent.agent_id for agent in expected]
    assert len(expected) < len(agents)
    for agent in expected:
        device = listed[agent.agent_id]
        assert device["hostname"] == agent.hostname
        assert device["ip_address"] == agent.ip_address
        assert device["operating_system"] == f"{agent.os_name} {agent.os_revision}"
        assert device["is_online"] == agent.is_active
    tagged = agents[landmarks.TAGGED]
    assert listed[tagged.agent_id]["tags"] == ["Environment:Production", "Owner:Finance"]
    assert agents[landmarks.MACOS].agent_id in listed
    assert agents[landmarks.UNINSTALLED].agent_id not in listed


def test_devices_come_by_cursor_until_the_token_is_empty(still_platform):
    """R7, seen from the other side: every device once, then an empty `next_token`."""
    everything = devices(still_platform)
    assert everything["pagination"]["next_token"] == ""
    seen, cursor, pages = [], "", 0
    while pages == 0 or cursor:
        page = devices(still_platform, per_page=17, cursor=cursor)
        assert page["pagination"]["current_token"] == cursor
        seen += page["data"]
        cursor = page["pagination"]["next_token"]
        pages += 1
    assert seen == everything["data"]
    assert pages == -(-len(seen) // 17)
    assert pages > 1


def test_devices_are_filtered_across_pages(still_platform):
    found = devices(still_platform, os="LINUX")["data"]
    assert found
    assert all("Linux" in device["operating_system"] for device in found)
    first = devices(still_platform, os="linux", per_page=1)
    following = first["pagination"]["next_token"]
    second = devices(still_platform, os="linux", per_page=1, cursor=following)
    assert first["data"] + second["data"] == found[:2]
    twins = devices(still_platform, hostname="SHARED-IMAGE")["data"]
    assert len({device["device_id"] for device in twins}) == 2
    assert len({device["hostname"] for device in twins}) == 1


@pytest.mark.parametrize("cursor", ["x", "!", base64.b64encode(b"offset:3").decode()])
def test_a_cursor_of_something_else_is_refused(still_platform, cursor):
    query = {"account_name": still_platform.account, "per_page": 1, "cursor": cursor}
    message = still_platform.refusal("GET", "/import/xdr/sentinelone", 400, params=query)
    assert "cursor" in message
