"""The calls about remote scripts, each quirk of contract 7, 8 and 12 by its number."""

from __future__ import annotations

import json

import pytest
import responses
from pydantic import SecretStr

from cado_sentinelone.clients.sentinelone import SentinelOne
from cado_sentinelone.errors import (
    AnswerLostError,
    ConflictError,
    InternalError,
    NotFoundError,
    ParamsError,
    RefusedError,
    ThrottledError,
    VendorError,
)

BASE = "https://console.example.com/web/api/v2.1"
AGENT, SITE, ACCOUNT = "1000000000000000001", "1100000000000000001", "1200000000000000001"


@pytest.fixture
def mock():
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def client(asset, run):
    return SentinelOne(asset, run)


@pytest.fixture
def pinned(asset, run):
    return SentinelOne(asset.model_copy(update={"site_ids": (SITE,)}), run)


def answer(console, method, route, data, **more):
    body = {"data": data} | more.pop("envelope", {})
    console.add(method, f"{BASE}/{route}", json=body, **more)


def sent(console, number=-1):
    return json.loads(console.calls[number].request.body)


def execute(client, **changes):
    return client.execute_script(
        **{
            "script_id": "1",
            "agent_ids": [AGENT],
            "site_ids": [SITE],
            "description": "Cado collection",
            "runtime_limit_seconds": 600,
        }
        | changes
    )


def upload(client, **changes):
    return client.upload_script(
        **{
            "name": "cado",
            "file_name": "cado.sh",
            "content": SecretStr("echo canary-secret"),
            "os": "linux",
            "scope_level": "site",
            "scope_id": SITE,
            "runtime_limit_seconds": 600,
            "description": "d",
        }
        | changes
    )


class TestExecute:
    def test_it_names_agents_and_scope_and_nothing_else_12_11(self, mock, client):
        answer(mock, "POST", "remote-scripts/execute", {"affected": 1, "parentTaskId": "9"})
        done = execute(client, account_ids=[ACCOUNT])
        assert (done.affected, done.parent_task_id, done.pending) == (1, "9", False)
        assert sent(mock)["filter"] == {
            "ids": [AGENT],
            "siteIds": [SITE],
            "accountIds": [ACCOUNT],
        }
        assert sent(mock)["data"]["outputDestination"] == "SentinelCloud"

    @pytest.mark.parametrize(
        "changes", [{"agent_ids": []}, {"agent_ids": [""]}, {"site_ids": [], "account_ids": []}]
    )
    def test_everything_in_reach_cannot_be_asked_for_7_2(self, mock, client, changes):
        with pytest.raises(InternalError):
            execute(client, **changes)
        assert not mock.calls

    def test_an_approval_has_no_parent_task_12_10(self, mock, client):
        waiting = {"affected": 1, "parentTaskId": None, "pending": True, "pendingExecutionId": "7"}
        answer(mock, "POST", "remote-scripts/execute", waiting)
        done = execute(client)
        assert (done.pending, done.pending_execution_id, done.parent_task_id) == (True, "7", "")

    def test_affected_0_is_told_with_whatever_id_7_2(self, mock, client):
        answer(mock, "POST", "remote-scripts/execute", {"affected": 0, "parentTaskId": "9"})
        assert execute(client).affected == 0

    def test_a_write_is_never_repeated_12_3(self, mock, client):
        mock.add("POST", f"{BASE}/remote-scripts/execute", status=502, body="<html>")
        with pytest.raises(AnswerLostError):
            execute(client)
        assert len(mock.calls) == 1

    def test_a_site_outside_the_pin_is_refused_before_sending_s10(self, mock, pinned):
        with pytest.raises(RefusedError):
            execute(pinned, site_ids=["1100000000000000002"])
        assert not mock.calls


class TestLibrary:
    def test_an_upload_is_a_form_with_every_required_part_7_1(self, mock, client):
        answer(mock, "POST", "remote-scripts", {"id": "5", "scriptName": "cado"})
        assert upload(client).script_id == "5"
        request = mock.calls[0].request
        assert request.headers["Content-Type"].startswith("multipart/form-data; boundary=")
        body = request.body.decode()
        for name in (
            "scriptName",
            "scriptType",
            "osTypes",
            "scopeLevel",
            "scopeId",
            "inputRequired",
        ):
            assert f'name="{name}"' in body
        assert 'name="file"; filename="cado.sh"' in body and "echo canary-secret" in body

    def test_an_upload_is_never_repeated_12_3(self, mock, client):
        mock.add("POST", f"{BASE}/remote-scripts", status=500, json={"errors": []})
        with pytest.raises(AnswerLostError) as raised:
            upload(client)
        assert len(mock.calls) == 1 and "canary" not in str(raised.value)

    @pytest.mark.parametrize(
        "changes",
        [
            {"scope_id": "1100000000000000002"},
            {"scope_level": "account", "scope_id": ACCOUNT},
            {"scope_level": "global", "scope_id": ""},
            {"scope_id": ""},
        ],
    )
    def test_a_scope_wider_than_the_pin_is_refused_s10(self, mock, pinned, changes):
        with pytest.raises(RefusedError):
            upload(pinned, **changes)
        assert not mock.calls

    def test_a_duplicate_is_a_400_12_19(self, mock, client):
        errors = {"errors": [{"code": 1, "title": "Already Exists Error", "detail": "name"}]}
        mock.add("POST", f"{BASE}/remote-scripts", status=400, json=errors)
        with pytest.raises(ConflictError):
            upload(client)

    @pytest.mark.parametrize(
        ("data", "count"), [({"affected": 2}, 2), ([{"id": "1"}, {"id": "2"}], 2), ([], 0)]
    )
    def test_a_deletion_answers_in_two_forms_7_1(self, mock, client, data, count):
        answer(mock, "DELETE", "remote-scripts", data)
        assert client.delete_scripts(["1", "2"]) == count
        assert sent(mock) == {"filter": {"ids": ["1", "2"]}}

    @pytest.mark.parametrize("ids", [[], [""]])
    def test_a_deletion_of_nothing_named_is_never_sent_7_1(self, mock, client, ids):
        with pytest.raises(InternalError):
            client.delete_scripts(ids)
        assert not mock.calls

    def test_content_is_a_secret(self, mock, client):
        answer(mock, "GET", "remote-scripts/script-content", {"scriptContent": "canary-secret"})
        content = client.script_content("1")
        assert content.get_secret_value() == "canary-secret" and "canary" not in repr(content)

    def test_a_script_that_is_gone(self, mock, client):
        errors = {"errors": [{"code": 4040010, "title": "Requested resource was not found"}]}
        mock.add("GET", f"{BASE}/remote-scripts/script-content", status=404, json=errors)
        with pytest.raises(NotFoundError):
            client.script_content("1")

    def test_the_library_is_read_to_its_end(self, mock, client):
        page = {"pagination": {"nextCursor": "abc%3D", "totalItems": 2}}
        answer(mock, "GET", "remote-scripts", [{"id": "1", "scriptName": "a"}], envelope=page)
        last = {"pagination": {"nextCursor": "null"}}
        answer(mock, "GET", "remote-scripts", [{"id": "2", "package": {}}], envelope=last)
        assert [one.script_id for one in client.scripts(query="cado")] == ["1", "2"]
        assert "cursor=abc%3D" in mock.calls[1].request.url


class TestTasks:
    def row(self, **fields):
        return {"id": "5", "parentTaskId": "9", "status": "in_progress", "agentId": AGENT} | fields

    def test_rows_of_many_parents_come_in_one_call(self, mock, client):
        rows = [self.row(), self.row(id="6", parentTaskId="8", agentId="2")]
        answer(mock, "GET", "remote-scripts/status", rows, envelope={"pagination": None})
        assert [one.parent_task_id for one in client.tasks(["9", "8", "9"])] == ["9", "8"]
        assert "parentTaskId__in=9%2C8&limit=1000" in mock.calls[0].request.url

    def test_without_a_parent_it_is_not_asked_7_3(self, mock, client):
        for parents in ([], [""]):
            with pytest.raises(InternalError):
                list(client.tasks(parents))
        assert not mock.calls

    def test_no_rows_yet_are_no_error_12_8(self, mock, client):
        answer(mock, "GET", "remote-scripts/status", [], envelope={"errors": None})
        assert list(client.tasks(["9"])) == []

    @pytest.mark.parametrize(
        ("status", "ended"),
        [
            ("completed", True), ("failed", True), ("canceled", True), ("expired", True),
            ("in_progress", False), ("partially_completed", False), ("pending_user_action", False),
            ("something_new", False),
        ],
    )  # fmt: skip
    def test_words_are_kept_as_they_are_12_9(self, mock, client, status, ended):
        row = self.row(status=status, detailedStatus=None, statusCode=3, newField=1)
        answer(mock, "GET", "remote-scripts/status", [row])
        (task,) = client.tasks(["9"])
        assert (task.status, task.ended, task.detailed_status) == (status, ended, "")

    def test_rows_outside_the_pin_are_left_out_s10(self, mock, pinned):
        rows = [self.row(siteId=SITE), self.row(id="6", siteId="other")]
        answer(mock, "GET", "remote-scripts/status", rows)
        assert [one.task_id for one in pinned.tasks(["9"])] == ["5"]

    def test_429_is_a_page_of_html_12_2(self, mock, client):
        mock.add("GET", f"{BASE}/remote-scripts/status", status=429, body="<html>429</html>")
        with pytest.raises(ThrottledError):
            list(client.tasks(["9"]))


LINK = {"downloadUrl": "https://s3.example.com/x?X-Amz-Signature=canary", "taskId": "5"}


class TestResults:
    @pytest.mark.parametrize(
        "data",
        [
            {"download_links": [LINK], "errors": []},
            {"downloadLinks": [LINK], "errors": None},
            {"data": {"downloadLinks": [LINK]}},
        ],
    )
    def test_the_real_and_the_published_answer_are_read_7_4(self, mock, client, data):
        answer(mock, "POST", "remote-scripts/fetch-files", data)
        (link,), errors = client.result_links(["5"])
        assert link.task_id == "5" and errors == {} and "canary" not in repr(link)
        assert sent(mock) == {"data": {"taskIds": ["5"]}}

    def test_why_there_is_none(self, mock, client):
        data = {"download_links": [], "errors": [{"taskId": "5", "errorString": "no results"}]}
        answer(mock, "POST", "remote-scripts/fetch-files", data)
        assert client.result_links(["5"]) == ([], {"5": "no results"})

    def test_an_answer_without_either_does_not_fit(self, mock, client):
        answer(mock, "POST", "remote-scripts/fetch-files", [])
        with pytest.raises(VendorError):
            client.result_links(["5"])

    def test_expired_files_are_a_410_1_2(self, mock, client):
        errors = {"errors": [{"code": 4100010, "title": "Resource not found", "detail": "3 days"}]}
        mock.add("POST", f"{BASE}/remote-scripts/fetch-files", status=410, json=errors)
        with pytest.raises(NotFoundError, match="3 days"):
            client.result_links(["5"])


class TestApprovals:
    @pytest.mark.parametrize(
        ("data", "required"), [({"requiresApproval": True}, True), ({}, False), (None, False)]
    )
    def test_guardrails_are_asked_with_agent_ids_7_5(self, mock, client, data, required):
        answer(mock, "POST", "remote-scripts/guardrails/check", data)
        assert client.approval_required("1", [AGENT]) is required
        assert sent(mock) == {"data": {"scriptId": "1", "agentIds": [AGENT]}}

    def test_pending_executions_say_whose_script_waits(self, mock, client):
        row = {"pendingExecutionId": "7", "state": "waiting", "executionData": {"scriptId": "1"}}
        answer(mock, "GET", "remote-scripts/pending-executions", [row])
        (waiting,) = client.pending_executions()
        assert (waiting.pending_execution_id, waiting.script_id) == ("7", "1")

    def test_declining(self, mock, client):
        answer(mock, "PUT", "remote-scripts/pending-executions/7", {"success": True})
        client.decline_execution("7")
        assert sent(mock) == {"data": {"action": "decline"}}

    @pytest.mark.parametrize("number", ["", "../x", "7/8", "7?x"])
    def test_an_id_that_is_none_never_becomes_a_path(self, mock, client, number):
        with pytest.raises(InternalError):
            client.decline_execution(number)
        assert not mock.calls

    def test_a_policy_sets_what_it_sets(self, mock, client):
        policy = {"remoteScriptOrchestration": {"maxFileSize": 5, "maxDailyFileUpload": None}}
        answer(mock, "GET", f"sites/{SITE}/policy", policy)
        found = client.site_policy(SITE)
        assert (found.max_file_size_bytes, found.max_daily_upload_megabytes) == (5, None)


class TestPrivateRoutes:
    def test_tasks_are_cancelled_by_id_8(self, mock, client):
        answer(mock, "POST", "private/tasks/cancel-task", {"affected": 1})
        assert client.cancel_private_tasks(["5"]) == 1
        assert sent(mock) == {"filter": {"ids": ["5"]}}

    def test_a_cancellation_of_nothing_named_is_never_sent_8(self, mock, client):
        with pytest.raises(InternalError):
            client.cancel_private_tasks([])
        assert not mock.calls

    def test_a_console_without_them_says_404(self, mock, client):
        mock.add("GET", f"{BASE}/private/tasks", status=404, body="404 page not found")
        with pytest.raises(NotFoundError):
            list(client.private_tasks(agent_id=AGENT))


def test_wrong_parameters_are_the_vendors_words(mock, client):
    errors = {"errors": [{"code": 4000010, "title": "Validation Error", "detail": "scriptId: x"}]}
    mock.add("POST", f"{BASE}/remote-scripts/execute", status=400, json=errors)
    with pytest.raises(ParamsError, match="scriptId: x"):
        execute(client)
