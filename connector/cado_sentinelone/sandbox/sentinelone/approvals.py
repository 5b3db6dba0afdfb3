"""Guardrails and what waits for a reviewer (contract 7.5)."""

from starlette.responses import Response

from cado_sentinelone.sandbox.sentinelone.call import Call, answer, listing
from cado_sentinelone.sandbox.sentinelone.errors import not_found
from cado_sentinelone.sandbox.sentinelone.library import script_record
from cado_sentinelone.sandbox.sentinelone.remote_records import Pending
from cado_sentinelone.sandbox.sentinelone.rows import Record, page_of_records
from cado_sentinelone.sandbox.sentinelone.schedules import targeted
from cado_sentinelone.sandbox.sentinelone.schema import Field, Fields, choice, nested
from cado_sentinelone.sandbox.world import World

CHECK: Fields = {
    "data": nested(
        {
            "scriptId": Field("identifier", required=True),
            "agentIds": Field("identifier", required=True, is_list=True),
        }
    )
}
REVIEW: Fields = {"data": nested({"action": choice("approve", "decline", required=True)})}


def check_guardrails(call: Call) -> Response:
    """Whether an execution on these agents will wait for an approval."""
    remote = call.state.remote
    script = remote.scripts.get(str(call.sent["scriptId"]))
    if script is None:
        raise not_found()
    agents = targeted({"ids": call.sent["agentIds"]}, call.caller.sites, call.world)
    return answer({"requiresApproval": remote.asks_approval(script, agents)})


def list_pending(call: Call) -> Response:
    """What waits, and what waited."""
    call.state.remote.settle()
    rows = [_record(one, call.world) for one in call.state.remote.pending.values()]
    page = page_of_records(rows, call.query)
    return listing(page.rows, page.pagination)


def review(call: Call) -> Response:
    """The reviewer's decision. It names no task, so nobody learns here what began."""
    call.state.remote.settle()
    pending_id = call.path["pending_execution_id"]
    if pending_id not in call.state.remote.pending:
        raise not_found()
    call.state.remote.review(pending_id, str(call.sent["action"]))
    return answer({"success": True})


def _record(waiting: Pending, world: World) -> Record:
    reviewer = world.sentinelone.users[1]
    return {
        "pendingExecutionId": waiting.pending_id,
        "state": waiting.state,
        "executionData": dict(waiting.wanted),
        "scriptData": script_record(waiting.script, world),
        "creator": waiting.user.full_name,
        "creatorId": waiting.user.user_id,
        # Required and never null in the document, also of what nobody has looked at yet.
        "reviewer": reviewer.full_name,
        "reviewerId": reviewer.user_id,
        "canApproveOrDecline": False,
        "totalEndpoints": len(waiting.agents),
        "endpointsByScope": [],
        "scheduledTaskId": waiting.scheduled.scheduled_id if waiting.scheduled else None,
        "createdAt": world.clock.iso(waiting.created_at),
    }
