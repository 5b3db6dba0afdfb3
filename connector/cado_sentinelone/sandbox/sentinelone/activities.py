"""What happened at the console (contract 10)."""

from starlette.responses import Response

from cado_sentinelone.sandbox.sentinelone.call import Call, answer, listing
from cado_sentinelone.sandbox.sentinelone.callers import Caller
from cado_sentinelone.sandbox.sentinelone.records import ACTIVITY_TYPES, Activity
from cado_sentinelone.sandbox.sentinelone.rows import Record, page_of_records
from cado_sentinelone.sandbox.world import World

_FIELDS = {
    "activityTypes": "activityNumber",
    "agentIds": "agentId",
    "userIds": "userId",
    "userEmails": "userEmail",
    "activityUuids": "activityUuid",
    "threatIds": "threatId",
}


def list_activities(call: Call) -> Response:
    """The activities at the caller's agents and users."""
    sites = call.caller.sites_in(call.query)
    groups = call.caller.groups_in(call.query)
    narrowed = not call.query.keys().isdisjoint(("accountIds", "siteIds", "groupIds"))
    records = [
        _record(activity, call.world)
        for activity in call.state.activities
        if (activity.agent is None and not narrowed and _is_of(activity, call.caller))
        or (
            activity.agent is not None
            and activity.agent.group.site in sites
            and (groups is None or activity.agent.group in groups)
        )
    ]
    page = page_of_records(records, call.query, _FIELDS)
    hidden = ("activityNumber", "userEmail")
    shown = [{n: v for n, v in record.items() if n not in hidden} for record in page.rows]
    return listing(shown, page.pagination)


def list_activity_types(_: Call) -> Response:
    """The types that this console knows, by number."""
    return answer(
        [
            {"id": number, "action": action, "descriptionTemplate": template}
            for number, (action, template) in ACTIVITY_TYPES.items()
        ]
    )


def _is_of(activity: Activity, caller: Caller) -> bool:
    return caller.sees_tenant or activity.user is caller.user


def _record(activity: Activity, world: World) -> Record:
    agent, user = activity.agent, activity.user
    group = agent.group if agent else None
    moment = world.clock.iso(activity.at)
    return {
        "id": activity.activity_id,
        "activityType": activity.number,
        "activityNumber": str(activity.number),
        "activityUuid": f"00000000-0000-4000-8000-{int(activity.activity_id) % 10**12:012d}",
        "createdAt": moment,
        "updatedAt": moment,
        "primaryDescription": activity.text,
        "secondaryDescription": None,
        "description": None,
        "comments": None,
        "data": dict(activity.details),
        "hash": None,
        "agentUpdatedVersion": None,
        "threatId": None,
        "osFamily": agent.os_type if agent else None,
        "userId": user.user_id if user else None,
        "userEmail": user.email if user else None,
        "agentId": agent.agent_id if agent else None,
        "accountId": group.site.account_id if group else None,
        "accountName": group.site.account.name if group else None,
        "siteId": group.site_id if group else None,
        "siteName": group.site.name if group else None,
        "groupId": group.group_id if group else None,
        "groupName": group.name if group else None,
    }
