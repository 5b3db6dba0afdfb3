"""Roles and the permission pages in them (contract 3)."""

from starlette.responses import Response

from cado_sentinelone.sandbox.sentinelone.call import Call, answer, listing
from cado_sentinelone.sandbox.sentinelone.errors import not_found
from cado_sentinelone.sandbox.sentinelone.people import Role
from cado_sentinelone.sandbox.sentinelone.permissions import PERMISSIONS, role_pages
from cado_sentinelone.sandbox.sentinelone.rows import Record, page_of_records
from cado_sentinelone.sandbox.sentinelone.state import SentinelOneState


def list_roles(call: Call) -> Response:
    """The roles of the scope; its parents' by default, its children's on demand."""
    call.caller.sites_in(call.query)
    call.caller.check_tenant(call.query)
    narrowed = not call.query.keys().isdisjoint(("accountIds", "siteIds", "groupIds"))
    of_tenant = call.caller.sees_tenant and not narrowed
    with_predefined = of_tenant or call.query["includeParents"]
    with_custom = not of_tenant or call.query["includeChildren"]
    records = [
        role_record(role, call.state)
        for role in _visible(call)
        if (with_custom if role.account else with_predefined)
    ]
    page = page_of_records(records, call.query, None, ("name", "description"))
    return listing(page.rows, page.pagination)


def get_role_template(call: Call) -> Response:
    """Every page and permission that a role of the scope could have, none of them granted."""
    call.caller.sites_in(call.query)
    call.caller.check_tenant(call.query)
    console_only = call.world.faults.on("console_permissions")
    return answer({"description": "", "pages": role_pages(set(), console_only=console_only)})


def get_role(call: Call) -> Response:
    """A role with its pages."""
    call.caller.sites_in(call.query)
    call.caller.check_tenant(call.query)
    for role in _visible(call):
        if role.role_id == call.path["role_id"]:
            pages = role_pages(
                call.state.granted(role) & PERMISSIONS,
                console_only=call.world.faults.on("console_permissions"),
            )
            return answer({**role_record(role, call.state), "pages": pages})
    raise not_found()


def role_record(role: Role, state: SentinelOneState) -> Record:
    """The role as the API shows it, without its pages."""
    iso = state.world.clock.iso
    administrator = state.users[1]
    return {
        "id": role.role_id,
        "name": role.name,
        "description": role.name,
        "scope": "account" if role.account else "tenant",
        "scopeId": role.account.account_id if role.account else None,
        "accountName": role.account.name if role.account else None,
        "siteName": None,
        "predefinedRole": role.account is None,
        "usersInRoles": sum(user.role is role for user in state.users),
        "creator": administrator.full_name,
        "creatorId": administrator.user_id,
        "updatedBy": administrator.full_name,
        "updatedById": administrator.user_id,
        "createdAt": iso(role.created_at),
        "updatedAt": iso(role.created_at),
    }


def _visible(call: Call) -> list[Role]:
    """The predefined roles, the caller's accounts' and the caller's own."""
    caller = call.caller
    return [
        role
        for role in call.state.roles
        if role.account is None or role.account in caller.accounts or role is caller.user.role
    ]
