"""Executing scripts, following their tasks, fetching their results (contract 7.2 to 7.4, 8)."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cado_sentinelone.sandbox.bucket import S3Error
from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.ranges import ranged
from cado_sentinelone.sandbox.sentinelone import agent_rules
from cado_sentinelone.sandbox.sentinelone.agent_fields import AgentReader
from cado_sentinelone.sandbox.sentinelone.agents import selected
from cado_sentinelone.sandbox.sentinelone.call import Call, answer, listing
from cado_sentinelone.sandbox.sentinelone.errors import invalid, not_found
from cado_sentinelone.sandbox.sentinelone.gate_denial import denied
from cado_sentinelone.sandbox.sentinelone.permissions import RSO
from cado_sentinelone.sandbox.sentinelone.remote_records import Pending, Task
from cado_sentinelone.sandbox.sentinelone.remote_rules import DESTINATIONS
from cado_sentinelone.sandbox.sentinelone.rows import Record, page_of_records
from cado_sentinelone.sandbox.sentinelone.rules import read_query
from cado_sentinelone.sandbox.sentinelone.schedules import with_rso
from cado_sentinelone.sandbox.sentinelone.schema import Field, Fields, choice, nested
from cado_sentinelone.sandbox.world import World

ACTION: Fields = {
    "scriptId": Field("identifier", required=True),
    "taskDescription": Field(required=True, shortest=2),
    "outputDestination": choice(*DESTINATIONS, required=True),
    "inputParams": Field(),
    "outputDirectory": Field(),
    "outputFilePaths": Field(is_list=True),
    "scriptRuntimeTimeoutSeconds": Field("integer", least=60, most=172_800),
    "password": Field(),
    "passwordFromScope": Field("anything"),
    "requiresApproval": Field("boolean"),
    "singularityxdrUrl": Field(),
    "singularityxdrKeyword": Field(),
    "apiKey": Field(),
    "destinationProfileId": Field(),
    "destinationProfileKeyword": Field(),
}
"""What is to be run, and what becomes of its output."""
EXECUTE: Fields = {
    "filter": Field("anything", required=True),
    "data": nested(ACTION),
}
FETCH: Fields = {
    "data": nested(
        {"taskIds": Field(is_list=True, most=5000), "computerNames": Field(is_list=True, most=5000)}
    )
}
CANCEL: Fields = {
    "filter": nested({"ids": Field(is_list=True), "parentTaskId__in": Field(is_list=True)})
}
RUN_RIGHTS = {
    "artifactCollection": f"{RSO}.runArtifactCollectionScript",
    "dataCollection": f"{RSO}.runDataCollectionScript",
    "action": f"{RSO}.runActionScript",
}
_SECRET = b"sandbox results"
_LINK_LIFE_SECONDS = 3600


def execute_script(call: Call) -> Response:
    """Run it on every agent that the filter selects; an empty filter selects all in reach."""
    script = call.state.remote.scripts.get(str(call.sent["scriptId"]))
    if script is None:
        raise not_found()
    if not {f"{RSO}.view", RUN_RIGHTS[script.type]} <= call.caller.permissions:
        raise denied(call.world)
    agents = with_rso(_selected(call))
    if call.world.faults.take("rso_none"):
        agents = []
    elif call.world.faults.take("rso_partial"):
        agents = agents[:-1]
    wanted = bool(call.sent.get("requiresApproval"))
    if call.state.remote.asks_approval(script, agents, wanted=wanted):
        waiting = Pending(
            pending_id=call.state.new_id(),
            script=script,
            agents=agents,
            wanted=dict(call.sent),
            user=call.caller.user,
            created_at=call.world.clock.now(),
        )
        call.state.remote.pending[waiting.pending_id] = waiting
        return answer(
            {
                "affected": len(agents),
                "parentTaskId": None,
                "pending": True,
                "pendingExecutionId": waiting.pending_id,
            }
        )
    parent_id = None
    if agents:
        parent_id = call.state.remote.execute(script, agents, dict(call.sent), call.caller.user)
    return answer({"affected": len(agents), "parentTaskId": parent_id, "pending": False})


def list_tasks(call: Call) -> Response:
    """One row per agent; without a parent the console refuses (contract 7.3)."""
    parents = call.query.get("parentTaskId__in") or []
    one = call.query.get("parentTaskId")
    wanted = {*(parents if isinstance(parents, list) else []), *([one] if one else [])}
    if not wanted:
        words = "Either parent_task_id or parent_task_id__in should be a part of the request"
        raise invalid(words)
    sites = call.caller.sites_in(call.query)
    rows = [
        task_record(task, call.world)
        for task in call.state.remote.rows({str(parent) for parent in wanted})
        if task.agent.group.site in sites
    ]
    query = {
        name: value for name, value in call.query.items() if not name.startswith("parentTaskId")
    }
    page = page_of_records(rows, query, {"computerName": "agentComputerName", "uuid": "agentUuid"})
    return listing(page.rows, page.pagination)


def list_private_tasks(call: Call) -> Response:
    """The console's own list, which no specification has (contract 8)."""
    call.state.remote.settle()
    sites = call.caller.sites_in(call.query)
    rows = [
        task_record(task, call.world)
        for task in call.state.remote.tasks.values()
        if task.agent.group.site in sites
        and call.query.get("agentId") in (None, task.agent.agent_id)
    ]
    query = {name: value for name, value in call.query.items() if name != "agentId"}
    page = page_of_records(rows, query)
    return listing(page.rows, page.pagination)


def cancel_tasks(call: Call) -> Response:
    """Cancels what has not been sent to its endpoint (contract 8)."""
    wanted = call.body["filter"]
    ids = set(wanted.get("ids") or []) if isinstance(wanted, dict) else set()
    parents = set(wanted.get("parentTaskId__in") or []) if isinstance(wanted, dict) else set()
    remote = call.state.remote
    chosen = (
        task
        for task in list(remote.tasks.values())
        if (task.task_id in ids or task.parent_id in parents)
        and task.agent.group.site in call.caller.sites
    )
    return answer({"affected": remote.cancel(chosen)})


def fetch_files(call: Call) -> Response:
    """Links to the results; the published answer has another name for them (contract 7.4)."""
    call.state.remote.settle()
    names = call.sent.get("computerNames")
    tasks = [
        task
        for task in call.state.remote.tasks.values()
        if task.task_id in (call.sent.get("taskIds") or ())
        or (names and task.agent.hostname in names)
    ]
    links, errors = [], []
    for task in tasks:
        if task.result:
            name = f"{task.agent.hostname}-{task.task_id}.zip"
            url = _link(task, call.world)
            links.append({"downloadUrl": url, "fileName": name, "taskId": task.task_id})
        else:
            errors.append({"taskId": task.task_id, "errorString": "No results to download"})
    return answer({"download_links": links, "errors": errors})


def result_routes(world: World) -> list[Route]:
    """Where results lie: not the console, so its token is refused there."""

    async def get(request: Request) -> Response:
        try:
            if "authorization" in request.headers:
                raise S3Error(400, "InvalidArgument", "Only one auth mechanism allowed")
            task = world.sentinelone.remote.tasks.get(request.path_params["task_id"])
            asked = {name: values[0] for name, values in parse_qs(request.url.query).items()}
            until = asked.get("until", "")
            signed = _signature(request.path_params["task_id"], until)
            if not hmac.compare_digest(asked.get("X-Amz-Signature", ""), signed):
                raise S3Error(403, "SignatureDoesNotMatch", "The signature does not match")
            if float(until) <= world.clock.now():
                raise S3Error(403, "AccessDenied", "Request has expired")
            if task is None or not task.result:
                raise S3Error(404, "NoSuchKey", "The specified key does not exist.")
        except S3Error as error:
            return error.response()
        return ranged(request, task.result, task.signature[:32], "application/zip")

    return [Route("/rso-results/{task_id}", get, methods=["GET"])]


def task_record(task: Task, world: World) -> Record:
    """The row of one endpoint."""
    agent, now = task.agent, world.clock.now()
    group = agent.group
    status = task.status(now)
    changed = task.ended_at or (task.sent_at if task.sent_at and task.sent_at <= now else None)
    return {
        "id": task.task_id,
        "parentTaskId": task.parent_id,
        "type": "script_execution",
        "description": task.description,
        "status": status,
        "statusCode": task.exit_code,
        "statusDescription": status.replace("_", " ").capitalize(),
        "detailedStatus": task.words or None,
        "agentId": agent.agent_id,
        "agentUuid": agent.uuid,
        "agentComputerName": agent.hostname,
        "agentOsType": agent.os_type,
        "agentMachineType": agent.platform.machine_type,
        "agentIsActive": agent.is_active,
        "agentIsDecommissioned": agent.is_decommissioned,
        "accountId": group.site.account_id,
        "accountName": group.site.account.name,
        "siteId": group.site_id,
        "siteName": group.site.name,
        "groupId": group.group_id,
        "groupName": group.name,
        "initiatedBy": task.user.full_name,
        "initiatedById": task.user.user_id,
        **({"scriptResultsSignature": task.signature} if task.result else {}),
        "createdAt": world.clock.iso(task.created_at),
        "updatedAt": world.clock.iso(changed or task.created_at),
    }


def _selected(call: Call) -> Sequence[Agent]:
    wanted = call.body["filter"]
    if not isinstance(wanted, dict):
        raise invalid("filter: Invalid input type.")
    given = {name: value for name, value in wanted.items() if name != "tenant"}
    if isinstance(given.get("ids"), str):
        given["ids"] = [given["ids"]]
    raw = urlencode({name: _text(value) for name, value in given.items()})
    query = read_query(raw, agent_rules.COUNT)
    return selected(replace(call, query=query), AgentReader(call.world.clock.now()))


def _text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _link(task: Task, world: World) -> str:
    until = f"{world.clock.now() + _LINK_LIFE_SECONDS:.0f}"
    signature = _signature(task.task_id, until)
    query = f"X-Amz-Expires={_LINK_LIFE_SECONDS}&until={until}&X-Amz-Signature={signature}"
    return f"{world.url}/rso-results/{task.task_id}?{query}"


def _signature(task_id: str, until: str) -> str:
    return hmac.new(_SECRET, f"{task_id} {until}".encode(), hashlib.sha256).hexdigest()
