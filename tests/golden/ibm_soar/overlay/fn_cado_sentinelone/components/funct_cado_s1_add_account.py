# -*- coding: utf-8 -*-
"""Give Cado a SentinelOne account, and have it checked."""

from cado_sentinelone_manifests.ibm_soar.presenter import result
from resilient_circuits import AppFunctionComponent, FunctionResult, app_function

PACKAGE_NAME = "fn_cado_sentinelone"
FN_NAME = "cado_s1_add_account"
NAMES = {'name': 'cado_s1_name',
 'endpoint': 'cado_s1_endpoint',
 'token': 'cado_s1_token',
 'check': 'cado_s1_check',
 'wait_seconds': 'cado_s1_wait_seconds'}


class FunctionComponent(AppFunctionComponent):
    """Component that implements function 'cado_s1_add_account'"""

    def __init__(self, opts):
        super(FunctionComponent, self).__init__(opts, PACKAGE_NAME)

    @app_function(FN_NAME)
    def _app_function(self, fn_inputs):
        yield self.status_message("Add account")
        section = self.opts.get(PACKAGE_NAME, {})
        outcome, reason = result("add_account", section, fn_inputs._asdict(), NAMES)
        if reason:
            yield self.status_message(reason)
            yield FunctionResult(outcome, success=False, reason=reason)
        else:
            yield self.status_message(outcome["message"])
            yield FunctionResult(outcome)
