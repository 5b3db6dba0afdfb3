"""The asset that points the connector at a sandbox."""

SENTINELONE_TOKEN = "sandbox-sentinelone-collector"  # noqa: S105
CADO_API_KEY = "sandbox-cado-key"
CADO_ACCOUNT_NAME = "sandbox-acme"


def sandbox_asset(url: str) -> dict[str, object]:
    """The asset for the sandbox at this base URL; its secrets open nothing but a sandbox."""
    return {
        "sentinelone_url": url,
        "sentinelone_token": SENTINELONE_TOKEN,
        "cado_url": url,
        "cado_api_key": CADO_API_KEY,
        "cado_account_name": CADO_ACCOUNT_NAME,
        "allow_private_addresses": True,
    }
