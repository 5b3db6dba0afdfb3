"""The asset: where the two vendors are and how to reach them."""

from __future__ import annotations

from typing import Self

from pydantic import Field, SecretStr, model_validator

from cado_sentinelone.models.form import Form
from cado_sentinelone.plain import require
from cado_sentinelone.urls import check_asset_urls


class Asset(Form):
    """One tenant's connection settings, flat as SOAR asset forms are.

    Every field has a default so that an action may ask for the half that it uses; `require`
    names what is missing. Immutable; the two secrets never appear in a repr.
    """

    sentinelone_url: str = Field(
        "",
        description="Base URL of the SentinelOne console.",
        examples=["https://acme.sentinelone.net"],
    )
    sentinelone_token: SecretStr = Field(
        SecretStr(""),
        description="API token of a SentinelOne service user with account or global scope.",
    )
    cado_url: str = Field(
        "", description="Base URL of the Cado platform.", examples=["https://cado.example.com"]
    )
    cado_api_key: SecretStr = Field(
        SecretStr(""), description="Cado API key: the secret key shown once under Settings > API."
    )
    cado_account_name: str = Field(
        "", description="Alias of the SentinelOne account inside Cado (Settings > Accounts)."
    )
    account_ids: tuple[str, ...] = Field(
        (), description="SentinelOne account ids; when set, no request leaves without them."
    )
    site_ids: tuple[str, ...] = Field(
        (), description="SentinelOne site ids; when set, no request leaves without them."
    )
    verify_tls: bool = Field(True, description="Verify the TLS certificates of both vendors.")
    ca_bundle: str = Field("", description="File with the private CA certificates, PEM.")
    proxy_url: SecretStr = Field(
        SecretStr(""), description="HTTP proxy for all calls; may carry a user and password."
    )
    allow_private_addresses: bool = Field(
        False, description="Allow loopback, link-local and private base URLs."
    )
    use_private_api: bool = Field(
        False,
        description="Allow calls that SentinelOne does not publish: cancelling a task that was not "
        "sent yet, and finding a task whose id was lost.",
    )
    timeout_seconds: float = Field(
        30, gt=0, le=600, description="Longest time for one call to a vendor, in seconds."
    )
    total_timeout_seconds: float = Field(
        300,
        gt=0,
        le=86400,
        description="Longest time for one action without its waiting, in seconds.",
    )
    ledger_url: SecretStr = Field(
        SecretStr(""),
        description="Where the ledger is: sqlite:///path or postgresql://user@host/database; empty "
        "means a file in the user's state directory.",
    )

    @model_validator(mode="after")
    def _urls(self) -> Self:
        check_asset_urls(self)
        return self

    def require(self, *names: str) -> None:
        """Raises AssetError that names every one of `names` that is empty."""
        require(self, *names)
