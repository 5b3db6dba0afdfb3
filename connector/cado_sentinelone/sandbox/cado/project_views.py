"""How an investigation is shown and sorted (Cado contract 5). Moments are milliseconds (0.5)."""

from collections.abc import Callable

from cado_sentinelone.sandbox.cado.counts import severities
from cado_sentinelone.sandbox.cado.records import Project, User
from cado_sentinelone.sandbox.cado.state import CadoState

SORT_KEYS: dict[str, Callable[[CadoState, Project], str | float]] = {
    "created": lambda _, project: project.created_at,
    "name": lambda _, project: project.name.casefold(),
    "status": lambda _, project: project.status,
    "id": lambda _, project: project.project_id,
    "malicious": lambda state, project: _alarms(state, project)["malicious"],
    "suspicious": lambda state, project: _alarms(state, project)["suspicious"],
    "evidences": lambda state, project: len(state.evidences(project)),
    "items_identified": lambda _, project: project.items_identified,
    "description": lambda _, project: project.description.casefold(),
    "ai_summary": lambda _, __: "",
    "last_acquisition": lambda state, project: _last_acquisition(state, project) or 0.0,
}


def project_row(state: CadoState, project: Project, *, with_alarms: bool) -> dict[str, object]:
    """An investigation as a listing shows it: no people, alarms only if asked for."""
    shown = _project(state, project)
    if with_alarms:
        shown["alarms"] = _alarms(state, project)
    return shown


def project_detail(state: CadoState, project: Project) -> dict[str, object]:
    """An investigation by itself."""
    return _project(state, project) | {
        "alarms": _alarms(state, project),
        "manually_created": True,
        "unique_sources": ["sentinelone"] if state.evidences(project) else [],
        "details": _details(project)
        | {
            "users": [_person(user) for user in project.users],
            "groups": [{"id": state.groups[name], "name": name} for name in project.groups],
            "ioc": {"custom_data": {"user_input": project.iocs}},
        },
    }


def _project(state: CadoState, project: Project) -> dict[str, object]:
    shown: dict[str, object] = {
        "id": project.project_id,
        "created": project.created_at * 1000,
        "evidences": len(state.evidences(project)),
        "details": _details(project),
        "ai_summary": None,
        "last_update": project.updated_at * 1000,
        "scan_rule_count": 0,
    }
    last_acquisition = _last_acquisition(state, project)
    if last_acquisition is not None:
        shown["last_acquisition"] = last_acquisition * 1000
    return shown


def _details(project: Project) -> dict[str, object]:
    return {
        "name": project.name,
        "description": project.description,
        "items_identified": project.items_identified,
        "status": project.status,
    }


def _alarms(state: CadoState, project: Project) -> dict[str, int]:
    return severities(
        alarm for evidence in state.evidences(project) for alarm in evidence.found(state.now)
    )


def _last_acquisition(state: CadoState, project: Project) -> float | None:
    return max(
        (
            pipeline.created_at
            for pipeline in state.pipelines()
            if pipeline.project is project and pipeline.kind == "acquisition"
        ),
        default=None,
    )


def _person(user: User) -> dict[str, object]:
    return {
        "id": user.user_id,
        "rbac_role": user.role,
        "username": user.username,
        "login_type": 0,
        "display_name": user.display_name,
    }
