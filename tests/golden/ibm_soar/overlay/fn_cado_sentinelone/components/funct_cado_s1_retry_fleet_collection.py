# -*- coding: utf-8 -*-
"""Collect again from endpoints of a fleet collection that failed."""

from cado_sentinelone_manifests.ibm_soar.presenter import result
from resilient_circuits import AppFunctionComponent, FunctionResult, app_function

PACKAGE_NAME = "fn_cado_sentinelone"
FN_NAME = "cado_s1_retry_fleet_collection"
NAMES = {'fleet_id': 'cado_s1_fleet_id', 'state': 'cado_s1_state'}


class FunctionComponent(AppFunctionComponent):
    """Component that implements function 'cado_s1_retry_fleet_collection'"""

    def __init__(self, opts):
        super(FunctionComponent, self).__init__(opts, PACKAGE_NAME)

    @app_function(FN_NAME)
    def _app_function(self, fn_inputs):
        yield self.status_message("Retry fleet collection")
        section = self.opts.get(PACKAGE_NAME, {})
        outcome, reason = result("retry_fleet_collection", section, fn_inputs._asdict(), NAMES)
        if reason:
            yield self.status_message(reason)
            yield FunctionResult(outcome, success=False, reason=reason)
        else:
            yield self.status_message(outcome["message"])
            yield FunctionResult(outcome)
