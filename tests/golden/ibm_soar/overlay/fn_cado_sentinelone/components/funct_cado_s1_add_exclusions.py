# -*- coding: utf-8 -*-
"""Exclude Cado Host's three paths, so that the agent does not stop a collection."""

from cado_sentinelone_manifests.ibm_soar.presenter import result
from resilient_circuits import AppFunctionComponent, FunctionResult, app_function

PACKAGE_NAME = "fn_cado_sentinelone"
FN_NAME = "cado_s1_add_exclusions"
NAMES = {'scope': 'cado_s1_scope',
 'scope_ids': 'cado_s1_scope_ids',
 'os': 'cado_s1_add_exclusions_os',
 'mode': 'cado_s1_mode',
 'dry_run': 'cado_s1_dry_run'}


class FunctionComponent(AppFunctionComponent):
    """Component that implements function 'cado_s1_add_exclusions'"""

    def __init__(self, opts):
        super(FunctionComponent, self).__init__(opts, PACKAGE_NAME)

    @app_function(FN_NAME)
    def _app_function(self, fn_inputs):
        yield self.status_message("Add exclusions")
        section = self.opts.get(PACKAGE_NAME, {})
        outcome, reason = result("add_exclusions", section, fn_inputs._asdict(), NAMES)
        if reason:
            yield self.status_message(reason)
            yield FunctionResult(outcome, success=False, reason=reason)
        else:
            yield self.status_message(outcome["message"])
            yield FunctionResult(outcome)
