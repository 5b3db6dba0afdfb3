"""Executing a script, its tasks and its approvals (contract 7.2 to 7.5, 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from cado_sentinelone.clients.sentinelone_calls import batches, broken, envelope_of
from cado_sentinelone.clients.sentinelone_records import read
from cado_sentinelone.clients.sentinelone_script_records import (
    Execution,
    PendingExecution,
    PrivateTask,
    RemoteOpsPolicy,
    ResultLink,
    Task,
)
from cado_sentinelone.clients.sentinelone_scripts import ScriptCalls
from cado_sentinelone.errors import InternalError

_STATUS = "remote-scripts/status"
_FETCH = "remote-scripts/fetch-files"


class RemoteOpsCalls(ScriptCalls):
    """The part of the client that runs scripts and follows what came of it."""

    def approval_required(self, script_id: str, agent_ids: Sequence[str]) -> bool:
        """Whether a guardrail will ask for an approval before the script runs there."""
        route = "remote-scripts/guardrails/check"
        body = {"data": {"scriptId": script_id, "agentIds": list(agent_ids)}}
        content = self.call("POST", route, body=body)
        return isinstance(content, dict) and content.get("requiresApproval") is True

    def execute_script(
        self,
        *,
        script_id: str,
        agent_ids: Sequence[str],
        site_ids: Sequence[str] = (),
        account_ids: Sequence[str] = (),
        description: str,
        runtime_limit_seconds: int,
    ) -> Execution:
        """What became of running the script on exactly these agents.

        An empty filter means every agent of the token's scope (contract 7.2), so no agents and no
        scope cannot be asked for: InternalError. Raises AnswerLostError when it may have begun.
        """
        if not agent_ids or not all(agent_ids) or not (site_ids or account_ids):
            raise InternalError("a script runs on agents that are named, in a scope that is")
        scope = {name: value.split(",") for name, value in self.scope.query(list(site_ids))}
        if account_ids and "accountIds" not in scope:
            scope["accountIds"] = list(account_ids)
        body = {
            "filter": {"ids": list(agent_ids)} | scope,
            "data": {
                "scriptId": script_id,
                "taskDescription": description,
                "outputDestination": "SentinelCloud",
                "scriptRuntimeTimeoutSeconds": runtime_limit_seconds,
            },
        }
        route = "remote-scripts/execute"
        return read(Execution, self.call("POST", route, body=body), route)

    def tasks(
        self, parent_task_ids: Sequence[str], *, updated_after: datetime | None = None
    ) -> Iterator[Task]:
        """The rows of these parent tasks, one per agent, by pages of a thousand.

        There may be none yet right after the launch. Raises InternalError for no parent, which
        the console refuses (contract 7.3).
        """
        if not parent_task_ids or not all(parent_task_ids):
            raise InternalError("tasks are asked for by their parent")
        newer = [("updatedAt__gt", _iso(updated_after))] if updated_after else []
        for part in batches(list(dict.fromkeys(parent_task_ids))):
            query = [*self.scope.query(), ("parentTaskId__in", ",".join(part)), *newer]
            for rows in self.rows(_STATUS, query):
                yield from (read(Task, row, _STATUS) for row in self.scope.only_inside(rows))

    def result_links(self, task_ids: Sequence[str]) -> tuple[list[ResultLink], dict[str, str]]:
        """Where the tasks' result files are, and why some have none, by task.

        The published answer is not the real one (contract 7.4); both are read.
        """
        reply = self.send("POST", _FETCH, body={"data": {"taskIds": list(task_ids)}})
        content = envelope_of(reply).get("data")
        if isinstance(content, dict) and isinstance(content.get("data"), dict):
            content = content["data"]
        if not isinstance(content, dict):
            raise broken(reply, "it holds no links")
        links = content.get("download_links") or content.get("downloadLinks") or []
        errors = {
            str(error.get("taskId")): str(error.get("errorString") or "")
            for error in content.get("errors") or []
            if isinstance(error, dict)
        }
        return [read(ResultLink, link, _FETCH) for link in links], errors

    def pending_executions(self) -> Iterator[PendingExecution]:
        """The executions that wait, or waited, for an approval."""
        route = "remote-scripts/pending-executions"
        for rows in self.rows(route, self.scope.query()):
            yield from (read(PendingExecution, row, route) for row in rows)

    def decline_execution(self, pending_execution_id: str) -> None:
        """Declines what waits for an approval. Raises NotFoundError, ForbiddenError."""
        route = f"remote-scripts/pending-executions/{_segment(pending_execution_id)}"
        self.call("PUT", route, body={"data": {"action": "decline"}})

    def site_policy(self, site_id: str) -> RemoteOpsPolicy:
        """What the site's policy lets results of scripts take (contract 6)."""
        route = f"sites/{_segment(site_id)}/policy"
        return read(RemoteOpsPolicy, self.call("GET", route), route)

    def private_tasks(self, *, agent_id: str) -> Iterator[PrivateTask]:
        """The agent's tasks by a route that SentinelOne does not publish (contract 8)."""
        route = "private/tasks"
        for rows in self.rows(route, [*self.scope.query(), ("agentId", agent_id)]):
            yield from (read(PrivateTask, row, route) for row in rows)

    def cancel_private_tasks(self, task_ids: Sequence[str]) -> int:
        """How many tasks that were not sent yet were cancelled, by an unpublished route."""
        if not task_ids or not all(task_ids):
            raise InternalError("a cancellation of tasks has to name them")
        body = {"filter": {"ids": list(task_ids)}}
        content: Any = self.call("POST", "private/tasks/cancel-task", body=body)
        affected = content.get("affected") if isinstance(content, dict) else None
        return affected if isinstance(affected, int) else 0


def _segment(number: str) -> str:
    if not number.isascii() or not number.replace("-", "").isalnum():
        raise InternalError("an id that is none cannot be part of a path")
    return number


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
