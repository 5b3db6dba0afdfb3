"""The query parameters of RemoteOps' settings and schedules (contract 7.5, appendix A)."""

from dataclasses import replace

from cado_sentinelone.sandbox.sentinelone.list_rules import SCOPE, SCRIPT_TYPES
from cado_sentinelone.sandbox.sentinelone.rules import (
    IDENTIFIER,
    PERIOD,
    TEXT,
    TEXTS,
    Rule,
    any_of,
    each,
    one_of,
    paged,
)

TASK_TYPES = (
    "agents_upgrade", "agent_version_change", "auto_deploy", "script_execution", "cis_scan", "gad",
    "forensics_collection",
)  # fmt: skip
SCOPE_LEVELS = ("account", "site", "group")
SCHEDULE_STATES = ("scheduled", "waiting_approval", "declined")
DESTINATIONS = ("SentinelCloud", "Local", "None", "SingularityXDR")

SETTINGS: dict[str, Rule] = {
    **paged("scopeId taskType createdAt userId"),
    **SCOPE,
    "taskType": replace(one_of(TASK_TYPES), required=True),
}
SUBSCOPES: dict[str, Rule] = {**SETTINGS, "query": TEXT}

GUARDRAIL: dict[str, Rule] = {
    "scopeId": replace(IDENTIFIER, required=True),
    "scopeLevel": replace(one_of(SCOPE_LEVELS), required=True),
}

SCHEDULED: dict[str, Rule] = {
    **paged(
        "id name description scheduledTime type osTypes outputDestination createdAt targetScope"
        " creator status"
    ),
    **each(Rule(is_list=True, most=500, least=1), "accountIds siteIds groupIds"),
    **each(PERIOD, "createdAt__between scheduledTime__between"),
    **each(TEXTS, "scopeName__contains name__contains description__contains id__contains"),
    **each(TEXTS, "ids creatorId targetScope"),
    "outputDestination": any_of(DESTINATIONS),
    "osTypes": any_of(("linux", "macos", "windows")),
    "type": any_of((*SCRIPT_TYPES, "forensicsProfile")),
    "status": any_of(SCHEDULE_STATES),
    "query": TEXT,
}
