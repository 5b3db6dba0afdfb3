# -*- coding: utf-8 -*-
"""Search the timeline of an investigation's evidence."""

from cado_sentinelone_manifests.ibm_soar.presenter import result
from resilient_circuits import AppFunctionComponent, FunctionResult, app_function

PACKAGE_NAME = "fn_cado_sentinelone"
FN_NAME = "cado_s1_search_timeline"
NAMES = {'investigation': 'cado_s1_investigation',
 'query': 'cado_s1_query',
 'language': 'cado_s1_language',
 'limit': 'cado_s1_limit',
 'cursor': 'cado_s1_cursor'}


class FunctionComponent(AppFunctionComponent):
    """Component that implements function 'cado_s1_search_timeline'"""

    def __init__(self, opts):
        super(FunctionComponent, self).__init__(opts, PACKAGE_NAME)

    @app_function(FN_NAME)
    def _app_function(self, fn_inputs):
        yield self.status_message("Search timeline")
        section = self.opts.get(PACKAGE_NAME, {})
        outcome, reason = result("search_timeline", section, fn_inputs._asdict(), NAMES)
        if reason:
            yield self.status_message(reason)
            yield FunctionResult(outcome, success=False, reason=reason)
        else:
            yield self.status_message(outcome["message"])
            yield FunctionResult(outcome)
