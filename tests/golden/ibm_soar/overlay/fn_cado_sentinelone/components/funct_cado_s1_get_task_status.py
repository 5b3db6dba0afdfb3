# -*- coding: utf-8 -*-
"""Follow a collection to its evidence and say where it is."""

from cado_sentinelone_manifests.ibm_soar.presenter import result
from resilient_circuits import AppFunctionComponent, FunctionResult, app_function

PACKAGE_NAME = "fn_cado_sentinelone"
FN_NAME = "cado_s1_get_task_status"
NAMES = {'collection_id': 'cado_s1_collection_id',
 'pipeline_id': 'cado_s1_pipeline_id',
 'parent_task_id': 'cado_s1_parent_task_id',
 'wait_seconds': 'cado_s1_wait_seconds'}


class FunctionComponent(AppFunctionComponent):
    """Component that implements function 'cado_s1_get_task_status'"""

    def __init__(self, opts):
        super(FunctionComponent, self).__init__(opts, PACKAGE_NAME)

    @app_function(FN_NAME)
    def _app_function(self, fn_inputs):
        yield self.status_message("Get task status")
        section = self.opts.get(PACKAGE_NAME, {})
        outcome, reason = result("get_task_status", section, fn_inputs._asdict(), NAMES)
        if reason:
            yield self.status_message(reason)
            yield FunctionResult(outcome, success=False, reason=reason)
        else:
            yield self.status_message(outcome["message"])
            yield FunctionResult(outcome)
