"""Investigations, which the API also calls projects (Cado contract 5)."""

from functools import partial
from typing import Literal

from pydantic import Field

from cado_sentinelone.sandbox.cado.asked import Body, Flag, Nothing, Number, PageQuery, Whole
from cado_sentinelone.sandbox.cado.launch import cancel
from cado_sentinelone.sandbox.cado.operation import Answer, Call, Operation
from cado_sentinelone.sandbox.cado.paging import numbered
from cado_sentinelone.sandbox.cado.project_views import SORT_KEYS, project_detail, project_row
from cado_sentinelone.sandbox.cado.records import Project, User
from cado_sentinelone.sandbox.cado.refusal import conflict, invalid
from cado_sentinelone.sandbox.cado.state import CadoState

ProjectStatus = Literal[
    "Collection & Analysis",
    "Containment",
    "Eradication",
    "Recovery",
    "Post incident activity",
    "Closed",
    "Archived",
]
ProjectOrder = Literal[
    "created", "-created", "name", "-name", "status", "-status", "id", "-id",
    "malicious", "-malicious", "suspicious", "-suspicious", "evidences", "-evidences",
    "items_identified", "-items_identified", "description", "-description",
    "ai_summary", "-ai_summary", "last_acquisition", "-last_acquisition",
]  # fmt: skip


class ProjectsQuery(PageQuery):
    """Which investigations to list; `name` matches a part. Times are epoch seconds."""

    order_by: ProjectOrder = "-created"
    status: tuple[ProjectStatus, ...] = ()
    name: str = ""
    created_start_timestamp: Number | None = None
    created_end_timestamp: Number | None = None
    get_alarm_summary: Flag = False
    project_id: tuple[Whole, ...] = ()


class Username(Body):
    """A person to assign."""

    username: str = ""


class GroupName(Body):
    """A group to assign."""

    name: str = ""


class NewProject(Body):
    """An investigation to open."""

    case_name: str = Field(min_length=1, max_length=80)
    description: str = ""
    users: tuple[Username, ...] = ()
    groups: tuple[GroupName, ...] = ()


class ProjectChange(Body):
    """What to change; nothing that is left out changes."""

    case_name: str = Field("", min_length=1, max_length=80)
    description: str = ""
    items_identified: int = 0
    status: ProjectStatus = "Collection & Analysis"
    users: tuple[Username, ...] = ()
    groups: tuple[GroupName, ...] = ()
    ioc: str = ""
    regenerate_ai_summary: bool = False
    summary: str = ""


class InvestigationIds(Body):
    """The investigations to delete."""

    investigation_ids: tuple[int, ...]


def list_projects(call: Call, query: ProjectsQuery) -> Answer:
    """The investigations that pass all filters, without their people."""
    projects = [
        project
        for project in call.state.projects()
        if query.name.casefold() in project.name.casefold()
        and (not query.status or project.status in query.status)
        and (not query.project_id or project.project_id in query.project_id)
        and (query.created_start_timestamp or 0) <= project.created_at
        and project.created_at <= (query.created_end_timestamp or float("inf"))
    ]
    backwards = query.order_by.startswith("-")
    key = SORT_KEYS[query.order_by.removeprefix("-")]
    projects.sort(key=lambda project: project.project_id, reverse=backwards)
    projects.sort(key=lambda project: key(call.state, project), reverse=backwards)
    shown = partial(project_row, call.state, with_alarms=query.get_alarm_summary)
    return numbered(projects, query, shown)


def get_project(call: Call, _: Nothing) -> Answer:
    """One investigation, with its people and its alarms counted."""
    project = call.state.project(call.number("project_id"))
    return {"data": project_detail(call.state, project)}


def create_project(call: Call, body: NewProject) -> Answer:
    """A new investigation; its name must be new too."""
    _check_name(call.state, body.case_name)
    project = Project(
        project_id=call.state.number("project"),
        name=body.case_name,
        description=body.description,
        created_at=call.now,
        updated_at=call.now,
        users=_users(call.state, body.users),
        groups=_groups(call.state, body.groups),
    )
    call.state.add_project(project)
    return {"data": {"message": "Project created", "id": project.project_id}}


def update_project(call: Call, body: ProjectChange) -> Answer:
    """The investigation with the changes made to it."""
    project = call.state.project(call.number("project_id"))
    given = body.model_fields_set
    if "summary" in given:
        raise invalid("summary: is only available on SaaS")
    if "case_name" in given and body.case_name != project.name:
        _check_name(call.state, body.case_name)
        project.name = body.case_name
    if "users" in given:
        project.users = _users(call.state, body.users)
    if "groups" in given:
        project.groups = _groups(call.state, body.groups)
    if "ioc" in given:
        project.iocs = body.ioc
    for name in given & {"description", "items_identified", "status"}:
        setattr(project, name, getattr(body, name))
    project.updated_at = call.now
    return {"data": {"project_id": project.project_id}}


def delete_projects(call: Call, body: InvestigationIds) -> Answer:
    """The investigations go, with all that is in them; what still runs for them is cancelled."""
    projects = [call.state.project(project_id) for project_id in body.investigation_ids]
    for pipeline in call.state.pipelines():
        if pipeline.project in projects and pipeline.ended_at(call.now) is None:
            cancel(call.state, pipeline, call.now)
    for project in projects:
        project.deleted = True
    return {}


def _check_name(state: CadoState, name: str) -> None:
    if any(project.name == name for project in state.projects()):
        raise conflict("project", "Project name already exists")


def _users(state: CadoState, wanted: tuple[Username, ...]) -> tuple[User, ...]:
    known = {user.username: user for user in state.users}
    for user in wanted:
        if user.username not in known:
            raise invalid(f"users: there is no user {user.username!r}")
    return tuple(known[user.username] for user in wanted)


def _groups(state: CadoState, wanted: tuple[GroupName, ...]) -> tuple[str, ...]:
    for group in wanted:
        if group.name not in state.groups:
            raise invalid(f"groups: there is no group {group.name!r}")
    return tuple(group.name for group in wanted)


OPERATIONS = (
    Operation("GET", "/projects", "List projects", "projects_read", ProjectsQuery, list_projects),
    Operation(
        "POST",
        "/projects",
        "Create a project",
        "projects_create",
        NewProject,
        create_project,
        status=201,
        event="Create",
    ),
    Operation(
        "DELETE",
        "/projects",
        "Delete projects",
        "projects_delete",
        InvestigationIds,
        delete_projects,
        event="Delete",
    ),
    Operation(
        "GET", "/projects/{project_id}", "Get a project", "projects_read", Nothing, get_project
    ),
    Operation(
        "PATCH",
        "/projects/{project_id}",
        "Update a project",
        "projects_update",
        ProjectChange,
        update_project,
        event="Update",
    ),
)
