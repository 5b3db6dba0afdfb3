"""What the API shows of an agent, and reading it by its names there, for filters and sorting."""

from collections.abc import Callable, Mapping

from cado_sentinelone.sandbox.clock import Clock
from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.places import DAY

SAME_FOR_ALL: Mapping[str, object] = {
    "activeThreats": 0,
    "activeProtection": ["edr"],
    "allowRemoteShell": True,
    "appsVulnerabilityStatus": "up_to_date",
    "consoleMigrationStatus": "N/A",
    "containerizedWorkloadCounts": None,
    "cloudProviders": {},
    "cpuCount": 1,
    "coreCount": 8,
    "detectionState": "full_mode",
    "domain": "WORKGROUP",
    "encryptedApplications": False,
    "externalId": "",
    "firewallEnabled": True,
    "hasContainerizedWorkload": False,
    "inRemoteShellSession": False,
    "infected": False,
    "isAdConnector": False,
    "isHyperAutomate": False,
    "isUpToDate": True,
    "licenseKey": "",
    "locationEnabled": True,
    "locationType": "fallback",
    "locations": None,
    "missingPermissions": [],
    "mitigationMode": "protect",
    "mitigationModeSuspicious": "detect",
    "networkQuarantineEnabled": False,
    "operationalState": "na",
    "operationalStateExpiration": None,
    "osArch": "64 bit",
    "rangerStatus": "Enabled",
    "rangerVersion": "24.1.0.12",
    "remoteProfilingState": "disabled",
    "remoteProfilingStateExpiration": None,
    "scanAbortedAt": None,
    "scanStatus": "finished",
    "showAlertIcon": False,
    "storageName": None,
    "storageType": None,
    "threatRebootRequired": False,
    "userActionsNeeded": [],
    "cpuId": "13th Gen Intel(R) Core(TM) i7-1355U",
    "modelName": "Standard PC (Q35 + ICH9, 2009)",
}
"""The fields that no two agents of this world differ in."""

ALIASES: Mapping[str, str] = {
    "agentVersions": "agentVersion",
    "appsVulnerabilityStatuses": "appsVulnerabilityStatus",
    "consoleMigrationStatuses": "consoleMigrationStatus",
    "domains": "domain",
    "filteredGroupIds": "groupId",
    "filteredSiteIds": "siteId",
    "gatewayIp": "networkInterfaceGatewayIp",
    "ids": "id",
    "installerTypes": "installerType",
    "locationIds": "locations",
    "machineTypes": "machineType",
    "migrationStatus": "consoleMigrationStatus",
    "networkStatuses": "networkStatus",
    "operationalStates": "operationalState",
    "osArches": "osArch",
    "osTypes": "osType",
    "osVersion": "osRevision",
    "rangerStatuses": "rangerStatus",
    "rangerVersions": "rangerVersion",
    "remoteProfilingStates": "remoteProfilingState",
    "rsoLevels": "rsoLevel",
    "scanStatuses": "scanStatus",
    "storageTypes": "storageType",
    "uuids": "uuid",
}
"""The field behind a filter whose name is not the field's own."""

GATEWAY_IP = "10.255.255.254"


def mac_address(agent: Agent) -> str:
    """The physical address of the agent's interface."""
    low = agent.bits
    return f"52:54:00:{low & 255:02X}:{low >> 8 & 255:02X}:{low >> 16 & 255:02X}"


def last_user(hostname: str) -> str:
    """The account that logged in last."""
    return f"user-{hostname}"


def total_memory(agent: Agent) -> int:
    """Megabytes of memory."""
    return 8192 << (agent.bits >> 5 & 3)


_READ: Mapping[str, Callable[[Agent], object]] = {
    "id": lambda agent: agent.agent_id,
    "uuid": lambda agent: agent.uuid,
    "computerName": lambda agent: agent.hostname,
    "computerNameOrUuid": lambda agent: (agent.hostname, agent.uuid),
    "accountId": lambda agent: agent.account_id,
    "accountName": lambda agent: agent.group.site.account.name,
    "siteId": lambda agent: agent.site_id,
    "siteName": lambda agent: agent.group.site.name,
    "groupId": lambda agent: agent.group_id,
    "groupName": lambda agent: agent.group.name,
    "osType": lambda agent: agent.os_type,
    "osName": lambda agent: agent.os_name,
    "osRevision": lambda agent: agent.os_revision,
    "windowsOsRevision": lambda agent: (
        int(agent.os_revision) if agent.os_revision.isdigit() else None
    ),
    "machineType": lambda agent: agent.platform.machine_type,
    "installerType": lambda agent: agent.platform.installer_type,
    "agentVersion": lambda agent: agent.agent_version,
    "isActive": lambda agent: agent.is_active,
    "isDecommissioned": lambda agent: agent.is_decommissioned,
    "isUninstalled": lambda agent: agent.is_uninstalled,
    "isPendingUninstall": lambda agent: agent.is_pending_uninstall,
    "networkStatus": lambda agent: agent.network_status,
    "rsoLevel": lambda agent: agent.rso_level,
    "remoteOpsForensicsSupported": lambda agent: agent.rso_level != "none",
    "hasTags": lambda agent: bool(agent.tags),
    "externalIp": lambda agent: agent.external_ip,
    "networkInterfaceInet": lambda agent: agent.ip_address,
    "networkInterfacePhysical": mac_address,
    "networkInterfaceGatewayIp": lambda _: GATEWAY_IP,
    "serialNumber": lambda agent: agent.uuid,
    "lastLoggedInUserName": lambda agent: last_user(agent.hostname),
    "totalMemory": total_memory,
    "hasLocalConfiguration": lambda _: False,
    "pacFileUsage": lambda _: "false",
    "console": lambda _: "false",
    "deepVisibility": lambda _: "false",
}


class AgentReader:
    """Reads agents at one moment; moments as the API writes them, each written out once."""

    def __init__(self, now: float) -> None:
        """Read as of `now`, epoch seconds."""
        self._now = now
        self._written: dict[float, str] = {}
        self._moments: Mapping[str, Callable[[Agent], float]] = {
            "lastActiveDate": lambda agent: agent.last_active_at(now),
            "createdAt": lambda agent: agent.registered_at,
            "registeredAt": lambda agent: agent.registered_at,
            "updatedAt": lambda agent: agent.registered_at + DAY,
        }

    def __call__(self, agent: Agent, name: str) -> object:
        """The field; None where no agent of this world has it."""
        if read := _READ.get(name):
            return read(agent)
        if moment := self._moments.get(name):
            return self.iso(moment(agent))
        return SAME_FOR_ALL.get(name)

    def last_active(self, agent: Agent) -> str:
        """When the agent was last seen."""
        return self.iso(agent.last_active_at(self._now))

    def iso(self, moment: float) -> str:
        """The moment as the API writes it."""
        text = self._written.get(moment)
        if text is None:
            text = self._written[moment] = Clock.iso(moment)
        return text
