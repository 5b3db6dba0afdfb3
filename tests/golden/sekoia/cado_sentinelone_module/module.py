"""The module and its configuration: the asset of cado-sentinelone."""

from pydantic import BaseModel
from sekoia_automation.module import Module


class Configuration(BaseModel):
    """What is not filled in is left to the asset's own default."""

    sentinelone_url: str | None = None
    sentinelone_token: str | None = None
    cado_url: str | None = None
    cado_api_key: str | None = None
    cado_account_name: str | None = None
    account_ids: list[str] | str | None = None
    site_ids: list[str] | str | None = None
    verify_tls: bool | None = None
    ca_bundle: str | None = None
    proxy_url: str | None = None
    allow_private_addresses: bool | None = None
    use_private_api: bool | None = None
    timeout_seconds: float | None = None
    total_timeout_seconds: float | None = None
    ledger_url: str | None = None


class CadoSentinelOneModule(Module):
    """Holds the configuration for every action."""

    configuration: Configuration
