# -*- coding: utf-8 -*-
"""Collect forensic evidence from an endpoint into a Cado investigation."""

from cado_sentinelone_manifests.ibm_soar.presenter import result
from resilient_circuits import AppFunctionComponent, FunctionResult, app_function

PACKAGE_NAME = "fn_cado_sentinelone"
FN_NAME = "cado_s1_run_collection"
NAMES = {'endpoint': 'cado_s1_endpoint',
 'investigation': 'cado_s1_investigation',
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
 'wait_for_endpoint_hours': 'cado_s1_wait_for_endpoint_hours',
 'requested_by': 'cado_s1_requested_by',
 'reason': 'cado_s1_reason',
 'dedupe_key': 'cado_s1_dedupe_key',
 'allow_repeat': 'cado_s1_allow_repeat',
 'dry_run': 'cado_s1_dry_run',
 'wait_seconds': 'cado_s1_wait_seconds'}


class FunctionComponent(AppFunctionComponent):
    """Component that implements function 'cado_s1_run_collection'"""

    def __init__(self, opts):
        super(FunctionComponent, self).__init__(opts, PACKAGE_NAME)

    @app_function(FN_NAME)
    def _app_function(self, fn_inputs):
        yield self.status_message("Run collection")
        section = self.opts.get(PACKAGE_NAME, {})
        outcome, reason = result("run_collection", section, fn_inputs._asdict(), NAMES)
        if reason:
            yield self.status_message(reason)
            yield FunctionResult(outcome, success=False, reason=reason)
        else:
            yield self.status_message(outcome["message"])
            yield FunctionResult(outcome)
