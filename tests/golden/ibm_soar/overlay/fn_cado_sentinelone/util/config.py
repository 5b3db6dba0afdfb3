# -*- coding: utf-8 -*-
"""The app's section of app.config."""


def config_section_data():
    return u"""[fn_cado_sentinelone]
# Base URL of the SentinelOne console.
sentinelone_url=https://acme.sentinelone.net
# API token of a SentinelOne service user with account or global scope.
sentinelone_token=$SENTINELONE_TOKEN
# Base URL of the Cado platform.
cado_url=https://cado.example.com
# Cado API key: the secret key shown once under Settings > API.
cado_api_key=$CADO_API_KEY
# Alias of the SentinelOne account inside Cado (Settings > Accounts).
cado_account_name=
# SentinelOne account ids; when set, no request leaves without them.
#account_ids=
# SentinelOne site ids; when set, no request leaves without them.
#site_ids=
# Verify the TLS certificates of both vendors.
#verify_tls=true
# File with the private CA certificates, PEM.
#ca_bundle=
# HTTP proxy for all calls; may carry a user and password.
#proxy_url=
# Allow loopback, link-local and private base URLs.
#allow_private_addresses=false
# Allow calls that SentinelOne does not publish: cancelling a task that was not sent yet, and finding a task whose id was lost.
#use_private_api=false
# Longest time for one call to a vendor, in seconds.
#timeout_seconds=30
# Longest time for one action without its waiting, in seconds.
#total_timeout_seconds=300
# Where the ledger is: sqlite:///path or postgresql://user@host/database; empty means a file in the user's state directory.
#ledger_url=
"""
