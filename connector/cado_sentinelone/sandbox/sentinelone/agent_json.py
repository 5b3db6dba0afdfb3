"""Agents as JSON, a thousand of them in less time than a client needs to read them.

An agent is some 3.8 KB with about twenty values of its own. So the text around those values is
prepared once per group and platform, and a page is made by filling values in, not by encoding
dictionaries.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from json.encoder import encode_basestring_ascii as quoted
from operator import itemgetter
from typing import NamedTuple

from cado_sentinelone.sandbox.fleet import Agent, Platform
from cado_sentinelone.sandbox.places import DAY, Group
from cado_sentinelone.sandbox.sentinelone.agent_fields import (
    GATEWAY_IP,
    SAME_FOR_ALL,
    AgentReader,
    last_user,
    mac_address,
    total_memory,
)
from cado_sentinelone.sandbox.world import World

_VALUES: Sequence[str] = [
    "id",
    "uuid",
    "computerName",
    "ip",
    "externalIp",
    "physical",
    "totalMemory",
    "lastActiveDate",
    "registeredAt",
    "updatedAt",
    "isActive",
    "networkStatus",
    "isDecommissioned",
    "isUninstalled",
    "isPendingUninstall",
    "tags",
]
"""What an agent has of its own, in the order of `_values`."""

_HOLE = re.compile(r'"<=(\w+)>"|<(\w+)>')
"""In a prepared text: a whole value, or a part of a text."""


class _Template(NamedTuple):
    text: str
    """With a %s for each hole."""
    values: Callable[[tuple[str, ...]], tuple[str, ...]]
    """Puts an agent's values into the order of the holes."""


class AgentWriter:
    """Writes agents; it keeps the prepared texts of one world."""

    def __init__(self, world: World) -> None:
        """Prepare nothing yet."""
        self._world = world
        self._templates: dict[tuple[Group, Platform], _Template] = {}

    def documents(self, agents: Sequence[Agent], reader: AgentReader) -> list[bytes]:
        """Each agent as a JSON object."""
        return [self._write(agent, reader) for agent in agents]

    def _write(self, agent: Agent, reader: AgentReader) -> bytes:
        key = (agent.group, agent.platform)
        template = self._templates.get(key)
        if template is None:
            template = self._templates[key] = self._prepare(agent.group, agent.platform)
        return (template.text % template.values(self._values(agent, reader))).encode()

    def _values(self, agent: Agent, reader: AgentReader) -> tuple[str, ...]:
        return (
            agent.agent_id,
            agent.uuid,
            quoted(agent.hostname)[1:-1],
            agent.ip_address,
            agent.external_ip,
            mac_address(agent),
            str(total_memory(agent)),
            reader.last_active(agent),
            reader.iso(agent.registered_at),
            reader.iso(agent.registered_at + DAY),
            "true" if agent.is_active else "false",
            agent.network_status,
            "true" if agent.is_decommissioned else "false",
            "true" if agent.is_uninstalled else "false",
            "true" if agent.is_pending_uninstall else "false",
            self._tags(agent) if agent.tags else "[]",
        )

    def _tags(self, agent: Agent) -> str:
        administrator = self._world.sentinelone.users[1]
        return json.dumps(
            [
                {
                    "id": str(int(agent.agent_id) + 1 + number),
                    "key": key,
                    "value": value,
                    "assignedAt": self._world.clock.iso(agent.registered_at + DAY),
                    "assignedBy": administrator.full_name,
                    "assignedById": administrator.user_id,
                }
                for number, (key, value) in enumerate(agent.tags)
            ]
        )

    def _prepare(self, group: Group, platform: Platform) -> _Template:
        text = json.dumps(_example(group, platform, self._world), separators=(",", ":"))
        holes = [whole or part for whole, part in _HOLE.findall(text)]
        return _Template(
            text=_HOLE.sub("%s", text.replace("%", "%%")),
            values=itemgetter(*(_VALUES.index(hole) for hole in holes)),
        )


def _example(group: Group, platform: Platform, world: World) -> Mapping[str, object]:
    """Every field of an agent of this group and platform, with holes (contract, appendix B)."""
    site, account = group.site, group.site.account
    domain = str(SAME_FOR_ALL["domain"]).lower()
    user = last_user("<computerName>")
    started_at = world.clock.iso(world.started_at - 3 * DAY)
    scanned_at = world.clock.iso(world.started_at - 2 * DAY)
    return {
        "id": "<id>",
        "uuid": "<uuid>",
        "computerName": "<computerName>",
        "accountId": account.account_id,
        "accountName": account.name,
        "siteId": site.site_id,
        "siteName": site.name,
        "groupId": group.group_id,
        "groupName": group.name,
        **SAME_FOR_ALL,
        "osType": platform.os_type,
        "osName": platform.os_name,
        "osRevision": platform.os_revision,
        "osUsername": None,
        "osStartTime": started_at,
        "machineType": platform.machine_type,
        "agentVersion": platform.agent_version,
        "installerType": platform.installer_type,
        "totalMemory": "<=totalMemory>",
        "serialNumber": "<uuid>",
        "machineSid": "S-1-5-21-1000000001-2000000002-3000000003",
        "externalIp": "<externalIp>",
        "groupIp": GATEWAY_IP,
        "lastIpToMgmt": "<ip>",
        "isActive": "<=isActive>",
        "isDecommissioned": "<=isDecommissioned>",
        "isUninstalled": "<=isUninstalled>",
        "isPendingUninstall": "<=isPendingUninstall>",
        "networkStatus": "<networkStatus>",
        "lastActiveDate": "<lastActiveDate>",
        "createdAt": "<registeredAt>",
        "registeredAt": "<registeredAt>",
        "updatedAt": "<updatedAt>",
        "groupUpdatedAt": None,
        "policyUpdatedAt": None,
        "firstFullModeTime": "<registeredAt>",
        "scanStartedAt": started_at,
        "scanFinishedAt": scanned_at,
        "lastSuccessfulScanDate": scanned_at,
        "fullDiskScanLastUpdatedAt": scanned_at,
        "lastLoggedInUserName": user,
        "activeDirectory": {
            "computerDistinguishedName": f"CN=<computerName>,OU={site.name},DC={domain}",
            "computerMemberOf": _directory(
                ("Domain Computers", "Managed devices", "Patch ring 2"), domain
            ),
            "lastUserDistinguishedName": f"CN={user},OU=Users,OU={site.name},DC={domain}",
            "lastUserMemberOf": _directory(
                ("Domain Users", "VPN users", "Office", "Printing", "Wiki"), domain
            ),
            "mail": f"{user}@example.com",
            "userPrincipalName": f"{user}@example.com",
        },
        "networkInterfaces": [
            {
                "id": "<id>",
                "name": "Ethernet",
                "physical": "<physical>",
                "inet": ["<ip>"],
                "inet6": ["fe80::1"],
                "gatewayIp": GATEWAY_IP,
                "gatewayMacAddress": "52:54:00:00:00:01",
            },
            {
                "id": "<id>",
                "name": "Loopback Pseudo-Interface 1",
                "physical": "00:00:00:00:00:00",
                "inet": ["127.0.0.1"],
                "inet6": ["::1"],
                "gatewayIp": None,
                "gatewayMacAddress": None,
            },
        ],
        "proxyStates": {
            "console": False,
            "consoleProxyAddress": None,
            "deepVisibility": False,
            "deepVisibilityProxyAddress": None,
            "pacFileUsage": False,
            "proxyMethod": "none",
        },
        "tags": {"sentinelone": "<=tags>"},
    }


def _directory(names: Sequence[str], domain: str) -> list[str]:
    return [f"CN={name},OU=Groups,DC={domain}" for name in names]
