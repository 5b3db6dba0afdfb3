"""The query parameters of every listing but the agents' (contract, appendix A)."""

from dataclasses import replace

from cado_sentinelone.sandbox.sentinelone.agent_rules import OS_TYPES
from cado_sentinelone.sandbox.sentinelone.rules import (
    BOOLEAN,
    BOOLEANS,
    IDENTIFIER,
    IDENTIFIERS,
    INTEGER,
    MOMENT,
    SCOPE_IDS,
    TEXT,
    TEXTS,
    Rule,
    any_of,
    each,
    one_of,
    paged,
    parts,
    ranges,
)

EXCLUSION_TYPES = ("path", "certificate", "browser", "file_type", "white_hash")
EXCLUSION_MODES = (
    "suppress", "suppress_dynamic_only", "suppress_dfi_only", "disable_in_process_monitor",
    "disable_in_process_monitor_deep", "disable_all_monitors", "disable_all_monitors_deep",
    "suppress_app_control", "suppress_drift_detection",
)  # fmt: skip
PATH_TYPES = ("file", "folder", "subfolders")
VERDICTS = (
    "Not recommended", "Not allowed", "NONE", "duplicated_value_sha1", "duplicated_value_sha256",
    "duplicated_value_sha1_sha256", "Duplication",
)  # fmt: skip
SCRIPT_TYPES = ("artifactCollection", "dataCollection", "action")
_STATES = ("active", "expired", "deleted")
_USER_SOURCES = ("mgmt", "sso_saml", "active_directory", "global")
_GROUP_TYPES = ("static", "dynamic", "pinned")
_FEATURES = any_of(("firewall-control", "device-control", "ioc"))

SCOPE: dict[str, Rule] = {**each(SCOPE_IDS, "accountIds siteIds groupIds"), "tenant": BOOLEAN}

SITES: dict[str, Rule] = {
    **paged(
        "id name totalLicenses expiration siteType state suite createdAt updatedAt activeLicenses"
        " accountName sku description usageType"
    ),
    **each(SCOPE_IDS, "siteIds accountIds"),
    **each(TEXT, "query name externalId description sku module registrationToken"),
    **each(MOMENT, "expiration createdAt updatedAt"),
    **each(BOOLEAN, "isDefault healthStatus adminOnly availableMoveSites"),
    **each(INTEGER, "totalLicenses activeLicenses"),
    **each(TEXTS, "states statesNin"),
    **each(parts(10), "accountName__contains name__contains description__contains"),
    "accountId": IDENTIFIER,
    "siteType": one_of(("Trial", "Paid")),
    "state": one_of(_STATES),
    "suite": one_of(("Core", "Control", "Complete")),
    "features": _FEATURES,
}

ACCOUNTS: dict[str, Rule] = {
    **paged(
        "id name totalLicenses expiration accountType state createdAt updatedAt activeLicenses"
        " activeAgents numberOfSites usageType billingMode"
    ),
    **each(IDENTIFIERS, "ids accountIds"),
    **each(TEXT, "query name sku module"),
    **each(MOMENT, "expiration createdAt updatedAt"),
    **each(INTEGER, "totalLicenses activeLicenses"),
    **each(TEXTS, "states statesNin"),
    "name__contains": parts(10),
    "isDefault": BOOLEAN,
    "accountType": one_of(("Trial", "Paid")),
    "state": one_of(_STATES),
    "features": _FEATURES,
    "usageType": one_of(("customer", "mssp", "ir")),
    "billingMode": one_of(("subscription", "consumption")),
}

GROUPS: dict[str, Rule] = {
    **paged("id name type rank siteId createdAt updatedAt description"),
    **each(SCOPE_IDS, "accountIds siteIds groupIds"),
    **each(TEXT, "query name description registrationToken"),
    **ranges("updatedAt", ("lt", "lte", "gt", "gte")),
    "type": one_of(_GROUP_TYPES),
    "types": any_of(_GROUP_TYPES),
    "id": IDENTIFIER,
    "rank": INTEGER,
    "isDefault": BOOLEAN,
}

USERS: dict[str, Rule] = {
    **paged(
        "id createdAt fullName firstLogin lastLogin source email emailVerified dateJoined"
        " twoFaEnabled twoFaStatus apiTokenCreatedAt apiTokenExpiresAt canGenerateApiToken"
    ),
    **each(SCOPE_IDS, "siteIds accountIds"),
    **each(IDENTIFIERS, "ids roleIds"),
    **each(TEXT, "query email fullName primaryTwoFaMethod twoFaStatus"),
    **each(MOMENT, "firstLogin lastLogin dateJoined"),
    **each(
        BOOLEAN,
        "emailReadOnly fullNameReadOnly groupsReadOnly twoFaEnabled emailVerified"
        " canGenerateApiToken hasValidApiToken",
    ),
    **ranges("createdAt lastActivation apiTokenExpiresAt"),
    "source": one_of(_USER_SOURCES),
    "sources": any_of(_USER_SOURCES),
    "twoFaStatuses": TEXTS,
    "email__contains": parts(100),
    "fullName__contains": parts(5000),
}

SERVICE_USERS: dict[str, Rule] = {
    **paged(
        "id createdAt updatedAt name fullName description firstLogin lastLogin dateJoined roleId"
        " apiTokenCreatedAt apiTokenExpiresAt lastActivation createdByName updatedByName"
    ),
    **each(SCOPE_IDS, "siteIds accountIds"),
    **each(IDENTIFIERS, "ids roleIds"),
    "query": TEXT,
}

ROLES: dict[str, Rule] = {
    **paged(
        "id description usersInRoles creator siteName createdAt updatedAt updatedBy accountName name"
    ),
    **SCOPE,
    "tenancyIds": SCOPE_IDS,
    "ids": IDENTIFIERS,
    **each(TEXT, "name query creator updatedBy description accountName siteName"),
    **each(MOMENT, "createdAt updatedAt"),
    **each(IDENTIFIER, "creatorId updatedById"),
    **ranges("createdAt updatedAt"),
    "predefinedRole": BOOLEAN,
    "includeParents": replace(BOOLEAN, default=True),
    "includeChildren": replace(BOOLEAN, default=False),
}

ROLE: dict[str, Rule] = {**SCOPE, **each(TEXT, "name query"), **ranges("createdAt updatedAt")}

EXCLUSIONS: dict[str, Rule] = {
    **paged(
        "id createdAt updatedAt mode source description pathExclusionType osType scope subfolders"
        " type userName scopePath value actions imported applicationName inAppInventory"
    ),
    **SCOPE,
    **each(IDENTIFIERS, "ids userIds"),
    **each(TEXT, "value query"),
    **each(BOOLEAN, "unified includeParents includeChildren inAppInventory childProcess"),
    **ranges("createdAt updatedAt"),
    **each(any_of(VERDICTS), "recommendations notRecommended"),
    **each(
        parts(20),
        "value__contains user__contains applicationName__contains exclusionName__contains"
        " scopePath__contains",
    ),
    "description__contains": parts(15),
    "imported": BOOLEANS,
    "type": one_of((*EXCLUSION_TYPES, "dv_exclusions")),
    "types": any_of((*EXCLUSION_TYPES, "dv_exclusions")),
    "osTypes": any_of(OS_TYPES),
    "source": any_of(("user", "cloud", "action_from_threat", "catalog")),
    "modes": any_of(EXCLUSION_MODES),
    "pathExclusionTypes": any_of(PATH_TYPES),
    "modeType": one_of(("all", "suppression", "agent_interoperability", "binary_vault")),
    "threatType": any_of(("EDR", "IDR")),
    "engines": any_of((*(mode for mode in EXCLUSION_MODES if mode[0] == "s"), "ad_secure_ep")),
    "interactionLevel": any_of(
        ("disable_all_monitors", "disable_in_process_monitor", "identity_only")
    ),
    "conditions": any_of(
        (*EXCLUSION_TYPES, "commandline", "container_native", "user", "host", "process")
    ),
}

SCRIPTS: dict[str, Rule] = {
    **paged(
        "id createdAt mgmtId scopeId scriptName name osTypes createdByUserId inputInstructions"
        " inputExample type scriptType version scopeLevel scopePath subscription isAvailableForArs"
    ),
    **each(TEXTS, "accountIds siteIds groupIds ids"),
    "isAvailableForArs": BOOLEAN,
    "query": TEXT,
    "scriptType": any_of(SCRIPT_TYPES),
    "osTypes": any_of(("linux", "macos", "windows")),
}

_TASK_STATUSES = (
    "created", "scheduled", "pending", "pending_user_action", "in_progress", "failed", "completed",
    "canceled", "expired", "partially_completed",
)  # fmt: skip
TASKS: dict[str, Rule] = {
    **paged(
        "id initiatedBy createdAt updatedAt status detailedStatus agentComputerName parentTaskId"
        " accountName siteName groupName description"
    ),
    **SCOPE,
    **ranges("createdAt updatedAt", ("lt", "lte", "gt", "gte")),
    "parentTaskId": IDENTIFIER,
    "parentTaskId__in": TEXTS,
    "ids": IDENTIFIERS,
    "status": any_of(_TASK_STATUSES),
    "types": TEXTS,
    **each(TEXT, "type query"),
    **each(parts(10), "computerName__contains uuid__contains"),
    **each(parts(20), "initiatedBy__contains detailedStatus__contains description__contains"),
}

PENDING: dict[str, Rule] = {
    **paged("id createdAt state"),
    **each(TEXTS, "accountIds siteIds groupIds"),
}

PRIVATE_TASKS: dict[str, Rule] = {
    **paged("id createdAt updatedAt"),
    **SCOPE,
    "agentId": IDENTIFIER,
    "ids": IDENTIFIERS,
    **each(TEXT, "query status type"),
    "parentTaskId__in": IDENTIFIERS,
}

_ACTIVITY_TYPES = (
    "2 5-8 15-99 101-163 200-201 203-204 221 300-306 701-703 1001-1002 1023-1025 1100-1105"
    " 1501-1504 2001-2018 2021-2043 2100-2101 2110-2111 3001-3023 3031-3034 3050-3053 3100-3103"
    " 3200-3204 3400 3500-3503 3505-3507 3520-3527 3530-3534 3600-3608 3610-3618 3620-3642"
    " 3650-3656 3660-3670 3701-3702 3710-3712 3714-3715 3720-3721 3730 3750-3758 3767-3788"
    " 3801-3806 4001-4013 4020-4022 4100-4113 5000-5013 5020-5030 5040-5046 5120-5129 5220-5222"
    " 5225-5244 5250-5259 6000-6002 6010-6013 6030-6032 6050-6055 6999 7100-7101 7200-7215 7256"
    " 7300-7302 7500-7507 7600-7604 7700-7702 7800-7803 7830-7841 7853-7863 7870-7872 7880-7882"
    " 7900-7903 8001-8002 9001-9002 9100-9104 9106-9113 9200-9214 10000 11001-11003 12001-12009"
    " 13000 13010-13011 13020-13031 13041-13047 14000-14002 15000-15004 16000-16007 17000-17001"
    " 18000-18002 19000 20000-20009 21000-21005 22000-22006 22051-22054 22071-22073"
)


def _numbers(spans: str) -> list[str]:
    """Every number of spans like `2 5-8`."""
    ends = [[int(end) for end in span.split("-")] for span in spans.split()]
    return [str(number) for span in ends for number in range(span[0], span[-1] + 1)]


ACTIVITIES: dict[str, Rule] = {
    **paged("id activityType createdAt"),
    **each(SCOPE_IDS, "siteIds accountIds groupIds"),
    **ranges("createdAt"),
    **each(IDENTIFIERS, "threatIds agentIds ids userIds ruleIds alertIds"),
    **each(replace(TEXTS, shortest=1), "activityUuids userEmails"),
    "relatedIds": TEXTS,
    "activityTypes": any_of(_numbers(_ACTIVITY_TYPES)),
    "includeHidden": replace(BOOLEAN, default=False),
}
