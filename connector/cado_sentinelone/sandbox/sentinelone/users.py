"""Users, service users and their tokens (contract 2)."""

from starlette.responses import Response

from cado_sentinelone.sandbox.sentinelone.call import Call, answer, listing
from cado_sentinelone.sandbox.sentinelone.callers import Caller
from cado_sentinelone.sandbox.sentinelone.errors import (
    Refusal,
    forbidden,
    invalid,
    not_found,
    unauthenticated,
)
from cado_sentinelone.sandbox.sentinelone.paging import Page
from cado_sentinelone.sandbox.sentinelone.people import User
from cado_sentinelone.sandbox.sentinelone.permissions import role_pages
from cado_sentinelone.sandbox.sentinelone.rows import Record, page_of_records
from cado_sentinelone.sandbox.sentinelone.schema import Field, Fields, nested
from cado_sentinelone.sandbox.sentinelone.state import SentinelOneState

TOKEN: Fields = {"data": nested({"apiToken": Field(required=True)})}
LOGIN: Fields = {"data": nested({"apiToken": Field(required=True), "reason": Field()})}
_PLURALS = {"sources": "source", "twoFaStatuses": "twoFaStatus", "roleIds": "roleId"}


def get_user(call: Call) -> Response:
    """The caller's own user."""
    call.caller.sites_in(call.query)
    call.caller.check_tenant(call.query)
    return answer(_public(user_record(call.caller.user, call.state, call.caller.scope)))


def list_users(call: Call) -> Response:
    """The users within the caller's scope, service users included."""
    page = _page(call, call.state.users)
    for record in page.rows:
        # A single user has these, a listed one does not.
        del record["elevatedSessionDurationMinutes"], record["isExternalLoginUser"]
    return listing([_public(record) for record in page.rows], page.pagination)


def list_service_users(call: Call) -> Response:
    """The service users within the caller's scope."""
    page = _page(call, [user for user in call.state.users if user.is_service])
    return listing(page.rows, page.pagination)


def get_one_user(call: Call) -> Response:
    """A user with the effective `pages` of the role."""
    user = _find(call)
    record = _public(user_record(user, call.state))
    account = user.site.account if user.site else user.account
    record["account"] = account and {"id": account.account_id, "name": account.name}
    record["pages"] = role_pages(
        call.state.granted(user.role), console_only=call.world.faults.on("console_permissions")
    )
    return answer(record)


def get_token_details_of_user(call: Call) -> Response:
    """When the user's token was made and when it dies; anybody may ask that of the own token."""
    user = _find(call)
    if user is not call.caller.user and "Users.view" not in call.caller.permissions:
        raise forbidden()
    return answer(_token_details(user, call.state))


def get_token_details(call: Call) -> Response:
    """When a token was made and when it dies, alive or dead; whoever has it may ask."""
    user = call.state.user_of(str(call.sent["apiToken"]))
    if user is None:
        raise invalid({"data": "apiToken: Invalid token."})
    return answer(_token_details(user, call.state))


def log_in(call: Call) -> Response:
    """A session token for an API token."""
    try:
        caller = call.state.caller_of(str(call.sent["apiToken"]))
    except Refusal:
        raise unauthenticated("User authentication failed") from None
    return answer({"token": call.state.open_session(caller.user)})


def check_caller(_: Call) -> Response:
    """That the gate let the caller through: the token is alive and has the permission."""
    return answer({"success": True})


def check_tenant_admin(call: Call) -> Response:
    """Whether the caller administers the tenant."""
    if not call.caller.sees_tenant:
        raise forbidden()
    return answer({"success": True})


def user_record(user: User, state: SentinelOneState, scope: str | None = None) -> Record:
    """The user as the API shows a service user; other users lack a few of the fields.

    `scope` is how far the token really reaches, where a fault changed that.
    """
    iso = state.world.clock.iso
    scope = scope or user.scope
    site = user.site or (state.world.sites[0] if scope == "site" else None)
    account = site.account if site else user.account
    scope_name = site.name if site else account.name if account else "Global"
    role = {"roleId": user.role.role_id, "roleName": user.role.name, "roles": [user.role.name]}
    place = site.site_id if site else account.account_id if account else None
    token = _token_details(user, state)
    return {
        "id": user.user_id,
        "email": user.email,
        "emailReadOnly": False,
        "emailVerified": True,
        "fullName": user.full_name,
        "name": user.full_name,
        "description": "",
        "fullNameReadOnly": False,
        "firstLogin": iso(user.created_at),
        "lastLogin": iso(state.world.started_at - 3600),
        "lastActivation": iso(state.world.started_at - 3600),
        "dateJoined": iso(user.created_at),
        "createdAt": iso(user.created_at),
        "updatedAt": iso(user.created_at),
        "source": "mgmt",
        "scope": scope,
        "scopeRoles": []
        if account is None
        else [{"id": place, "name": scope_name, "accountName": account.name, **role}],
        "siteRoles": [{"id": place, "name": scope_name, **role}] if site else [],
        "tenantRoles": [] if account else [user.role.name],
        "lowestRole": user.role.name,
        "twoFaEnabled": False,
        "twoFaEnabledReadOnly": False,
        "twoFaConfigured": False,
        "twoFaStatus": "not_configured",
        "primaryTwoFaMethod": "application",
        "canGenerateApiToken": True,
        "elevatedSessionDurationMinutes": 30,
        "isSystem": False,
        "isExternalLoginUser": False,
        "groupsReadOnly": False,
        "agreedEula": True,
        "agreementUrl": None,
        "allowRemoteShell": False,
        "globalUserId": None,
        "globalOrganizationId": None,
        "apiToken": token,
        "roleId": user.role.role_id,
        "apiTokenCreatedAt": token["createdAt"],
        "apiTokenExpiresAt": token["expiresAt"],
        "hasValidApiToken": state.expires_at(user) > state.world.clock.now(),
    }


_SERVICE_USERS_ONLY = [
    "name",
    "description",
    "lastActivation",
    "createdAt",
    "updatedAt",
    "roleId",
    "apiTokenCreatedAt",
    "apiTokenExpiresAt",
    "hasValidApiToken",
]


def _public(record: Record) -> Record:
    return {name: value for name, value in record.items() if name not in _SERVICE_USERS_ONLY}


def _page(call: Call, users: list[User]) -> Page[Record]:
    sites = call.caller.sites_in(call.query)
    narrowed = "siteIds" in call.query or "accountIds" in call.query
    records = [
        user_record(user, call.state)
        for user in users
        if _is_within(user, call.caller)
        and (not narrowed or any(user.site is s or user.account is s.account for s in sites))
    ]
    return page_of_records(records, call.query, _PLURALS, ("fullName", "email", "id"))


def _find(call: Call) -> User:
    for user in call.state.users:
        if user.user_id == call.path["user_id"] and _is_within(user, call.caller):
            return user
    raise not_found()


def _is_within(user: User, caller: Caller) -> bool:
    if user is caller.user or caller.sees_tenant:
        return True
    return user.site in caller.sites or user.account in caller.accounts


def _token_details(user: User, state: SentinelOneState) -> dict[str, str]:
    iso = state.world.clock.iso
    return {"createdAt": iso(user.created_at), "expiresAt": iso(state.expires_at(user))}
