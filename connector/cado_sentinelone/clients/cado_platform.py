"""Who we are at Cado, and how the platform is."""

from __future__ import annotations

from cado_sentinelone.clients.cado_calls import CadoCalls, read
from cado_sentinelone.clients.cado_records import Licence, Platform, SystemStatus, WhoAmI


class PlatformCalls(CadoCalls):
    """Identity, liveness, deployment and licence (Cado contract 1)."""

    def whoami(self) -> WhoAmI:
        """Whose key it is, its role and permissions. Raises UnauthorizedError."""
        return self.one(WhoAmI, "GET", "/auth/whoami")

    def system_status(self) -> SystemStatus:
        """Whether the platform is up. Raises UnavailableError."""
        return self.one(SystemStatus, "GET", "/system/status")

    def platform(self) -> Platform:
        """How the platform is deployed, and its warnings. Raises ConnectorError."""
        return self.one(Platform, "GET", "/platform")

    def licence(self) -> Licence:
        """The licence's level and expiry. Raises ConnectorError."""
        content = self.call("GET", "/license").get("data")
        return read(
            Licence, content.get("license") if isinstance(content, dict) else None, "/license"
        )
