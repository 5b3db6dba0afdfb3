from __future__ import annotations

from cado_sentinelone_manifests.google_secops.presenter import run
from soar_sdk.ScriptResult import (
    EXECUTION_STATE_COMPLETED,
    EXECUTION_STATE_FAILED,
)
from soar_sdk.SiemplifyAction import SiemplifyAction
from soar_sdk.SiemplifyUtils import output_handler

SETTINGS = {'sentinelone_url': 'SentinelOne URL',
 'sentinelone_token': 'SentinelOne token',
 'cado_url': 'Cado URL',
 'cado_api_key': 'Cado API key',
 'cado_account_name': 'Cado account name',
 'account_ids': 'Account IDs',
 'site_ids': 'Site IDs',
 'verify_tls': 'Verify SSL',
 'ca_bundle': 'CA bundle',
 'proxy_url': 'Proxy URL',
 'allow_private_addresses': 'Allow private addresses',
 'use_private_api': 'Use private API',
 'timeout_seconds': 'Timeout seconds',
 'total_timeout_seconds': 'Total timeout seconds',
 'ledger_url': 'Ledger URL'}
PARAMETERS = {'fleet_id': 'Fleet ID', 'state': 'State'}
STATES = {
    "completed": EXECUTION_STATE_COMPLETED,
    "failed": EXECUTION_STATE_FAILED,
}


@output_handler
def main() -> None:
    siemplify = SiemplifyAction()
    siemplify.script_name = 'CadoSentinelOne - Retry fleet collection'
    run(siemplify, 'retry_fleet_collection', SETTINGS, PARAMETERS, STATES)


if __name__ == "__main__":
    main()
