"""The query parameters of `agents` and `agents/count` (contract, appendix A)."""

from dataclasses import replace

from cado_sentinelone.sandbox.sentinelone.rules import (
    BOOLEAN,
    BOOLEANS,
    IDENTIFIER,
    IDENTIFIERS,
    INTEGER,
    MOMENTS,
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

OS_TYPES = ("macos", "windows", "windows_legacy", "linux")
OS_ARCHES = ("32 bit", "64 bit", "ARM64")
SCAN_STATUSES = ("none", "started", "aborted", "finished")
MACHINE_TYPES = (
    "unknown", "desktop", "laptop", "server", "kubernetes node", "storage", "kubernetes pod",
    "ecs task", "kubernetes helper",
)  # fmt: skip
NETWORK_STATUSES = ("connected", "disconnected", "connecting", "disconnecting")
USER_ACTIONS = (
    "none", "user_action_needed", "reboot_needed", "upgrade_needed", "incompatible_os",
    "unprotected", "rebootless_without_dynamic_detection",
    "extended_exclusions_partially_accepted", "reboot_required", "pending_deprecation",
    "ne_not_running", "ne_cf_not_active", "pending_performance_insights", "reboot_category",
    "missing_permissions_category", "agent_suppressed_category", "incompatible_os_category",
    "unprotected_category", "partial_functionality", "performance_insights",
)  # fmt: skip
MISSING_PERMISSIONS = (
    "user_action_needed_fda", "user_action_needed_rs_fda", "user_action_needed_fda_helper",
    "user_action_needed_fda_sentineld", "user_action_needed_bluetooth_per",
    "user_action_needed_network", "user_action_needed_notifications",
)  # fmt: skip
MIGRATION_STATUSES = ("N/A", "Pending", "Migrated", "Failed")
APPS_STATUSES = ("patch_required", "up_to_date", "not_applicable")
INSTALLER_TYPES = (
    ".msi", ".exe", ".deb", ".rpm", ".bsx", ".pkg", ".img", "unknown", ".tar", ".zip", ".gz", ".xz",
)  # fmt: skip
RANGER_STATUSES = ("NotApplicable", "Enabled", "Disabled")
THREAT_STATUSES = (
    "mitigated", "blocked", "active", "suspicious", "pending", "suspicious_resolved",
)  # fmt: skip
MITIGATION_MODES = ("detect", "protect")
RSO_LEVELS = ("none", "pro", "ars")

_SORT_BY = """
    createdAt updatedAt id computerName groupId osType osName uuid scanStatus isDecommissioned
    decommissionedAt isUninstalled threatMitigationStatus threatResolved threatContentHash
    threatCreatedAt registeredAt lastActiveDate isActive isPendingUninstall activeThreats isUpToDate
    agentVersion osArch machineType networkStatus domain mitigationMode mitigationModeSuspicious
    encryptedApplications totalMemory cpuCount coreCount externalIp lastLoggedInUserName groupName
    networkInterfacePhysical siteId siteName infected threatRebootRequired consoleMigrationStatus
    appsVulnerabilityStatus accountName externalId installerType rangerVersion operationalState
    remoteProfilingState networkQuarantineEnabled firewallEnabled locationEnabled cloudAccount
    cloudImage cloudInstanceId cloudInstanceSize cloudLocation cloudNetwork cloudProvider
    clusterName kubernetesVersion kubernetesType agentNamespace agentPodName serialNumber cpuId
    fullDiskScanLastUpdatedAt lastSuccessfulScanDate ecsType ecsVersion ecsClusterName ecsTaskArn
    ecsTaskAvailabilityZone ecsServiceName ecsServiceArn ecsTaskDefinitionFamily
    ecsTaskDefinitionRevision ecsTaskDefinitionArn isAdConnector activeProtection pacFileUsage
    proxyMethod console consoleProxyAddress deepVisibility deepVisibilityProxyAddress
"""


def _with_nin(rule: Rule, names: str) -> dict[str, Rule]:
    """The rule for each name and for its negation."""
    return each(rule, names) | each(rule, " ".join(f"{name}Nin" for name in names.split()))


COUNT: dict[str, Rule] = {
    **each(SCOPE_IDS, "siteIds accountIds groupIds"),
    **each(IDENTIFIERS, "filteredGroupIds filteredSiteIds"),
    **_with_nin(IDENTIFIERS, "ids locationIds"),
    **each(IDENTIFIER, "filterId csvFilterId"),
    **each(
        BOOLEANS,
        "isActive isPendingUninstall isUpToDate encryptedApplications threatRebootRequired"
        " networkQuarantineEnabled firewallEnabled locationEnabled isAdConnector isHyperAutomate"
        " hasContainerizedWorkload isDecommissioned isUninstalled",
    ),
    **each(
        BOOLEAN,
        "infected hasLocalConfiguration hasTags threatResolved threatHidden"
        " remoteOpsForensicsSupported",
    ),
    **_with_nin(
        TEXTS,
        "agentVersions rangerVersions storageTypes domains operationalStates"
        " remoteProfilingStates cloudProvider proxyMethod",
    ),
    **each(TEXTS, "pacFileUsage console deepVisibility uuids rsoLevels"),
    **each(
        TEXT,
        "query adQuery tagsData computerName computerName__like uuid threatContentHash gatewayIp",
    ),
    **_with_nin(any_of(OS_ARCHES), "osArches"),
    **_with_nin(any_of(OS_TYPES), "osTypes"),
    **_with_nin(any_of(SCAN_STATUSES), "scanStatuses"),
    **_with_nin(any_of(MACHINE_TYPES), "machineTypes"),
    **_with_nin(any_of(NETWORK_STATUSES), "networkStatuses"),
    **_with_nin(any_of(USER_ACTIONS), "userActionsNeeded"),
    **_with_nin(any_of(MISSING_PERMISSIONS), "missingPermissions"),
    **_with_nin(any_of(MIGRATION_STATUSES), "consoleMigrationStatuses"),
    **_with_nin(any_of(APPS_STATUSES), "appsVulnerabilityStatuses"),
    **_with_nin(any_of(INSTALLER_TYPES), "installerTypes"),
    **_with_nin(any_of(RANGER_STATUSES), "rangerStatuses"),
    "activeProtection": any_of(("edr", "idr")),
    "osArch": one_of(OS_ARCHES),
    "rangerStatus": one_of(RANGER_STATUSES),
    "rsoLevel": one_of(RSO_LEVELS),
    "scanStatus": one_of(SCAN_STATUSES),
    "migrationStatus": one_of(MIGRATION_STATUSES),
    "threatMitigationStatus": one_of(THREAT_STATUSES),
    **each(one_of(MITIGATION_MODES), "mitigationMode mitigationModeSuspicious"),
    **ranges(
        "createdAt updatedAt decommissionedAt registeredAt lastActiveDate lastSuccessfulScanDate"
        " threatCreatedAt"
    ),
    **{
        f"{name}__{comparison}": replace(
            INTEGER, kind="period" if comparison == "between" else "integer"
        )
        for name in ("totalMemory", "coreCount", "cpuCount")
        for comparison in MOMENTS
    },
    **{f"agentVersion__{comparison}": TEXT for comparison in MOMENTS},
    **each(
        INTEGER, "activeThreats activeThreats__gt windowsOsRevision__gte windowsOsRevision__lte"
    ),
    "containerizedWorkloadCounts": TEXT,
    **each(
        parts(10),
        "externalIp__contains computerName__contains networkInterfaceInet__contains"
        " networkInterfacePhysical__contains networkInterfaceGatewayMacAddress__contains"
        " lastLoggedInUserName__contains osVersion__contains adQuery__contains"
        " adUserName__contains adUserMember__contains adUserQuery__contains"
        " adComputerName__contains adComputerMember__contains adComputerQuery__contains"
        " uuid__contains",
    ),
    **{
        f"{name}__contains": parts(255)
        for name in [
            "externalId",
            "awsRole",
            "awsSecurityGroups",
            "awsSubnetIds",
            "agentNamespace",
            "agentPodName",
            "azureResourceGroup",
            "cloudAccount",
            "cloudImage",
            "cloudInstanceId",
            "cloudInstanceSize",
            "cloudLocation",
            "cloudNetwork",
            "cloudTags",
            "clusterName",
            "gcpServiceAccount",
            "k8sNodeLabels",
            "k8sNodeName",
            "k8sType",
            "k8sVersion",
            "liveUpdateId",
            "serialNumber",
            "cpuId",
            "ecsType",
            "ecsVersion",
            "ecsClusterName",
            "ecsTaskArn",
            "ecsTaskAvailabilityZone",
            "ecsServiceName",
            "ecsServiceArn",
            "ecsTaskDefinitionFamily",
            "ecsTaskDefinitionRevision",
            "ecsTaskDefinitionArn",
            "computerNameOrUuid",
        ]
    },
}

LIST: dict[str, Rule] = {**paged(_SORT_BY), **COUNT}
