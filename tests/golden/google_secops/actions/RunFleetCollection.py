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
PARAMETERS = {'investigation': 'Investigation',
 'agent_ids': 'Agent IDs',
 'hostname_contains': 'Hostname contains',
 'os': 'OS',
 'site_ids': 'Site IDs',
 'online_only': 'Online only',
 'query': 'Query',
 'via': 'Via',
 'profile': 'Profile',
 'groups': 'Groups',
 'additional_files': 'Additional files',
 'additional_files_only': 'Additional files only',
 'skip_scan': 'Skip scan',
 'include_memory': 'Include memory',
 'drive_letter': 'Drive letter',
 'collector_url': 'Collector URL',
 'collector_sha256': 'Collector SHA-256',
 'requested_by': 'Requested by',
 'reason': 'Reason',
 'canary': 'Canary',
 'start_rate_per_minute': 'Start rate per minute',
 'most_rate_per_minute': 'Most rate per minute',
 'most_at_once': 'Most at once',
 'most_per_site': 'Most per site',
 'pause_at_failures': 'Pause at failures',
 'pause_at_throttled': 'Pause at throttled',
 'retries': 'Retries',
 'retry_after_minutes': 'Retry after minutes',
 'window': 'Window',
 'expires_after_hours': 'Expires after hours',
 'confirm_digest': 'Confirm digest',
 'dry_run': 'Dry run'}
STATES = {
    "completed": EXECUTION_STATE_COMPLETED,
    "failed": EXECUTION_STATE_FAILED,
}


@output_handler
def main() -> None:
    siemplify = SiemplifyAction()
    siemplify.script_name = 'CadoSentinelOne - Run fleet collection'
    run(siemplify, 'run_fleet_collection', SETTINGS, PARAMETERS, STATES)


if __name__ == "__main__":
    main()
