# -*- coding: utf-8 -*-
"""The hash-chained record of a collection, and whether it verifies."""

from cado_sentinelone_manifests.ibm_soar.presenter import result
from resilient_circuits import AppFunctionComponent, FunctionResult, app_function

PACKAGE_NAME = "fn_cado_sentinelone"
FN_NAME = "cado_s1_get_custody_record"
NAMES = {'collection_id': 'cado_s1_collection_id',
 'json_file': 'cado_s1_json_file',
 'html_file': 'cado_s1_html_file'}


class FunctionComponent(AppFunctionComponent):
    """Component that implements function 'cado_s1_get_custody_record'"""

    def __init__(self, opts):
        super(FunctionComponent, self).__init__(opts, PACKAGE_NAME)

    @app_function(FN_NAME)
    def _app_function(self, fn_inputs):
        yield self.status_message("Get custody record")
        section = self.opts.get(PACKAGE_NAME, {})
        outcome, reason = result("get_custody_record", section, fn_inputs._asdict(), NAMES)
        if reason:
            yield self.status_message(reason)
            yield FunctionResult(outcome, success=False, reason=reason)
        else:
            yield self.status_message(outcome["message"])
            yield FunctionResult(outcome)
