"""What an asset holds, without its model (see plain.py).

Written by packaging/write_index.py from the model; `make index` renews it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ASSET: dict[str, Any] = {
    "additionalProperties": False,
    "properties": {
        "sentinelone_url": {
            "default": "",
            "description": "Base URL of the SentinelOne console.",
            "examples": [
                "https://acme.sentinelone.net",
            ],
            "type": "string",
        },
        "sentinelone_token": {
            "default": "",
            "description": "API token of a SentinelOne service user with account or global scope.",
            "format": "password",
            "type": "string",
            "writeOnly": True,
        },
        "cado_url": {
            "default": "",
            "description": "Base URL of the Cado platform.",
            "examples": [
                "https://cado.example.com",
            ],
            "type": "string",
        },
        "cado_api_key": {
            "default": "",
            "description": "Cado API key: the secret key shown once under Settings > API.",
            "format": "password",
            "type": "string",
            "writeOnly": True,
        },
        "cado_account_name": {
            "default": "",
            "description": "Alias of the SentinelOne account inside Cado (Settings > Accounts).",
            "type": "string",
        },
        "account_ids": {
            "default": [],
            "description": "SentinelOne account ids; when set, no request leaves without them.",
            "items": {
                "type": "string",
            },
            "type": "array",
        },
        "site_ids": {
            "default": [],
            "description": "SentinelOne site ids; when set, no request leaves without them.",
            "items": {
                "type": "string",
            },
            "type": "array",
        },
        "verify_tls": {
            "default": True,
            "description": "Verify the TLS certificates of both vendors.",
            "type": "boolean",
        },
        "ca_bundle": {
            "default": "",
            "description": "File with the private CA certificates, PEM.",
            "type": "string",
        },
        "proxy_url": {
            "default": "",
            "description": "HTTP proxy for all calls; may carry a user and password.",
            "format": "password",
            "type": "string",
            "writeOnly": True,
        },
        "allow_private_addresses": {
            "default": False,
            "description": "Allow loopback, link-local and private base URLs.",
            "type": "boolean",
        },
        "use_private_api": {
            "default": False,
            "description": "Allow calls that SentinelOne does not publish: cancelling a task that was not sent yet, and finding a task whose id was lost.",
            "type": "boolean",
        },
        "timeout_seconds": {
            "default": 30,
            "description": "Longest time for one call to a vendor, in seconds.",
            "exclusiveMinimum": 0,
            "maximum": 600,
            "type": "number",
        },
        "total_timeout_seconds": {
            "default": 300,
            "description": "Longest time for one action without its waiting, in seconds.",
            "exclusiveMinimum": 0,
            "maximum": 86400,
            "type": "number",
        },
        "ledger_url": {
            "default": "",
            "description": "Where the ledger is: sqlite:///path or postgresql://user@host/database; empty means a file in the user's state directory.",
            "format": "password",
            "type": "string",
            "writeOnly": True,
        },
    },
    "type": "object",
}
