"""The routes of the management API: what each is called, needs and takes (contract 2 to 10)."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cado_sentinelone.sandbox.sentinelone import (
    activities,
    agent_rules,
    agents,
    exclusions,
    executions,
    list_rules,
    roles,
    scopes,
    system,
    users,
)
from cado_sentinelone.sandbox.sentinelone.errors import DENIED, forbidden, no_such_route
from cado_sentinelone.sandbox.sentinelone.gate import Operation, route
from cado_sentinelone.sandbox.sentinelone.limits import Limits
from cado_sentinelone.sandbox.sentinelone.remote_routes import REMOTE_OPERATIONS
from cado_sentinelone.sandbox.world import World

OPERATIONS = (
    Operation("GET", "/system/status", system.get_status, public=True),
    Operation("GET", "/system/info", system.get_system),
    Operation(
        "GET",
        "/system/configuration",
        system.get_configuration,
        ("Configuration.view",),
        denial=partial(forbidden, DENIED),
    ),
    Operation("POST", "/users/login/by-api-token", users.log_in, body=users.LOGIN, public=True),
    Operation(
        "POST",
        "/users/api-token-details",
        users.get_token_details,
        body=users.TOKEN,
        public=True,
    ),
    Operation("GET", "/users/viewer-auth-check", users.check_caller),
    Operation("GET", "/users/tenant-admin-auth-check", users.check_tenant_admin),
    Operation(
        "GET",
        "/users/rs-auth-check",
        users.check_caller,
        ("Endpoints.remoteShell",),
        denial=forbidden,
    ),
    Operation("GET", "/user", users.get_user, ("Users.view",), list_rules.SCOPE),
    Operation("GET", "/users", users.list_users, ("Users.view",), list_rules.USERS),
    Operation("GET", "/users/{user_id}", users.get_one_user, ("Users.view",)),
    Operation("GET", "/users/{user_id}/api-token-details", users.get_token_details_of_user),
    Operation(
        "GET",
        "/service-users",
        users.list_service_users,
        ("Service Users.view",),
        list_rules.SERVICE_USERS,
    ),
    Operation("GET", "/rbac/roles", roles.list_roles, ("Roles.view",), list_rules.ROLES),
    Operation("GET", "/rbac/role", roles.get_role_template, ("Roles.view",), list_rules.SCOPE),
    Operation("GET", "/rbac/role/{role_id}", roles.get_role, ("Roles.view",), list_rules.ROLE),
    Operation("GET", "/accounts", scopes.list_accounts, ("Accounts.view",), list_rules.ACCOUNTS),
    Operation("GET", "/sites", scopes.list_sites, ("Sites.view",), list_rules.SITES),
    Operation("GET", "/sites/{site_id}/policy", scopes.get_policy, ("Policy.view",)),
    Operation("GET", "/groups", scopes.list_groups, ("Groups.view",), list_rules.GROUPS),
    Operation("GET", "/agents", agents.list_agents, ("Endpoints.view",), agent_rules.LIST),
    Operation("GET", "/agents/count", agents.count_agents, ("Endpoints.view",), agent_rules.COUNT),
    Operation(
        "GET",
        "/exclusions",
        exclusions.list_exclusions,
        ("Exclusions.view",),
        list_rules.EXCLUSIONS,
    ),
    Operation(
        "POST",
        "/exclusions",
        exclusions.create_exclusions,
        ("Exclusions.create",),
        body=exclusions.CREATE,
    ),
    Operation(
        "PUT",
        "/exclusions",
        exclusions.change_exclusion,
        ("Exclusions.edit",),
        body=exclusions.CHANGE,
    ),
    Operation(
        "DELETE",
        "/exclusions",
        exclusions.remove_exclusions,
        ("Exclusions.delete",),
        body=exclusions.REMOVE,
    ),
    Operation(
        "POST",
        "/exclusions/validate",
        exclusions.validate_exclusion,
        ("Exclusions.create",),
        body=exclusions.VALIDATE,
    ),
    Operation(
        "GET",
        "/activities",
        activities.list_activities,
        ("Activity Page.view",),
        list_rules.ACTIVITIES,
    ),
    Operation("GET", "/activities/types", activities.list_activity_types, ("Activity Page.view",)),
    *REMOTE_OPERATIONS,
)


def routes(world: World) -> list[Route]:
    """Everything that is served below `/web/api/v2.1`; what is not there has its own 404."""
    limits = Limits()
    served = [route(operation, world, limits) for operation in OPERATIONS]
    everything_else = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    return [
        *served,
        *executions.result_routes(world),
        Route("/web/api/{path:path}", _nothing_here, methods=everything_else),
    ]


async def _nothing_here(_: Request) -> Response:
    return no_such_route()
