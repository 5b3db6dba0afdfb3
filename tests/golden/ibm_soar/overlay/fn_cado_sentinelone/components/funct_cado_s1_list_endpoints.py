# -*- coding: utf-8 -*-
"""List the endpoints of the fleet and say of each whether it can be collected."""

from cado_sentinelone_manifests.ibm_soar.presenter import result
from resilient_circuits import AppFunctionComponent, FunctionResult, app_function

PACKAGE_NAME = "fn_cado_sentinelone"
FN_NAME = "cado_s1_list_endpoints"
NAMES = {'hostname_contains': 'cado_s1_hostname_contains',
 'os': 'cado_s1_list_endpoints_os',
 'site_ids': 'cado_s1_site_ids',
 'online_only': 'cado_s1_online_only',
 'query': 'cado_s1_query',
 'limit': 'cado_s1_limit',
 'page_size': 'cado_s1_page_size',
 'cursor': 'cado_s1_cursor',
 'source': 'cado_s1_source'}


class FunctionComponent(AppFunctionComponent):
    """Component that implements function 'cado_s1_list_endpoints'"""

    def __init__(self, opts):
        super(FunctionComponent, self).__init__(opts, PACKAGE_NAME)

    @app_function(FN_NAME)
    def _app_function(self, fn_inputs):
        yield self.status_message("List endpoints")
        section = self.opts.get(PACKAGE_NAME, {})
        outcome, reason = result("list_endpoints", section, fn_inputs._asdict(), NAMES)
        if reason:
            yield self.status_message(reason)
            yield FunctionResult(outcome, success=False, reason=reason)
        else:
            yield self.status_message(outcome["message"])
            yield FunctionResult(outcome)
