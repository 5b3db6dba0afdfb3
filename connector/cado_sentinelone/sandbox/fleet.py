"""The endpoints of the world: compact records, a hundred thousand of them in about a second."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from cado_sentinelone.sandbox.places import DAY, Account, Group, Site


@dataclass(frozen=True, slots=True, eq=False)
class Platform:
    """What endpoints of one kind have in common."""

    os_type: str
    os_name: str
    os_revision: str
    machine_type: str
    agent_version: str
    installer_type: str
    host_prefix: str
    rso_level: str
    share: int


WORKSTATION = Platform(
    "windows", "Windows 11 Enterprise", "22631", "desktop", "24.1.4.257", ".msi", "ws", "ars", 34
)
WINDOWS_SERVER = Platform(
    "windows", "Windows Server 2022 Standard", "20348", "server", "24.1.4.257", ".exe", "srv",
    "ars", 14,
)  # fmt: skip
LAPTOP = Platform(
    "windows", "Windows 10 Pro", "19045", "laptop", "23.4.4.223", ".msi", "lt", "pro", 22
)
UBUNTU = Platform(
    "linux", "Linux", "Ubuntu 22.04.4 LTS 5.15.0-101-generic", "server", "23.4.2.14", ".deb",
    "lnx", "ars", 14,
)  # fmt: skip
RED_HAT = Platform(
    "linux", "Linux", "Red Hat Enterprise Linux 8.9 4.18.0-513.el8.x86_64", "server",
    "23.4.2.14", ".rpm", "rhel", "pro", 6,
)  # fmt: skip
MAC = Platform(
    "macos", "macOS", "14.4.1 (23E224)", "laptop", "23.4.1.7125", ".pkg", "mac", "pro", 8
)
LEGACY = Platform(
    "windows_legacy", "Windows XP", "2600", "desktop", "2.6.4.6110", ".exe", "xp", "none", 2
)
PLATFORMS = (WORKSTATION, WINDOWS_SERVER, LAPTOP, UBUNTU, RED_HAT, MAC, LEGACY)


@dataclass(slots=True)
class Agent:
    """One endpoint. What its console shows and nothing here holds is derived from `bits`."""

    agent_id: str
    uuid: str
    hostname: str
    platform: Platform
    group: Group
    ip_address: str
    external_ip: str
    registered_at: float
    """When the agent was installed, epoch seconds."""
    last_seen: float
    """When an offline agent was last seen, epoch seconds."""
    lag_seconds: int
    """How long before now an online agent was last seen."""
    bits: int
    """64 seeded random bits."""
    rso_level: str
    is_active: bool = True
    network_status: str = "connected"
    is_decommissioned: bool = False
    is_uninstalled: bool = False
    is_pending_uninstall: bool = False
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def os_type(self) -> str:
        """`windows`, `windows_legacy`, `linux` or `macos`."""
        return self.platform.os_type

    @property
    def os_name(self) -> str:
        """The operating system as a person calls it."""
        return self.platform.os_name

    @property
    def os_revision(self) -> str:
        """Build or distribution, with the kernel on Linux."""
        return self.platform.os_revision

    @property
    def agent_version(self) -> str:
        """Version of the SentinelOne agent."""
        return self.platform.agent_version

    @property
    def group_id(self) -> str:
        """The group the agent is in."""
        return self.group.group_id

    @property
    def site_id(self) -> str:
        """The site the agent is in."""
        return self.group.site.site_id

    @property
    def account_id(self) -> str:
        """The account the agent is in."""
        return self.group.site.account.account_id

    def last_active_at(self, now: float) -> float:
        """When the agent was last seen: it follows the clock as long as the agent is online."""
        return now - self.lag_seconds if self.is_active else self.last_seen


def hostname(platform: Platform, site: Site, number: int) -> str:
    """The name that the fleet's naming scheme gives an endpoint."""
    return f"{platform.host_prefix}-{site.plan.code}-{number:05d}"


_FEW_GROUPS = 40


def build_agents(
    rng: Random, account: Account, count: int, first: int, now: float
) -> Iterator[Agent]:
    """`count` agents spread over the account's groups, the first of them numbered `first`."""
    groups = [group for site in account.sites for group in site.groups]
    shares = [group.site.plan.share for group in groups]
    shift, lots = 0, 1024
    groups_by_lot = rng.choices(groups, shares, k=lots)
    if len(groups) > _FEW_GROUPS:
        # Each of many gets some lots as well; all else about the endpoints stays what it is.
        shift, lots = 50, 8192
        groups_by_lot = Random(len(groups)).choices(groups, shares, k=lots)  # noqa: S311
    platforms = [platform for platform in PLATFORMS for _ in range(platform.share)]
    for number in range(first, first + count):
        bits = rng.getrandbits(64)
        group = groups_by_lot[bits >> shift & lots - 1]
        platform = platforms[(bits >> 10) % len(platforms)]
        is_active = (bits >> 32) % 8 != 0
        yield Agent(
            agent_id=str(1_900_000_000_000_000_000 + number * 7_340_033_009 + (bits >> 34)),
            uuid=f"{bits >> 32:08x}-{bits & 0xFFFF:04x}-{number >> 16:04x}"
            f"-{number & 0xFFFF:04x}-{bits >> 16 & 0xFFFFFFFFFFFF:012x}",
            hostname=hostname(platform, group.site, number),
            platform=platform,
            group=group,
            ip_address=f"10.{number // 65_024}.{number // 254 % 256}.{number % 254 + 1}",
            external_ip=group.site.external_ip,
            # Roll-outs come in waves, so few moments are distinct and each is written out once.
            registered_at=now - (700 - 600 * (number - first) // count) * DAY,
            last_seen=now - (1 + (bits >> 20) % 60) * DAY,
            lag_seconds=(bits >> 26) % 60,
            bits=bits,
            rso_level=platform.rso_level,
            is_active=is_active,
            is_decommissioned=not is_active and (bits >> 36) % 12 == 0,
        )
