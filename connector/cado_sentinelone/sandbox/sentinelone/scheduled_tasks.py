"""Scheduling an execution, and listing, moving and removing what is to come (contract 7.5)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.responses import Response

from cado_sentinelone.sandbox.places import Site
from cado_sentinelone.sandbox.sentinelone.call import Call, answer, listing
from cado_sentinelone.sandbox.sentinelone.errors import not_found
from cado_sentinelone.sandbox.sentinelone.exclusion_scopes import path_of, places_in
from cado_sentinelone.sandbox.sentinelone.executions import ACTION, RUN_RIGHTS
from cado_sentinelone.sandbox.sentinelone.gate_denial import denied
from cado_sentinelone.sandbox.sentinelone.paging import page_of
from cado_sentinelone.sandbox.sentinelone.remote_records import Pending
from cado_sentinelone.sandbox.sentinelone.rows import Record
from cado_sentinelone.sandbox.sentinelone.rules import moment
from cado_sentinelone.sandbox.sentinelone.schedules import Moment, Recurrence, Scheduled, targeted
from cado_sentinelone.sandbox.sentinelone.schema import Field, Fields, choice, nested
from cado_sentinelone.sandbox.sentinelone.selecting import search, select
from cado_sentinelone.sandbox.world import World

_LEVELS = ("accountIds", "siteIds", "groupIds")
_IDENTIFIERS = Field("identifier", is_list=True, most=5000)
_MOMENT: Fields = {"utc": Field("moment", required=True), "tz": Field(required=True)}
_RECURRENCE: Fields = {
    "unit": choice("day", "week", "month", "year", nullable=True),
    "interval": Field("integer", nullable=True, least=1, most=1000),
    "dayOfMonth": Field("integer", nullable=True, least=1, most=31),
}


def _scheduling(*, required: bool) -> Field:
    return nested(
        {
            "scheduledTime": nested(_MOMENT),
            "expireTime": Field("object", required=required, nullable=True, fields=_MOMENT),
            "recurrence": Field("object", required=required, nullable=True, fields=_RECURRENCE),
        }
    )


CREATE: Fields = {
    "filter": nested(
        {
            "ids": Field("identifier", is_list=True),
            "accountIds": _IDENTIFIERS,
            "siteIds": _IDENTIFIERS,
            "groupIds": _IDENTIFIERS,
            "tenant": Field("boolean"),
        }
    ),
    "data": nested({"scheduling": _scheduling(required=False), "action": nested(ACTION)}),
}
CHANGE: Fields = {"data": nested({"scheduling": _scheduling(required=True)})}
REMOVE: Fields = {
    "filter": nested({"ids": Field("identifier", required=True, is_list=True, most=5000)}),
    "data": Field("object", fields={}),
}


def schedule_script(call: Call) -> Response:
    """An execution to come; a guardrail has it approved before, not when its time has come."""
    remote, now = call.state.remote, call.world.clock.now()
    action, wanted = call.sent["action"], dict(call.body["filter"])  # type: ignore[call-overload]
    script = remote.scripts.get(action["scriptId"])
    if script is None:
        raise not_found()
    if RUN_RIGHTS[script.type] not in call.caller.permissions:
        raise denied(call.world)
    places_in(wanted, call.caller)
    agents = targeted(wanted, call.caller.sites, call.world)
    time, expires, recurrence = _timing(call.sent["scheduling"])
    scheduled = Scheduled(
        scheduled_id=call.state.new_id(),
        script=script,
        wanted=dict(action),
        targets=wanted,
        reach=call.caller.sites,
        user=call.caller.user,
        created_at=now,
        updated_at=now,
        time=time,
        expires=expires,
        recurrence=recurrence,
        affected=len(agents),
    )
    remote.schedules.by_id[scheduled.scheduled_id] = scheduled
    said: Record = {"affected": len(agents), "scheduledTaskId": scheduled.scheduled_id}
    if remote.asks_approval(script, agents, wanted=bool(action.get("requiresApproval"))):
        scheduled.state = "waiting_approval"
        waiting = Pending(
            pending_id=call.state.new_id(),
            script=script,
            agents=agents,
            wanted=dict(action),
            user=call.caller.user,
            created_at=now,
            scheduled=scheduled,
        )
        remote.pending[waiting.pending_id] = waiting
        said["pendingExecutionId"] = waiting.pending_id
    return answer(said)


def list_scheduled(call: Call) -> Response:
    """What is to come; what has happened is in the list of the executions."""
    call.state.remote.settle()
    rows = [
        (_record(one, call.world), _unshown(one, call.world))
        for one in call.state.remote.schedules.by_id.values()
        if _is_seen(one, call)
    ]
    if call.query.get("query"):
        rows = search(rows, call.query, _read, ("name", "description", "id"))
    page = page_of(select(rows, call.query, _read, {"ids": "id"}), call.query, _read)
    return listing([record for record, _ in page.rows], page.pagination)


def change_scheduled(call: Call) -> Response:
    """Another time. What waits for an approval goes on waiting for it."""
    call.state.remote.settle()
    scheduled = call.state.remote.schedules.by_id.get(call.path["scheduled_task_id"])
    if scheduled is None or not _is_seen(scheduled, call):
        raise not_found()
    scheduled.time, scheduled.expires, scheduled.recurrence = _timing(call.sent["scheduling"])
    scheduled.updated_at = call.world.clock.now()
    return answer({"scheduledTaskId": scheduled.scheduled_id})


def remove_scheduled(call: Call) -> Response:
    """Those of these ids that are the caller's to remove; the others are skipped."""
    remote = call.state.remote
    remote.settle()
    affected = []
    for scheduled_id in dict.fromkeys(call.body["filter"]["ids"]):  # type: ignore[index]
        scheduled = remote.schedules.by_id.get(scheduled_id)
        if scheduled is None or not _is_seen(scheduled, call):
            continue
        del remote.schedules.by_id[scheduled_id]
        for waiting in remote.pending.values():
            if waiting.scheduled is scheduled and waiting.state == "waiting":
                waiting.settle("expired")
        affected.append(scheduled_id)
    return answer({"affected": affected})


def _timing(sent: dict[str, Any]) -> tuple[Moment, Moment | None, Recurrence | None]:
    expires, recurrence = sent.get("expireTime"), sent.get("recurrence") or {}
    unit = str(recurrence.get("unit") or "")
    again = Recurrence(unit, recurrence.get("interval") or 1, recurrence.get("dayOfMonth"))
    return (
        _moment(sent["scheduledTime"]),
        _moment(expires) if expires else None,
        again if unit else None,
    )


def _moment(sent: Mapping[str, str]) -> Moment:
    return Moment(datetime.fromisoformat(moment(sent["utc"])).timestamp(), sent["tz"])


def _is_seen(scheduled: Scheduled, call: Call) -> bool:
    """Whether it may reach something in the scope that is asked for."""
    sites = call.caller.sites_in(call.query)
    return any(site in sites for site in _sites(scheduled, call.world))


def _sites(scheduled: Scheduled, world: World) -> list[Site]:
    """The sites that it names or may reach."""
    if "ids" in scheduled.targets:
        agents = map(world.agent, _named(scheduled, "ids"))
        return list(dict.fromkeys(agent.group.site for agent in agents if agent))
    named = {one for level in _LEVELS for one in _named(scheduled, level)}
    return [
        site
        for site in scheduled.reach
        if not named
        or named & {site.account_id, site.site_id, *(group.group_id for group in site.groups)}
    ]


def _named(scheduled: Scheduled, name: str) -> list[str]:
    ids = scheduled.targets.get(name)
    return [str(one) for one in ids] if isinstance(ids, list) else []


def _record(scheduled: Scheduled, world: World) -> Record:
    """As the API shows it; how many endpoints is how many it reached when it was created."""
    record: Record = {
        "id": scheduled.scheduled_id,
        "name": scheduled.script.name,
        "description": scheduled.wanted["taskDescription"],
        "type": scheduled.script.type,
        "osTypes": scheduled.script.os_types,
        "outputDestination": scheduled.wanted["outputDestination"],
        "status": scheduled.state,
        "creator": scheduled.user.full_name,
        "endpointsFilter": dict(scheduled.targets),
        "endpointsCount": scheduled.affected,
        "targetEndpointsCount": scheduled.affected,
        "targetScopePath": _scope_path(scheduled, world),
        "scheduledTime": _shown(scheduled.time, world),
        "createdAt": world.clock.iso(scheduled.created_at),
        "updatedAt": world.clock.iso(scheduled.updated_at),
    }
    if scheduled.expires is not None:
        record["expireTime"] = _shown(scheduled.expires, world)
    if scheduled.recurrence is not None:
        record["recurrence"] = {
            "unit": scheduled.recurrence.unit,
            "interval": scheduled.recurrence.interval,
            "dayOfMonth": scheduled.recurrence.day_of_month,
        }
    return record


def _unshown(scheduled: Scheduled, world: World) -> Record:
    """What filters and sorting know and a row does not show."""
    return {
        "scheduledTime": world.clock.iso(scheduled.time.at),
        "creatorId": scheduled.user.user_id,
        "targetScope": [one for level in _LEVELS for one in _named(scheduled, level)],
        "scopeName": _scope_path(scheduled, world),
    }


def _shown(time: Moment, world: World) -> Record:
    return {"utc": world.clock.iso(time.at), "tz": time.zone}


def _scope_path(scheduled: Scheduled, world: World) -> str:
    return ", ".join(path_of(site) for site in _sites(scheduled, world))


def _read(row: tuple[Record, Record], name: str) -> object:
    record, unshown = row
    return unshown.get(name, record.get(name))
