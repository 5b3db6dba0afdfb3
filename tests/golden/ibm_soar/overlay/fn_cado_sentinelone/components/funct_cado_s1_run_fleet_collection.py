# -*- coding: utf-8 -*-
"""Collect from a whole selection of endpoints, carefully; plan it first."""

from cado_sentinelone_manifests.ibm_soar.presenter import result
from resilient_circuits import AppFunctionComponent, FunctionResult, app_function

PACKAGE_NAME = "fn_cado_sentinelone"
FN_NAME = "cado_s1_run_fleet_collection"
NAMES = {'investigation': 'cado_s1_investigation',
 'agent_ids': 'cado_s1_agent_ids',
 'hostname_contains': 'cado_s1_hostname_contains',
 'os': 'cado_s1_run_fleet_collection_os',
 'site_ids': 'cado_s1_site_ids',
 'online_only': 'cado_s1_online_only',
 'query': 'cado_s1_query',
 'via': 'cado_s1_via',
 'profile': 'cado_s1_profile',
 'groups': 'cado_s1_groups',
 'additional_files': 'cado_s1_additional_files',
 'additional_files_only': 'cado_s1_additional_files_only',
 'skip_scan': 'cado_s1_skip_scan',
 'include_memory': 'cado_s1_include_memory',
 'drive_letter': 'cado_s1_drive_letter',
 'collector_url': 'cado_s1_collector_url',
 'collector_sha256': 'cado_s1_collector_sha256',
 'requested_by': 'cado_s1_requested_by',
 'reason': 'cado_s1_reason',
 'canary': 'cado_s1_canary',
 'start_rate_per_minute': 'cado_s1_start_rate_per_minute',
 'most_rate_per_minute': 'cado_s1_most_rate_per_minute',
 'most_at_once': 'cado_s1_most_at_once',
 'most_per_site': 'cado_s1_most_per_site',
 'pause_at_failures': 'cado_s1_pause_at_failures',
 'pause_at_throttled': 'cado_s1_pause_at_throttled',
 'retries': 'cado_s1_retries',
 'retry_after_minutes': 'cado_s1_retry_after_minutes',
 'window': 'cado_s1_window',
 'expires_after_hours': 'cado_s1_expires_after_hours',
 'confirm_digest': 'cado_s1_confirm_digest',
 'dry_run': 'cado_s1_dry_run'}


class FunctionComponent(AppFunctionComponent):
    """Component that implements function 'cado_s1_run_fleet_collection'"""

    def __init__(self, opts):
        super(FunctionComponent, self).__init__(opts, PACKAGE_NAME)

    @app_function(FN_NAME)
    def _app_function(self, fn_inputs):
        yield self.status_message("Run fleet collection")
        section = self.opts.get(PACKAGE_NAME, {})
        outcome, reason = result("run_fleet_collection", section, fn_inputs._asdict(), NAMES)
        if reason:
            yield self.status_message(reason)
            yield FunctionResult(outcome, success=False, reason=reason)
        else:
            yield self.status_message(outcome["message"])
            yield FunctionResult(outcome)
