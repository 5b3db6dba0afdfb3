"""Cado SentinelOne for Splunk SOAR; rendered, not written: change the actions instead."""

import phantom.app as phantom
from cado_sentinelone_manifests.splunk_soar.presenter import run
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector

ACTIONS = {'add_account': 'add_account',
 'add_exclusions': 'add_exclusions',
 'cancel_collection': 'cancel_collection',
 'cancel_fleet_collection': 'cancel_fleet_collection',
 'check_account': 'check_account',
 'create_investigation': 'create_investigation',
 'delete_account': 'delete_account',
 'enrich_endpoint': 'enrich_endpoint',
 'get_collection_output': 'get_collection_output',
 'get_custody_record': 'get_custody_record',
 'get_endpoint': 'get_endpoint',
 'get_findings': 'get_findings',
 'get_fleet_status': 'get_fleet_status',
 'get_task_status': 'get_task_status',
 'list_accounts': 'list_accounts',
 'list_collections': 'list_collections',
 'list_endpoints': 'list_endpoints',
 'list_exclusions': 'list_exclusions',
 'list_fleet_collections': 'list_fleet_collections',
 'list_fleet_endpoints': 'list_fleet_endpoints',
 'list_investigations': 'list_investigations',
 'pause_fleet_collection': 'pause_fleet_collection',
 'remove_exclusions': 'remove_exclusions',
 'resume_fleet_collection': 'resume_fleet_collection',
 'retry_fleet_collection': 'retry_fleet_collection',
 'run_collection': 'run_collection',
 'run_fleet_collection': 'run_fleet_collection',
 'search_timeline': 'search_timeline',
 'test_connectivity': 'test_connectivity'}


class CadoSentinelOneConnector(BaseConnector):
    """Hands each action over to the presenter."""

    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        action = ACTIONS.get(self.get_action_identifier())
        if action is None:
            words = f"there is no action {self.get_action_identifier()}"
            return result.set_status(phantom.APP_ERROR, words)
        if run(action, self.get_config(), param, result, self._tell):
            return phantom.APP_SUCCESS
        return phantom.APP_ERROR

    def _tell(self, line):
        # As an argument: the platform takes braces in the text itself for places to fill.
        self.save_progress("{}", line)
